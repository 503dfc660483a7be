import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStudy } from '../../../main/study/index.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';
import { isochromat } from './command-line.ts';
import { identitiesOf, occurring } from './identities.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Names of files and folders of the test data speak of vendors and methods as our own words do; real ones are looked for. */
const OWN_WORDS = new Set(['Siemens', 'Philips', 'FieldMap', 'fieldmap', 'derived', 'other']);
/** The names of the fastMRI data set are its public pseudonyms, and kept (docs/formats.md). */
const PUBLIC_NAME = /^file_brain_/;
const FOLDERS = ['dicom', 'dicom_derived_complex', 'dicom_transfer_syntax', 'dicom_malformed', 'dicom_not_image'];
const HDF5_FOLDERS = ['fastmri_layout', 'hdf5_variants'];

describeWithData('importing all that the test data hold', () => {
  test('leaves no identity in the study nor in the logs', async () => {
    const folder = temporaryFolder();
    const places = { config: join(folder, 'config'), logs: join(folder, 'logs') };
    const study = join(folder, 'study');
    const sources = [...FOLDERS, ...HDF5_FOLDERS].map((name) => dataFile(name));
    const identities = new Set(sources.flatMap(filesBelow).flatMap((path) => [...identitiesOf(path)]));
    for (const text of identities) if (OWN_WORDS.has(text) || PUBLIC_NAME.test(text)) identities.delete(text);
    expect(identities.size).toBeGreaterThan(1000);

    expect(await isochromat(['study', 'create', study], places)).toMatchObject({ code: 0 });
    const args = ['import', study, ...sources, '--sequence', 'AXT1', '--site', 'A', '--verbose', '--json'];
    const { code, stdout } = await isochromat(args, places);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { imported: unknown[] }).imported.length).toBeGreaterThan(40);
    // One that fails, too: what is logged of errors holds no paths.
    const missing = join(folder, 'Mueller^Anna', 'HEAD-1234567');
    expect((await isochromat(['import', study, missing], places)).code).toBe(1);
    expect((await isochromat(['recon', missing, '--out', folder], places)).code).toBe(1);
    identities.add('Mueller^Anna').add('Mueller').add('HEAD-1234567');

    const written = [...filesBelow(study), ...filesBelow(places.logs)];
    expect(written.length).toBeGreaterThan(50);
    const found = written.flatMap((path) => [...occurring(identities, readFileSync(path))]);
    expect(found).toEqual([]);
    const names = written.map((path) => path.slice(folder.length)).join('\n');
    expect([...occurring(identities, Buffer.from(names))]).toEqual([]);
  }, 480_000);

  test('is searched in a way that does find an identity where there is one', () => {
    const folder = temporaryFolder();
    const source = dataFile('dicom', 'canon_classic_dti', '3000_001.dcm');
    const identities = identitiesOf(source);
    const copy = join(folder, 'copy');
    copyFileSync(source, copy);
    // All but the names of the file and its folder stand in the file itself.
    expect(occurring(identities, readFileSync(copy)).size).toBe(identities.size - 3);
    expect(identities.size).toBeGreaterThan(10);
  });

  test('keeps the repeated imports of one patient together, and patients apart', async () => {
    const folder = temporaryFolder();
    const places = { config: join(folder, 'config'), logs: join(folder, 'logs') };
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const source = dataFile('dicom_derived_complex', 'siemens_mag_phase');
    const other = dataFile('dicom', 'canon_classic_dti');
    for (const study of [one, two]) {
      await isochromat(['study', 'create', study], places);
      await isochromat(['import', study, source, other, '--sequence', 'AXT1'], places);
    }
    const patients = await Promise.all(
      [one, two].map(async (path) => {
        const study = await openStudy(path, { readOnly: true });
        const found = study.volumes.list().map(({ patient, sourceFormat, name }) => [patient, sourceFormat, name]);
        study.close();
        return found;
      }),
    );
    expect(patients[0]).toEqual(patients[1]);
    expect(new Set(patients[0]!.map(([patient]) => patient)).size).toBe(2);
  });

  test('notices text that is drawn into the pixels, and says so', async () => {
    const folder = temporaryFolder();
    const places = { config: join(folder, 'config'), logs: join(folder, 'logs') };
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    for (const path of filesBelow(dataFile('dicom_derived_complex', 'ge_real_imag'))) {
      writeFileSync(join(scans, path.split('/').at(-1)!), withBurnedInAnnotation(readFileSync(path)));
    }
    const { stdout } = await isochromat(['inspect', scans, '--json'], places);
    const [volume] = (JSON.parse(stdout) as { volumes: { burnedInAnnotation: boolean; notes: string[] }[] }).volumes;
    expect(volume).toMatchObject({ burnedInAnnotation: true });
    expect(volume!.notes.join()).toContain('may name the patient');
    expect(statSync(scans).isDirectory()).toBe(true);
  });
});

/** Inserts (0028,0301) = YES before the pixel data of an explicit little-endian file. */
function withBurnedInAnnotation(bytes: Buffer): Buffer {
  const pixels = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f]));
  const element = Buffer.from([0x28, 0x00, 0x01, 0x03, 0x43, 0x53, 4, 0, 0x59, 0x45, 0x53, 0x20]);
  return Buffer.concat([bytes.subarray(0, pixels), element, bytes.subarray(pixels)]);
}
