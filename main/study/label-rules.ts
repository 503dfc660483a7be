import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { FASTMRI_PLUS_BRAIN } from '../domain/label-rules.ts';
import type { LabelRules } from '../domain/label-rules.ts';
import { writeFileAtomically } from '../formats/atomic-file.ts';
import { readOnlyStudy } from './catalogue.ts';
import type { Study } from './study.ts';

/** The rule table of a study, which its user may edit; without one, the rules of fastMRI+ for brains hold. */
export const RULES_FILE = 'label-rules.json';

const LISTS = ['normalStudyLabels', 'normalImageLabels', 'abnormalImageLabels', 'otherLabels'] as const;

/** @throws IsochromatError `label-rules` when the table in the study cannot be understood */
export function readLabelRules(study: Study): LabelRules {
  const file = join(study.folder, RULES_FILE);
  if (!existsSync(file)) return FASTMRI_PLUS_BRAIN;
  return parseLabelRules(readFileSync(file, 'utf8'), file);
}

/** Puts another rule table in force. Annotations that were made by the one before keep their classes until they are made again. */
export async function writeLabelRules(study: Study, rules: LabelRules): Promise<void> {
  if (study.readOnly) throw readOnlyStudy(study.folder);
  await writeFileAtomically(join(study.folder, RULES_FILE), async (file) => {
    await file.writeFile(`${JSON.stringify(rules, null, 2)}\n`);
  });
}

/**
 * Understands a rule table: a name and four lists of labels, no label in two of them.
 * @throws IsochromatError `label-rules`
 */
export function parseLabelRules(text: string, subject: string): LabelRules {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw notRules(subject, 'no JSON document', cause);
  }
  const table = (typeof document === 'object' && document !== null ? document : {}) as Record<string, unknown>;
  const { name } = table;
  if (typeof name !== 'string' || name === '') throw notRules(subject, 'no name');
  const seen = new Map<string, string>();
  for (const list of LISTS) {
    const labels = table[list];
    if (!Array.isArray(labels) || labels.some((label) => typeof label !== 'string' || label.trim() === '')) {
      throw notRules(subject, `${list} is not a list of labels`);
    }
    for (const label of labels as string[]) {
      const other = seen.get(label);
      if (other !== undefined) throw notRules(subject, `"${label}" in both ${other} and ${list}`);
      seen.set(label, list);
    }
  }
  return { name, ...(Object.fromEntries(LISTS.map((list) => [list, table[list]])) as Omit<LabelRules, 'name'>) };
}

function notRules(subject: string, found: string, cause?: unknown): IsochromatError {
  return new IsochromatError({
    code: 'label-rules',
    sentence: 'This is not a rule table.',
    subject,
    expected: `a JSON document with name, ${LISTS.join(', ')}`,
    found,
    remedy: 'Print the one in force with "isochromat study rules", and edit that.',
    cause,
  });
}
