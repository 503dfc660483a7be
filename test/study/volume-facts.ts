import { createHash } from 'node:crypto';
import type { VolumeFacts } from '../../main/study/index.ts';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Facts of a small volume; `name` stands for its content too. */
export function facts(name: string, more: Partial<VolumeFacts> = {}): VolumeFacts {
  return {
    name,
    sourceKey: sha256(name).slice(0, 16),
    sourceSha256: sha256(name),
    sourceIndex: 0,
    sourceBytes: 1000,
    sourceFormat: 'fastmri',
    sequence: 'AXT2',
    sequenceSource: 'header',
    tissueClass: 'unlabeled',
    classReason: 'never reviewed',
    patient: null,
    site: null,
    scanner: null,
    purpose: 'training',
    slices: 2,
    rows: 8,
    columns: 6,
    coils: 4,
    hasPhase: true,
    originalRows: 8,
    originalColumns: 6,
    facialSlices: null,
    info: {},
    ...more,
  };
}
