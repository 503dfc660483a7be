import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Events, NumberedEvent } from '../events.ts';

/** A client that does not read is cut off when this much waits for it; it comes back and resumes. */
const MOST_WAITING_BYTES = 1 << 20;
const HEARTBEAT_MS = 15_000;
const MOST_STREAMS = 64;

/** The streams of `/events`. Ids are `<life>.<number>`: an id of an engine that has ended is a gap. */
export class EventStreams {
  private readonly events: Events;
  private readonly life = randomBytes(6).toString('hex');
  private readonly open = new Set<ServerResponse>();

  constructor(events: Events) {
    this.events = events;
  }

  get count(): number {
    return this.open.size;
  }

  /**
   * Turns a response into a stream: first what was missed since `last`, or word that too much was, then everything as it happens.
   * @returns false when there are too many
   */
  start(response: ServerResponse, last: string | undefined, headers: Readonly<Record<string, string>>): boolean {
    if (this.open.size >= MOST_STREAMS) return false;
    this.open.add(response);
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const missed = this.missed(last);
    for (const event of missed ?? []) this.write(response, event);
    if (missed === undefined) this.say(response, 'gap');
    else this.say(response, 'ready');
    const stop = this.events.listen((event) => this.write(response, event));
    const heartbeat = setInterval(() => response.write(': \n\n'), HEARTBEAT_MS);
    heartbeat.unref();
    response
      .on('error', () => {})
      .on('close', () => {
        stop();
        clearInterval(heartbeat);
        this.open.delete(response);
      });
    return true;
  }

  endAll(): void {
    for (const response of this.open) {
      this.say(response, 'closing');
      response.end();
    }
  }

  /** undefined = more was missed than is kept; a client that never was here has missed nothing. */
  private missed(last: string | undefined): NumberedEvent[] | undefined {
    if (last === undefined || last === '') return [];
    const [life, number] = last.split('.');
    return life === this.life && /^\d+$/.test(number ?? '') ? this.events.since(Number(number)) : undefined;
  }

  private write(response: ServerResponse, { id, kind, data }: NumberedEvent): void {
    response.write(`id: ${this.life}.${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
  }

  /** Of the stream itself; it has the number of the newest event, after which to resume. */
  private say(response: ServerResponse, state: 'ready' | 'gap' | 'closing'): void {
    this.write(response, { id: this.events.newest, kind: 'engine', data: { state } });
  }
}
