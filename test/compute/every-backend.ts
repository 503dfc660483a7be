import { beforeAll, describe } from 'vitest';
import type { BackendCandidate } from '../../main/compute/backends/candidate.ts';
import { cpuSimd } from '../../main/compute/backends/cpu-simd.ts';
import { javascript } from '../../main/compute/backends/javascript.ts';
import { tensorflowCpu } from '../../main/compute/backends/tensorflow.ts';
import { wasm } from '../../main/compute/backends/wasm.ts';

const candidates: BackendCandidate[] = [javascript, wasm, cpuSimd, tensorflowCpu];

/** A suite that runs once on every backend that works on this machine; the others are shown as skipped, with the reason. */
export async function describeOnEveryBackend(name: string, body: (backend: string) => void): Promise<void> {
  for (const candidate of candidates) {
    const title = `${name}, on ${candidate.name}`;
    const reason = await whyNot(candidate);
    if (reason !== null) {
      describe.skip(`${title} [skipped: ${reason}]`, () => body(candidate.name));
      continue;
    }
    describe(title, () => {
      beforeAll(async () => {
        await candidate.activate();
      });
      body(candidate.name);
    });
  }
}

async function whyNot(candidate: BackendCandidate): Promise<string | null> {
  try {
    await candidate.activate();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
