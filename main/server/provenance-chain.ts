import type { Study } from '../study/index.ts';
import type { ProvenanceStep } from './wire.ts';

/** A patch set rests on thousands of volumes: beyond this many steps a chain is cut. */
const MOST_STEPS = 500;

/** Where an item came from: itself first, then what it was made from, what that was made from, and so on. */
export function provenanceChain(study: Study, item: string): ProvenanceStep[] {
  const steps: ProvenanceStep[] = [];
  const seen = new Set([item]);
  for (const queue = [item]; queue.length > 0 && steps.length < MOST_STEPS;) {
    const step = provenanceStep(study, queue.shift()!);
    steps.push(step);
    for (const { id } of step.inputs) {
      if (seen.has(id) || !study.items.exists(id)) continue;
      seen.add(id);
      queue.push(id);
    }
  }
  return steps;
}

/** @throws IsochromatError `no-such-item` */
export function provenanceStep(study: Study, item: string): ProvenanceStep {
  const { inputs, configuration, codeVersion, backend, device, seed } = study.provenance(item);
  const row = study.catalogue.one<{ kind: string; created: string; sha256: string }>(
    'SELECT kind, created, sha256 FROM items WHERE id = ?',
    item,
  )!;
  return {
    ...row,
    item,
    configuration,
    codeVersion,
    backend: backend ?? null,
    device: device ?? null,
    seed: seed === undefined ? null : String(seed),
    inputs,
  };
}

/** Living items that were made from this one, directly first, then from those. */
export function usedBy(study: Study, item: string): { id: string; kind: string }[] {
  const found: { id: string; kind: string }[] = [];
  const seen = new Set([item]);
  for (const queue = [item]; queue.length > 0 && found.length < MOST_STEPS;) {
    for (const id of study.items.dependants(queue.shift()!)) {
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(id);
      const { kind } = study.catalogue.one<{ kind: string }>('SELECT kind FROM items WHERE id = ?', id)!;
      found.push({ id, kind });
    }
  }
  return found;
}
