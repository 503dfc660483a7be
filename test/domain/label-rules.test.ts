import { describe, expect, it } from 'vitest';
import type { FileAnnotations } from '../../main/domain/annotations.ts';
import { FASTMRI_PLUS_BRAIN, classify, unknownLabels } from '../../main/domain/label-rules.ts';

function said(imageLabels: string[], studyLabels: string[] = []): FileAnnotations {
  const boxes = imageLabels.map((label) => ({ slice: 0, top: 0, left: 0, height: 1, width: 1, label }));
  return { file: 'a', boxes, studyLabels };
}

describe('the class of a volume', () => {
  it.each([
    ['a study-level "Normal for age"', said([], ['Normal for age']), 'normal'],
    ['only normal variants', said(['Normal variant', 'Normal variant']), 'normal'],
    ['a normal variant beside something else', said(['Normal variant', 'Craniotomy']), 'excluded'],
    ['"Normal for age" beside an artifact', said(['Possible artifact'], ['Normal for age']), 'normal'],
    ['a mass', said(['Mass']), 'abnormal'],
    ['a mass beside a craniotomy', said(['Craniotomy', 'Mass']), 'abnormal'],
    ['a lesion in a study called normal', said(['Nonspecific lesion'], ['Normal for age']), 'abnormal'],
    ['treatment only', said(['Posttreatment change', 'Craniotomy']), 'excluded'],
    ['a study-level finding only', said([], ['Small vessel chronic white matter ischemic change']), 'excluded'],
    ['"Mass" as a study-level label only', said([], ['Mass']), 'excluded'],
    ['nothing', said([]), 'excluded'],
  ])('follows from %s', (_, annotations, expected) => {
    expect(classify(annotations)).toBe(expected);
  });

  it('follows another table when the user edits it', () => {
    const rules = { ...FASTMRI_PLUS_BRAIN, abnormalImageLabels: ['Craniotomy'] };
    expect(classify(said(['Craniotomy']), rules)).toBe('abnormal');
    expect(classify(said(['Mass']), rules)).toBe('excluded');
  });

  it('is not guessed from labels that no rule knows: they are counted', () => {
    const annotations = [said(['Mass', 'Meniscus Tear'], ['Normal for age']), said(['Meniscus Tear', 'Tumour'])];
    expect(unknownLabels(annotations)).toEqual([
      { label: 'Meniscus Tear', count: 2 },
      { label: 'Tumour', count: 1 },
    ]);
  });
});
