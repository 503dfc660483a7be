// The engine's process: node engine.ts (--socket PATH | --port N) [--study DIR] [--renderer DIR]
// Its first line of standard input is {"secret": "…", "mode": "desktop" | "browser"}; when that input ends, the engine ends in order.
// It says {"ready":true,"socket":PATH} or {"ready":true,"port":N} on standard output; whatever else it has to say goes to the log.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { asIsochromatError, IsochromatError } from '../domain/errors.ts';
import { openLog } from './log.ts';
import { runEngine } from './run-engine.ts';
import type { RunningEngine } from './run-engine.ts';

const GREETING = z.object({ secret: z.string().regex(/^[\w-]{32,200}$/), mode: z.enum(['desktop', 'browser']) });
/** Milliseconds until the first line has to be there. */
const PATIENCE = 30_000;

const log = openLog(process.env['ISOCHROMAT_VERBOSE'] === '1');
let engine: RunningEngine | undefined;
let ending = false;

const input = createInterface({ input: process.stdin });
const greeting = new Promise<string>((resolve, reject) => {
  input.once('line', resolve);
  input.once('close', () => reject(usage('Standard input ended before the secret was said.')));
  setTimeout(() => reject(usage('Nobody has said the secret.')), PATIENCE).unref();
});
input.on('close', () => void end(0));
process.on('SIGTERM', () => void end(0)).on('SIGINT', () => void end(0));
// Nobody reads them any more once the parent is gone; an error of theirs would be said on them again, without end.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
process.on('uncaughtException', (thrown) => void fail(thrown)).on('unhandledRejection', (thrown) => void fail(thrown));

try {
  const { socket, port, study, renderer } = parseArgs({
    options: {
      socket: { type: 'string' },
      port: { type: 'string' },
      study: { type: 'string' },
      renderer: { type: 'string' },
    },
  }).values;
  if ((socket === undefined) === (port === undefined)) throw usage('Say either --socket or --port.');
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw usage('A port is a number.');
  const said = GREETING.safeParse(parsed(await greeting));
  if (!said.success) throw usage('The first line of standard input is not a secret and a mode.');
  engine = await runEngine({
    ...said.data,
    listen: socket === undefined ? { port: Number(port) } : { socket },
    log,
    renderer: renderer ?? join(import.meta.dirname, '..', '..', 'build', 'renderer'),
  });
  if (ending) await engine.close();
  else {
    if (study !== undefined) {
      // A study that cannot be opened is no reason not to start: the window says why, and offers others.
      await engine.state.open(study).catch((thrown: unknown) => log.error({ err: thrown }, 'study not opened'));
    }
    process.stdout.write(`${JSON.stringify({ ready: true, ...engine.address })}\n`);
  }
} catch (thrown) {
  if (!ending) await fail(thrown);
}

/** Ends in order: jobs stop at a checkpoint first. A second wish ends at once. */
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  try {
    await engine?.close();
  } catch (thrown) {
    log.error({ err: thrown }, 'engine did not end in order');
  }
  process.exit(code);
}

async function fail(thrown: unknown): Promise<void> {
  log.fatal({ err: thrown }, 'engine failed');
  process.stderr.write(`${asIsochromatError(thrown).message}\n`);
  await end(1);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function usage(sentence: string): IsochromatError {
  return new IsochromatError({ code: 'usage', sentence });
}
