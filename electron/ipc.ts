import * as z from 'zod/mini';
import { APPLICATION_ORIGIN, REQUESTS } from './bridge.ts';
import { choosePaths, chooseRequest } from './dialogs.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineProcess } from './engine-process.ts';
import { answerPage } from './security.ts';
import type { MainWindow } from './window.ts';

/** As many as a person can drop; longer than any path of any system. */
const droppedPaths = z.array(z.string().check(z.minLength(1), z.maxLength(32_767))).check(z.maxLength(10_000));

export interface IpcParts {
  engine: EngineProcess;
  client: EngineClient;
  main: MainWindow;
  showDiagnostics: () => void;
}

/** Answers what the window may ask (bridge.ts), and nothing else. */
export function answerTheWindow({ engine, client, main, showDiagnostics }: IpcParts): void {
  const answer = (channel: string, reply: (message: unknown) => unknown): void =>
    answerPage(channel, APPLICATION_ORIGIN, reply);

  answer(REQUESTS.choose, async (message) => {
    const request = chooseRequest.parse(message);
    if (main.window === undefined) return [];
    const paths = await choosePaths(main.window, request);
    return client.tokens(paths, { isNew: request.purpose === 'save' });
  });
  // A File that the page made itself has no path: it is not something that was dropped.
  answer(REQUESTS.dropped, (message) => client.tokens(droppedPaths.parse(withoutEmpty(message))));
  answer(REQUESTS.listening, () => main.listens());
  answer(REQUESTS.engineState, () => engine.state);
  answer(REQUESTS.restartEngine, () => engine.start());
  answer(REQUESTS.showDiagnostics, () => showDiagnostics());
}

function withoutEmpty(message: unknown): unknown {
  return Array.isArray(message) ? message.filter((path) => path !== '') : message;
}
