import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { IsochromatError } from '../domain/errors.ts';
import { openLog } from '../server/log.ts';
import { runEngine } from '../server/run-engine.ts';
import { action, command, wholeNumber } from './command.ts';

/** `serve [STUDY] [--port N] [--no-open]` */
export function serveCommand(): Command {
  return command('serve', 'show the application in the browser of this machine; nobody else can reach it')
    .argument('[study]', 'folder of the study to open')
    .option('--port <n>', 'port of 127.0.0.1 (default: any that is free)', wholeNumber(1, 65535))
    .option('--no-open', 'only print the address, do not open the browser')
    .action(
      action<{ port?: number; open: boolean; verbose?: boolean }>(async ([study], { port, open, verbose }, context) => {
        const renderer = join(import.meta.dirname, '..', '..', 'build', 'renderer');
        if (!existsSync(join(renderer, 'index.html'))) throw notBuilt();
        const secret = randomBytes(32).toString('hex');
        const log = openLog(verbose === true);
        const engine = await runEngine({ mode: 'browser', secret, listen: { port: port ?? 0 }, log, renderer });
        try {
          if (study !== undefined) await engine.state.open(study);
          const address = `http://127.0.0.1:${(engine.address as { port: number }).port}/?token=${secret}`;
          process.stderr.write(`${address}\nThis address works once. Ctrl-C ends.\n`);
          if (open) openBrowser(address);
          await untilStopped(context.signal);
        } finally {
          await engine.close();
        }
        return { value: { ended: true }, text: 'Ended.' };
      }),
    );
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** By the system's own opener; where there is none, the printed address has to do. */
function openBrowser(address: string): void {
  const [program, args] =
    process.platform === 'win32'
      ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
      : process.platform === 'darwin'
        ? ['open', [address]]
        : ['xdg-open', [address]];
  spawn(program as string, args as string[], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function notBuilt(): IsochromatError {
  return new IsochromatError({
    code: 'window-not-built',
    sentence: 'The pages of the application have not been built.',
    remedy: 'Run "npm start" in the folder of Isochromat once; it builds them.',
  });
}
