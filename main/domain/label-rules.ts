import type { FileAnnotations } from './annotations.ts';

/**
 * How labels of a vocabulary become the classes of the method. The table is data: a study keeps its own copy, which its
 * user edits for another vocabulary.
 */
export interface LabelRules {
  name: string;
  /** Study-level labels that make a volume normal. */
  normalStudyLabels: readonly string[];
  /** Image-level labels that make a volume normal when it has no other image-level label. */
  normalImageLabels: readonly string[];
  /** Image-level labels that make a volume abnormal. */
  abnormalImageLabels: readonly string[];
  /** Labels that are known and decide nothing. */
  otherLabels: readonly string[];
}

/** fastMRI+ brain (Zhao 2022, doi:10.1038/s41597-022-01255-z) with the classes of the method. */
export const FASTMRI_PLUS_BRAIN: LabelRules = {
  name: 'fastMRI+ brain',
  normalStudyLabels: ['Normal for age'],
  normalImageLabels: ['Normal variant'],
  abnormalImageLabels: [
    'Mass',
    'Extra-axial mass',
    'Nonspecific lesion',
    'Nonspecific white matter lesion',
    'Encephalomalacia',
    'Lacunar infarct',
    'Likely cysts',
  ],
  otherLabels: [
    'Absent septum pellucidum',
    'Colpocephaly',
    'Craniectomy',
    'Craniectomy with Cranioplasty',
    'Craniotomy',
    'Dural thickening',
    'Edema',
    'Enlarged ventricles',
    'Extra-axial collection',
    'Global Ischemia',
    'Global white matter disease',
    'Innumerable bilateral focal brain lesions',
    'Intraventricular substance',
    'Motion artifact',
    'Paranasal sinus opacification',
    'Pineal cyst',
    'Possible artifact',
    'Possible demyelinating disease',
    'Posttreatment change',
    'Resection cavity',
    'Small vessel chronic white matter ischemic change',
  ],
};

/** `excluded`: annotated, but neither normal nor abnormal; nothing is learnt from it. */
export type VolumeClass = 'normal' | 'abnormal' | 'excluded';

/**
 * Class of an annotated volume. A finding outweighs a study-level "normal". A volume that was reviewed without any
 * finding written down is `excluded` until its user decides.
 */
export function classify(annotations: FileAnnotations, rules: LabelRules = FASTMRI_PLUS_BRAIN): VolumeClass {
  const imageLabels = annotations.boxes.map((box) => box.label);
  if (imageLabels.some((label) => rules.abnormalImageLabels.includes(label))) return 'abnormal';
  if (annotations.studyLabels.some((label) => rules.normalStudyLabels.includes(label))) return 'normal';
  const onlyNormal = imageLabels.length > 0 && imageLabels.every((label) => rules.normalImageLabels.includes(label));
  return onlyNormal ? 'normal' : 'excluded';
}

/** Labels that the rules do not know, with how often they occur, most frequent first. */
export function unknownLabels(
  annotations: Iterable<FileAnnotations>,
  rules: LabelRules = FASTMRI_PLUS_BRAIN,
): { label: string; count: number }[] {
  const { normalStudyLabels, normalImageLabels, abnormalImageLabels, otherLabels } = rules;
  const known = new Set([...normalStudyLabels, ...normalImageLabels, ...abnormalImageLabels, ...otherLabels]);
  const counts = new Map<string, number>();
  for (const { boxes, studyLabels } of annotations) {
    for (const label of [...boxes.map((box) => box.label), ...studyLabels]) {
      if (!known.has(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
}
