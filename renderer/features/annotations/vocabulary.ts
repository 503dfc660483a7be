import type { LabelRules } from '../../../main/domain/label-rules.ts';

export type Counts = 'abnormal' | 'normal' | 'neither';

/** Labels to choose from, those that decide first. */
export function labelsOf(rules: LabelRules): { label: string; counts: Counts }[] {
  return [
    ...rules.abnormalImageLabels.map((label) => ({ label, counts: 'abnormal' as const })),
    ...rules.normalImageLabels.map((label) => ({ label, counts: 'normal' as const })),
    ...rules.otherLabels.map((label) => ({ label, counts: 'neither' as const })),
  ];
}

/** Labels of a whole volume to choose from. */
export function studyLabelsOf(rules: LabelRules): string[] {
  return [...rules.normalStudyLabels, ...rules.otherLabels];
}

/** A box's look: never by color alone, also by the style of its line. */
export const LINES: Record<Counts, { color: string; dashes: string }> = {
  abnormal: { color: '#ff8f6b', dashes: '' },
  normal: { color: '#7fd1ff', dashes: '7 3' },
  neither: { color: '#d0d5da', dashes: '2 3' },
};
