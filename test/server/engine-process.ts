import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Carries nothing but these headers. */
  bare?: boolean;
}

const entry = join(import.meta.dirname, '..', '..', 'main', 'server', 'engine.ts');

/** A real engine in a process of its own, spoken to over its socket or port. */
export class EngineProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly secret: string;
  /** Its settings and logs, and its socket. */
  readonly folder: string;
  readonly socket: string;
  port = 0;
  /** What requests carry unless they say otherwise. */
  headers: Record<string, string>;
  errors = '';
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  private constructor(child: ChildProcessWithoutNullStreams, secret: string, folder: string, socket: string) {
    this.child = child;
    this.secret = secret;
    this.folder = folder;
    this.socket = socket;
    this.headers = { 'x-isochromat-window': '1' };
    child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  /** Starts an engine and waits until it is ready. `before`: a program that starts it, as `strace`. */
  static async start(
    mode: 'desktop' | 'browser',
    options: { arguments?: string[]; before?: string[]; environment?: Record<string, string> } = {},
  ): Promise<EngineProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-engine-'));
    const run = join(folder, 'run');
    mkdirSync(run);
    chmodSync(run, 0o700);
    const socket = join(run, 'engine.sock');
    const listen = mode === 'desktop' ? ['--socket', socket] : ['--port', '0'];
    const command = [...(options.before ?? []), process.execPath, entry, ...listen, ...(options.arguments ?? [])];
    const child = spawn(command[0]!, command.slice(1), {
      env: {
        ...process.env,
        ISOCHROMAT_CONFIG_DIR: join(folder, 'config'),
        ISOCHROMAT_LOG_DIR: join(folder, 'log'),
        ...options.environment,
      },
    });
    const secret = randomBytes(32).toString('hex');
    child.stdin.on('error', () => {});
    child.stdin.write(`${JSON.stringify({ secret, mode })}\n`);
    const engine = new EngineProcess(child, secret, folder, socket);
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([
      once(lines, 'line').then(([text]) => text as string),
      once(child, 'exit').then(() => {
        throw new Error(`The engine ended before it was ready: ${engine.errors}`);
      }),
    ]);
    const ready = JSON.parse(line) as { ready: boolean; port?: number };
    engine.port = ready.port ?? 0;
    return engine;
  }

  ask(path: string, asked: Asked = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.open(path, asked, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({ status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(chunks) }),
        );
      }).on('error', reject);
    });
  }

  /** The answer as it comes, for streams. */
  open(
    path: string,
    { method = 'GET', headers = {}, body, bare = false }: Asked,
    on: (reply: IncomingMessage) => void,
  ): ClientRequest {
    const where = this.port === 0 ? { socketPath: this.socket } : { host: '127.0.0.1', port: this.port };
    const outgoing = httpRequest(
      { ...where, path, method, agent: this.agent, headers: bare ? headers : { ...this.headers, ...headers } },
      on,
    );
    outgoing.end(body);
    return outgoing;
  }

  /** Calls a query; what it refuses is thrown as its error. */
  async query<T>(procedure: string, input?: unknown): Promise<T> {
    const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return resultOf<T>(await this.ask(`/api/${procedure}${search}`));
  }

  async mutate<T>(procedure: string, input?: unknown): Promise<T> {
    return resultOf<T>(
      await this.ask(`/api/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: input === undefined ? '' : JSON.stringify(input),
      }),
    );
  }

  /** Tokens for paths, as the shell asks for them. */
  async tokens(...paths: string[]): Promise<string[]> {
    const { body } = await this.ask('/shell/paths', {
      method: 'POST',
      headers: { authorization: `Bearer ${this.secret}`, 'content-type': 'application/json' },
      bare: true,
      body: JSON.stringify({ paths }),
    });
    return (JSON.parse(body.toString()) as { tokens: { token: string }[] }).tokens.map(({ token }) => token);
  }

  /** In the browser: exchanges the one-time token for the cookie. */
  async logIn(): Promise<void> {
    const { headers } = await this.ask(`/?token=${this.secret}`, {
      headers: { host: `127.0.0.1:${this.port}` },
      bare: true,
    });
    const [cookie = ''] = headers['set-cookie'] ?? [];
    const host = `127.0.0.1:${this.port}`;
    this.headers = { host, origin: `http://${host}`, cookie: cookie.split(';')[0]! };
  }

  /** Ends it as its parent does, and returns its exit code. */
  async stop(): Promise<number | null> {
    this.agent.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.stdin.end();
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
    return this.child.exitCode;
  }
}

function resultOf<T>({ body, status }: Answer): T {
  const answer = JSON.parse(body.toString()) as {
    result?: { data: T };
    error?: { data: { error: { sentence: string } } };
  };
  if (answer.error === undefined && status === 200) return answer.result!.data;
  const told = answer.error?.data?.error ?? (answer as unknown as { sentence: string });
  throw Object.assign(new Error(told.sentence), told);
}
