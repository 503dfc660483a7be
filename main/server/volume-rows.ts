import { libraryRows, suggestedFacialSlices, unusableSlices, volumeChanges, volumeNotes } from '../study/index.ts';
import type { LibraryRow, Study } from '../study/index.ts';
import { provenanceStep, usedBy } from './provenance-chain.ts';
import type { VolumeDetails, VolumeRow } from './wire.ts';

/** A line of the library as the window gets it: without the keys by which sources are recognised. */
export function volumeRow(row: LibraryRow): VolumeRow {
  const { sourceKey: _key, sourceSha256: _sha, sourceIndex: _index, sourceBytes: _bytes, info: _info, ...shown } = row;
  const { sourceFormat: format, ...rest } = shown;
  return { ...rest, format };
}

/** @throws IsochromatError `no-such-item` */
export function volumeDetails(study: Study, id: string): VolumeDetails {
  const volume = study.volumes.get(id);
  const { info } = volume;
  const { studyKey: _study, seriesKey: _series, ...technical } = info;
  return {
    ...volumeRow(libraryRows(study, [id])[0]!),
    notes: volumeNotes(study, id),
    suggestedFacialSlices: suggestedFacialSlices(volume),
    unusableSlices: unusableSlices(volume),
    info: technical,
    provenance: provenanceStep(study, id),
    usedBy: usedBy(study, id),
    changes: volumeChanges(study, id),
  };
}
