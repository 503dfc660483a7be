import { IsochromatError } from '../../domain/errors.ts';
import { TISSUE_CLASSES } from '../../domain/tissue.ts';
import type { TissueClass } from '../../domain/tissue.ts';
import type { TextTable } from './csv.ts';
import { withoutExtension } from './rows.ts';
import type { RowProblem } from './rows.ts';

/** What a volume counts as: a class, or `excluded`: kept out. */
export type VolumeLabel = TissueClass | 'excluded';
export const VOLUME_LABELS = [...TISSUE_CLASSES, 'excluded'] as const;

/** Which columns of a table hold what, and what each of its words means. */
export interface LabelMapping {
  /** Column that names the volume: its file, its series, or its id in the study. */
  volume: string;
  label: string;
  /** By the table's own words; a word that is not here is not understood. */
  values: Readonly<Record<string, VolumeLabel>>;
}

export interface LabelledRow {
  line: number;
  volume: string;
  /** As the table says it. */
  text: string;
  label: VolumeLabel;
}

const VOLUME_TITLES = [/^(volume|file|scan|image|series|case)(_?(id|name|uid))?$/i, /file|volume|scan|series|^id$/i];
const LABEL_TITLES = [/^(label|class|diagnosis|status|truth|target)$/i, /label|class|diagnos|abnormal|patholog/i];
const WORDS: readonly (readonly [RegExp, VolumeLabel])[] = [
  [/^(normal|healthy|control|negative|neg|no|false|0)$/i, 'normal'],
  [/^(abnormal|pathological|patholog(y|ic)|lesion|positive|pos|yes|true|1)$/i, 'abnormal'],
  [/^(unlabell?ed|unknown|\?|n\/?a)$/i, 'unlabeled'],
  [/^(excluded?|leave out)$/i, 'excluded'],
];

/** Proposes columns by their titles, and classes by the words that stand in the column of labels; to be shown and changed. */
export function guessLabelMapping(
  { header, rows }: TextTable,
  chosen: Partial<Pick<LabelMapping, 'volume' | 'label'>> = {},
): { volume?: string; label?: string; values: Record<string, VolumeLabel>; words: { word: string; count: number }[] } {
  const find = (patterns: readonly RegExp[], other?: string): string | undefined =>
    patterns.map((pattern) => header.find((title) => pattern.test(title) && title !== other)).find((t) => t);
  const volume = chosen.volume ?? find(VOLUME_TITLES, chosen.label);
  const label = chosen.label ?? find(LABEL_TITLES, volume);
  const counts = new Map<string, number>();
  const column = label === undefined ? -1 : header.indexOf(label);
  for (const { cells } of rows) {
    const word = cells[column]?.trim() ?? '';
    if (column >= 0 && word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].map(([word, count]) => ({ word, count })).sort((a, b) => b.count - a.count);
  const values = Object.fromEntries(
    words.flatMap(({ word }) => {
      const known = WORDS.find(([pattern]) => pattern.test(word));
      return known === undefined ? [] : [[word, known[1]]];
    }),
  );
  return { ...(volume === undefined ? {} : { volume }), ...(label === undefined ? {} : { label }), values, words };
}

/**
 * Reads one label a volume. Rows without a name or with a word that means nothing are left out, each with its reason; so is the
 * second of two rows that contradict one another.
 * @throws IsochromatError `labels-columns`
 */
export function interpretLabels(
  { header, rows }: TextTable,
  { volume, label, values }: LabelMapping,
  subject: string,
): { rows: LabelledRow[]; problems: RowProblem[] } {
  const [name, said] = [header.indexOf(volume), header.indexOf(label)];
  if (name < 0 || said < 0) {
    throw new IsochromatError({
      code: 'labels-columns',
      sentence: 'The table has no such columns.',
      subject,
      expected: `${volume}, ${label}`,
      found: header.join(', '),
    });
  }
  const known = new Map<string, LabelledRow>();
  const problems: RowProblem[] = [];
  for (const { line, cells } of rows) {
    const problem = (sentence: string): unknown => problems.push({ line, code: 'label-row', sentence });
    const file = withoutExtension((cells[name] ?? '').trim().split(/[\\/]/).at(-1)!);
    const text = (cells[said] ?? '').trim();
    const meaning = Object.hasOwn(values, text) ? values[text] : undefined;
    const before = known.get(file);
    if (file === '') problem('It names no volume.');
    else if (text === '') problem(`It says nothing about ${file}.`);
    else if (meaning === undefined) problem(`“${text}” is not understood.`);
    else if (before === undefined) known.set(file, { line, volume: file, text, label: meaning });
    else if (before.label !== meaning)
      problem(`Line ${before.line} says ${before.label} of ${file}, and this one ${meaning}.`);
  }
  return { rows: [...known.values()], problems };
}
