import { expect, test } from 'vitest';
import { correctVolume, suggestedFacialSlices, volumeChanges } from '../../main/study/index.ts';
import { addVolume, temporaryStudy } from './temporary-study.ts';

test('a volume that becomes external gets the suggested facial slices, and both are on record', async () => {
  const study = await temporaryStudy();
  const { id } = await addVolume(study, 'one', { slices: 4, info: { suggestedFacialSlices: [0, 1] } });
  correctVolume(study, id, { purpose: 'external' });
  expect(study.volumes.get(id)).toMatchObject({ purpose: 'external', facialSlices: [0, 1] });
  expect(volumeChanges(study, id)).toMatchObject([
    { what: 'purpose', from: 'training', to: 'external' },
    { what: 'facial slices', from: null, to: '0–1' },
  ]);
  correctVolume(study, id, { facialSlices: [0, 2] });
  correctVolume(study, id, { purpose: 'training', facialSlices: null });
  correctVolume(study, id, { facialSlices: 'suggested' });
  expect(study.volumes.get(id)).toMatchObject({ purpose: 'training', facialSlices: [0, 1] });
});

test('a range that somebody set is kept, and a suggestion that does not fit is none', async () => {
  const study = await temporaryStudy();
  const set = await addVolume(study, 'set', { facialSlices: [1, 1], info: { suggestedFacialSlices: [0, 0] } });
  correctVolume(study, set.id, { purpose: 'external' });
  expect(study.volumes.get(set.id).facialSlices).toEqual([1, 1]);
  const none = await addVolume(study, 'none', { info: { suggestedFacialSlices: [1, 7] } });
  expect(suggestedFacialSlices(none)).toBeNull();
  correctVolume(study, none.id, { purpose: 'external' });
  expect(study.volumes.get(none.id)).toMatchObject({ purpose: 'external', facialSlices: null });
});

test('a range set by hand stays where there is no suggestion to take its place', async () => {
  const study = await temporaryStudy();
  const { id } = await addVolume(study, 'by hand', { facialSlices: [0, 1] });
  correctVolume(study, id, { facialSlices: 'suggested' });
  expect(study.volumes.get(id).facialSlices).toEqual([0, 1]);
});
