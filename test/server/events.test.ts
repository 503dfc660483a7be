import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Events } from '../../main/server/events.ts';
import { EngineProcess } from './engine-process.ts';

const progress = (done: number) =>
  ({ kind: 'progress', data: { task: 'scan-1', stage: 'Reading', done, total: 100_000 } }) as const;

describe('what is kept of events', () => {
  test('tells what was missed, and says where that is more than is kept', () => {
    const events = new Events(5);
    expect(events.since(0)).toEqual([]);
    for (let i = 1; i <= 8; i++) events.emit(progress(i));
    expect(events.since(8)).toEqual([]);
    expect(events.since(6)!.map(({ id }) => id)).toEqual([7, 8]);
    expect(events.since(3)!.map(({ id }) => id)).toEqual([4, 5, 6, 7, 8]);
    expect(events.since(2)).toBeUndefined();
    expect(events.since(9)).toBeUndefined();
  });

  test('does not grow, whatever happens', () => {
    const events = new Events(100);
    for (let i = 0; i < 10_000; i++) events.emit(progress(i));
    expect(events.since(9_900)).toHaveLength(100);
    expect(events.since(9_899)).toBeUndefined();
  });

  test('is told to all who listen, until they stop', () => {
    const events = new Events();
    const heard: number[] = [];
    const stop = events.listen(({ id }) => heard.push(id));
    events.emit(progress(1));
    stop();
    events.emit(progress(2));
    expect(heard).toEqual([1]);
  });
});

describe('the stream of events', () => {
  let engine: EngineProcess;
  beforeAll(async () => {
    engine = await EngineProcess.start('desktop');
  });
  afterAll(() => engine.stop());

  /** Something that makes an event: settings that a second later are read back would not; an empty scan does. */
  const something = async (): Promise<{ over: () => Promise<void> }> => {
    const paths = await engine.tokens(engine.folder);
    const asked = await engine.mutate<{ task: string }>('intake.inspect', { paths });
    const running = async (): Promise<boolean> =>
      (await engine.query<{ state: string }>('intake.found', asked)).state === 'running';
    return {
      over: async () => {
        while (await running()) await new Promise((resolve) => setTimeout(resolve, 50));
      },
    };
  };

  test('begins with word that it is there, brings what happens, and goes on after a gap where it ended', async () => {
    const first = await stream(engine);
    expect(await first.next()).toMatchObject({ event: 'engine', data: { state: 'ready' } });
    await something();
    const ended = await first.until(({ data }) => data['ended'] === true);
    expect(ended).toMatchObject({ event: 'progress' });
    first.close();
    const { over } = await something();
    await over();
    const second = await stream(engine, { 'last-event-id': ended.id });
    const missed = await second.until(({ data }) => data['ended'] === true);
    expect(Number(missed.id.split('.')[1])).toBeGreaterThan(Number(ended.id.split('.')[1]));
    expect(await second.until(({ event }) => event === 'engine')).toMatchObject({ data: { state: 'ready' } });
    second.close();
  });

  test('says that there is a gap to who was with an engine before this one, or says nonsense', async () => {
    for (const id of ['0123456789ab.5', 'nonsense', '5']) {
      const one = await stream(engine, {}, `?since=${id}`);
      expect(await one.next()).toMatchObject({ event: 'engine', data: { state: 'gap' } });
      one.close();
    }
  });

  test('is not kept open for a crowd', async () => {
    const all = await Promise.all(Array.from({ length: 70 }, () => stream(engine)));
    expect(all.filter(({ status }) => status === 503)).toHaveLength(6);
    for (const one of all) one.close();
  });

  test('tells that the engine is closing', async () => {
    const other = await EngineProcess.start('desktop');
    const one = await stream(other);
    await one.next();
    const last = one.until(({ data }) => data['state'] === 'closing');
    other.child.stdin.end();
    expect(await last).toMatchObject({ event: 'engine' });
    await other.stop();
  });

  test('ends for a reader that opens it and goes away in the middle of a line', async () => {
    for (let i = 0; i < 20; i++) {
      const line = connect(engine.socket);
      line.write('GET /events HTTP/1.1\r\nhost: isochromat\r\nx-isochromat-window: 1\r\n\r\n');
      await new Promise((resolve) => line.once('data', resolve));
      line.destroy();
    }
    // As soon as the engine has seen them go, a whole crowd finds its places.
    for (let served = 0; served < 64;) {
      const all = await Promise.all(Array.from({ length: 64 }, () => stream(engine)));
      served = all.filter(({ status }) => status === 200).length;
      for (const one of all) one.close();
    }
  });
});

interface Message {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

interface Stream {
  status: number;
  next(): Promise<Message>;
  until(wanted: (message: Message) => boolean): Promise<Message>;
  close(): void;
}

function stream(engine: EngineProcess, headers: Record<string, string> = {}, search = ''): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = engine.open(`/events${search}`, { headers }, (reply: IncomingMessage) => {
      const waiting: Message[] = [];
      let wake: (() => void) | undefined;
      let rest = '';
      reply.on('error', () => {});
      reply.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString()).split('\n\n');
        rest = parts.pop()!;
        for (const part of parts) {
          const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s))) as Record<
            string,
            string
          >;
          if (fields['data'] === undefined) continue;
          waiting.push({
            id: fields['id']!,
            event: fields['event']!,
            data: JSON.parse(fields['data']) as Message['data'],
          });
        }
        wake?.();
      });
      const next = async (): Promise<Message> => {
        while (waiting.length === 0) await new Promise<void>((done) => (wake = done));
        return waiting.shift()!;
      };
      resolve({
        status: reply.statusCode!,
        next,
        until: async (wanted) => {
          for (;;) {
            const message = await next();
            if (wanted(message)) return message;
          }
        },
        close: () => request.destroy(),
      });
    });
    request.on('error', reject);
  });
}
