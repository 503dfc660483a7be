import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PickedPath } from '../../main/server/contract.ts';

const script = join(import.meta.dirname, '..', '..', 'main', 'server', 'engine.ts');

export interface EngineHome {
  /** Where settings and recent studies are kept. */
  config: string;
  log: string;
  renderer: string;
  study?: string;
}

/** A real engine, as the desktop starts one: on a socket of its own, with a secret said on its input. */
export class TestEngine {
  readonly socket: string;
  private readonly secret: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, socket: string, secret: string) {
    this.child = child;
    this.socket = socket;
    this.secret = secret;
  }

  static async start({ config, log, renderer, study }: EngineHome): Promise<TestEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'iso-'));
    chmodSync(folder, 0o700);
    for (const place of [config, log]) mkdirSync(place, { recursive: true });
    const socket = join(folder, 's');
    const secret = randomBytes(32).toString('hex');
    const args = [
      script,
      '--socket',
      socket,
      '--renderer',
      renderer,
      ...(study === undefined ? [] : ['--study', study]),
    ];
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ISOCHROMAT_CONFIG_DIR: config, ISOCHROMAT_LOG_DIR: log },
    });
    child.stdin!.write(`${JSON.stringify({ secret, mode: 'desktop' })}\n`);
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', () => resolve());
      child.once('exit', (code) => reject(new Error(`The engine ended with ${code} before it was ready.`)));
    });
    return new TestEngine(child, socket, secret);
  }

  /** What a dialog of the desktop would give for these paths. */
  async tokens(paths: readonly string[]): Promise<PickedPath[]> {
    const answer = await this.post('/shell/paths', { paths });
    return (answer as { tokens: PickedPath[] }).tokens;
  }

  private post(path: string, body: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.secret}`, 'content-type': 'application/json' };
      const call = request({ socketPath: this.socket, path, method: 'POST', headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString()) as unknown));
      });
      call.on('error', reject).end(JSON.stringify(body));
    });
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.ended(() => this.child.kill('SIGKILL'));
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    await this.ended(() => this.child.stdin!.end());
  }

  private ended(end: () => void): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      end();
    });
  }
}
