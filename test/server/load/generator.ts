import { createConnection } from 'node:net';

// Asks a server for arrays, so many at a time, in a process of its own: what it costs to ask is not to delay the answers.
//   node generator.ts '{"socket": PATH, "paths": [PATH, …], "requests": N, "inFlight": N}'
// Prints {"milliseconds": [of each request], "seconds": of all}. It speaks just as much HTTP as is needed, and throws away what it reads.

export interface Load {
  socket: string;
  /** Asked for in turn. */
  paths: readonly string[];
  requests: number;
  /** Connections, each with one request on its way at any time. */
  inFlight: number;
}

export interface LoadTimes {
  /** From writing a request to the last byte of its answer, of each request that counts. */
  milliseconds: number[];
  /** From the first request that counts to the last answer. */
  seconds: number;
}

/** Answers of each connection that are not counted: what it takes to be connected, and for both programs to warm up, is no waiting of a window. */
const WARM = 2;

/** Bytes of an answer's head, at most. */
const LONGEST_HEAD = 2048;

const { socket, paths, requests, inFlight } = JSON.parse(process.argv[2]!) as Load;
const milliseconds: number[] = [];
/** What is read is not kept: one place for all. */
const scratch = new Uint8Array(256 * 1024);
let [turn, counted] = [0, 0];
/** When the first request that counts was written. */
let first = Infinity;

function connect(): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = 0;
    let path = '';
    let begun = 0;
    let head = '';
    /** Bytes of the answer that are still to come; negative: its head is not whole yet. */
    let missing = -1;
    const ask = (): void => {
      if (counted >= requests) return void line.end(resolve);
      path = paths[turn++ % paths.length]!;
      [head, missing, begun] = ['', -1, performance.now()];
      if (++asked > WARM) {
        counted += 1;
        first = Math.min(first, begun);
      }
      line.write(`GET ${path} HTTP/1.1\r\nhost: isochromat\r\nx-isochromat-window: 1\r\n\r\n`);
    };
    const read = (length: number): void => {
      if (missing >= 0) missing -= length;
      else {
        // No more than a head can have: a string of all that was read would be a large object, which costs V8 more than the request.
        const before = head.length;
        head += Buffer.from(scratch.buffer, 0, Math.min(length, LONGEST_HEAD)).toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const bytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        if (!head.startsWith('HTTP/1.1 200 ') || !(bytes > 0)) return refuse(`${path}: ${head.slice(0, end)}`);
        missing = bytes - (before + length - end - 4);
      }
      if (missing > 0) return;
      if (asked > WARM) milliseconds.push(performance.now() - begun);
      ask();
    };
    const refuse = (why: string): void => {
      line.destroy();
      reject(new Error(why));
    };
    const line = createConnection({
      path: socket,
      onread: {
        buffer: scratch,
        callback: (length: number) => {
          read(length);
          return true;
        },
      },
    });
    line.on('connect', ask).on('error', reject);
    line.on('close', () => counted < requests && reject(new Error(`${path}: the connection was closed`)));
  });
}

await Promise.all(Array.from({ length: inFlight }, connect));
const seconds = (performance.now() - first) / 1000;
process.stdout.write(JSON.stringify({ milliseconds, seconds } satisfies LoadTimes));
