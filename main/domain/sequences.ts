/** The MRI sequences of the method, in the order in which tables list them and models number them. */
export const SEQUENCES = ['AXFLAIR', 'AXT1', 'AXT1POST', 'AXT1PRE', 'AXT2'] as const;
export type Sequence = (typeof SEQUENCES)[number];

export function isSequence(name: string): name is Sequence {
  return (SEQUENCES as readonly string[]).includes(name);
}

/** Class index of a sequence in every conditioned model. */
export function sequenceIndex(sequence: Sequence): number {
  return SEQUENCES.indexOf(sequence);
}
