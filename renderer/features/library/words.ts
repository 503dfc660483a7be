import { messages } from '../../messages/en/index.ts';
import type { Facet } from './query.ts';

const m = messages.library;

/** A facet's value in words. */
export function valueText(facet: Facet, value: string | null): string {
  if (value === null) {
    if (facet === 'tissueClass') return m.excluded;
    return facet === 'split' ? m.noSplit : m.unknown;
  }
  if (facet === 'hasPhase') return value === 'yes' ? m.complex : m.magnitudeOnly;
  if (facet === 'annotated') return value === 'yes' ? m.annotated : m.notAnnotated;
  const words: Partial<Record<Facet, Record<string, string>>> = {
    tissueClass: m.classes,
    split: m.splits,
    purpose: m.purposes,
  };
  return words[facet]?.[value] ?? value;
}

/** The mark beside a class: shape and color say the same. */
export function classKind(tissueClass: string | null): 'good' | 'warning' | 'neutral' | 'bad' {
  if (tissueClass === 'normal') return 'good';
  if (tissueClass === 'abnormal') return 'warning';
  return 'neutral';
}
