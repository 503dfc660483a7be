import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { annotate } from '../../main/jobs/annotate.ts';
import { importVolumes } from '../../main/jobs/import.ts';
import { createStudy } from '../../main/study/index.ts';
import { dataFile } from '../data.ts';

/**
 * A study with real volumes of several kinds: multi-coil k-space with boxes, magnitude and phase of two vendors, and magnitude only.
 * @returns its folder
 */
export async function realStudy(folder: string, name = 'Glioma follow-up'): Promise<string> {
  const study = await createStudy(folder, { name });
  try {
    await importVolumes(study, [dataFile('fastmri_layout')], { site: 'Site A' });
    await annotate(study, dataFile('fastmri_layout', 'annotations_for_samples.csv'));
    await importVolumes(study, [dataFile('dicom', 'philips_classic_fieldmap_mag_phase')], {
      acceptUnsure: true,
      sequence: 'AXT1',
    });
    await importVolumes(
      study,
      [dataFile('dicom', 'siemens_t2_axial_ima_extension'), dataFile('dicom', 'siemens_t1_sagittal_supine_hfs')],
      { acceptUnsure: true, sequence: 'AXT2', purpose: 'external', site: 'Site B' },
    );
  } finally {
    study.close();
  }
  return folder;
}

/** A copy of some real files in a folder of its own. */
export function filesFrom(target: string, ...source: string[]): string {
  mkdirSync(target, { recursive: true });
  const folder = join(target, source.at(-1)!);
  cpSync(dataFile(...source), folder, { recursive: true });
  return folder;
}
