import type { TissueClass } from '../domain/tissue.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { Study } from './study.ts';
import type { Volume, VolumePurpose } from './volumes.ts';

/** A correction that somebody made. */
export interface VolumeChange {
  when: string;
  what: 'class' | 'sequence' | 'purpose' | 'facial slices' | 'tags' | 'notes';
  from: string | null;
  to: string | null;
  reason: string | null;
}

export interface VolumeCorrection {
  sequence?: Sequence;
  /** null = kept out of training. */
  tissueClass?: TissueClass | null;
  /** One that becomes external without a range of facial slices gets the suggested one. */
  purpose?: VolumePurpose;
  /** `suggested`: what was found when it was imported; where nothing was, the range stays as it is. */
  facialSlices?: readonly [first: number, last: number] | 'suggested' | null;
  tags?: readonly string[];
  notes?: string;
  reason?: string;
}

/**
 * Corrects what is known of a volume and records what it was, what it became and why, all or nothing.
 * @throws IsochromatError `no-such-item`, `slice-range`, `volume-in-patches`
 */
export function correctVolume(study: Study, id: string, correction: VolumeCorrection): void {
  const { reason } = correction;
  study.transaction(() => {
    const before = study.volumes.get(id);
    const record = (what: VolumeChange['what'], from: string | null, to: string | null): boolean => {
      if (from === to) return false;
      study.catalogue.run(
        'INSERT INTO volume_changes (volume, changed, what, before, after, reason) VALUES (?, ?, ?, ?, ?, ?)',
        id,
        study.items.now(),
        what,
        from,
        to,
        reason ?? null,
      );
      return true;
    };
    const { sequence, tissueClass, purpose, tags, notes } = correction;
    const facialSlices = facialSlicesOf(before, correction);
    if (sequence !== undefined && record('sequence', before.sequence, sequence)) {
      study.volumes.setSequence(id, sequence);
    }
    if (tissueClass !== undefined && record('class', before.tissueClass, tissueClass)) {
      study.volumes.setClass(id, tissueClass, reason ?? 'Set by the user.');
    }
    if (purpose !== undefined && record('purpose', before.purpose, purpose)) study.volumes.setPurpose(id, purpose);
    if (
      facialSlices !== undefined &&
      record('facial slices', rangeText(before.facialSlices), rangeText(facialSlices))
    ) {
      study.volumes.setFacialSlices(id, facialSlices);
    }
    if (tags !== undefined) {
      const wanted = [...new Set(tags)].sort();
      if (record('tags', volumeTags(study, id).join(', ') || null, wanted.join(', ') || null))
        setTags(study, id, wanted);
    }
    if (notes !== undefined && record('notes', volumeNotes(study, id) || null, notes || null)) {
      study.catalogue.run(
        'INSERT INTO volume_notes (volume, notes) VALUES (?, ?) ON CONFLICT (volume) DO UPDATE SET notes = excluded.notes',
        id,
        notes,
      );
    }
  });
}

/** Which slices of an axial volume seem to show the face, as found when it was imported; null = none, or nothing could be said. */
export function suggestedFacialSlices({ info, slices }: Volume): readonly [first: number, last: number] | null {
  const suggested = info['suggestedFacialSlices'];
  if (!Array.isArray(suggested) || suggested.length !== 2) return null;
  const [first, last] = suggested as [number, number];
  return first >= 0 && first <= last && last < slices ? [first, last] : null;
}

function facialSlicesOf(
  before: Volume,
  { purpose, facialSlices }: VolumeCorrection,
): readonly [number, number] | null | undefined {
  if (facialSlices === 'suggested') return suggestedFacialSlices(before) ?? before.facialSlices;
  const becomesExternal = purpose === 'external' && before.purpose !== 'external';
  if (facialSlices === undefined && becomesExternal && before.facialSlices === null) {
    return suggestedFacialSlices(before);
  }
  return facialSlices;
}

/** In alphabetical order. */
export function volumeTags(study: Study, id: string): string[] {
  return study.catalogue
    .all<{ tag: string }>('SELECT tag FROM volume_tags WHERE volume = ? ORDER BY tag', id)
    .map(({ tag }) => tag);
}

export function volumeNotes(study: Study, id: string): string {
  return study.catalogue.one<{ notes: string }>('SELECT notes FROM volume_notes WHERE volume = ?', id)?.notes ?? '';
}

/** Corrections of a volume, oldest first. */
export function volumeChanges(study: Study, id: string): VolumeChange[] {
  return study.catalogue
    .all('SELECT changed, what, before, after, reason FROM volume_changes WHERE volume = ? ORDER BY id', id)
    .map((row) => ({
      when: row['changed'] as string,
      what: row['what'] as VolumeChange['what'],
      from: row['before'] as string | null,
      to: row['after'] as string | null,
      reason: row['reason'] as string | null,
    }));
}

function setTags(study: Study, id: string, tags: readonly string[]): void {
  study.catalogue.run('DELETE FROM volume_tags WHERE volume = ?', id);
  for (const tag of tags) study.catalogue.run('INSERT INTO volume_tags (volume, tag) VALUES (?, ?)', id, tag);
}

function rangeText(range: readonly [number, number] | null): string | null {
  return range === null ? null : `${range[0]}–${range[1]}`;
}
