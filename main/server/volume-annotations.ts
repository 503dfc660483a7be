import type { LabelRules } from '../domain/label-rules.ts';
import { annotationContent, annotationInForce, readLabelRules } from '../study/index.ts';
import type { Study } from '../study/index.ts';
import type { AnnotatedBox, VolumeAnnotations } from './wire-annotations.ts';

/** What is said of a volume now. */
export function volumeAnnotations(study: Study, volume: string): VolumeAnnotations {
  const { tissueClass, classReason } = study.volumes.get(volume);
  const version = annotationInForce(study, volume);
  const none = { boxes: [], studyLabels: [] };
  const content = version === undefined ? none : annotationContent(study, volume, version.version);
  const rules = readLabelRules(study);
  return {
    volume,
    version: version?.version ?? null,
    boxes: content.boxes.map(({ abnormal, ...box }) => ({ ...box, counts: countsAs(box.label, abnormal, rules) })),
    studyLabels: content.studyLabels,
    reader: version?.reader ?? null,
    created: version?.created ?? null,
    tissueClass,
    classReason,
  };
}

export function countsAs(label: string, abnormal: boolean, rules: LabelRules): AnnotatedBox['counts'] {
  if (abnormal) return 'abnormal';
  return rules.normalImageLabels.includes(label) ? 'normal' : 'neither';
}
