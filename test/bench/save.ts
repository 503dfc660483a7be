import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine } from './machine.ts';

const folder = fileURLToPath(new URL('./results', import.meta.url));

/** Keeps a result as `results/<name>-<date>.json`, with the machine and the time of day; a later one of that day stands beside it. */
export function save(name: string, result: object, when: Date): string {
  mkdirSync(folder, { recursive: true });
  const stamp = when.toISOString().slice(0, 16).replace(':', '');
  const path = join(folder, `${name}-${stamp}.json`);
  const document = { name, measured: when.toISOString(), machine: machine(), ...result };
  writeFileSync(path, `${JSON.stringify(document, rounded, 2)}\n`);
  return path;
}

/** Figures with as many digits as they deserve. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
