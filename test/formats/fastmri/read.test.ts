import { readdirSync } from 'node:fs';
import { copyFile, open, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IsochromatError } from '../../../main/domain/errors.ts';
import { openFastMri, validateFastMri } from '../../../main/formats/fastmri/index.ts';
import { readNpyAs } from '../../../main/formats/npy.ts';
import { borrowFloats } from '../../../main/kernels/scan.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder } from '../temporary.ts';

const file = temporaryFolder();
const variant = (name: string): string => dataFile('hdf5_variants', name);

describeWithData('a fastMRI file', () => {
  it.each([
    ['ok_plain.h5', 'AXT1'],
    ['ok_fixed_length_header.h5', 'AXT1'],
    ['ok_gzip_chunked.h5', 'AXFLAIR'],
    ['ok_lzf_chunked.h5', 'AXT1POST'],
    ['ok_libver_latest.h5', 'AXT2'],
    ['ok_complex128.h5', 'AXT1'],
  ])('is read to the same numbers however it is stored: %s', async (name, sequence) => {
    const plain = await openFastMri(variant('ok_plain.h5'));
    const other = await openFastMri(variant(name));
    expect(other).toMatchObject({
      sequence,
      slices: 2,
      coils: 8,
      readout: 64,
      columns: 48,
      reconRows: 64,
      reconColumns: 48,
    });
    expect(validateFastMri(other)).toEqual([]);
    for (let slice = 0; slice < 2; slice++) {
      expect(other.readKspaceSlice(slice)).toEqual(plain.readKspaceSlice(slice));
      expect(other.readReconstructionSlice(slice)).toEqual(plain.readReconstructionSlice(slice));
    }
    plain.close();
    other.close();
  });

  it('holds the k-space that it was made from, coil by coil', async () => {
    // This file is brain A flipped up/down with the readout oversampled twice: the energy is conserved.
    const source = await readNpyAs(dataFile('kspace', 'brainA_8coil_fully_sampled', 'kspace.npy'), 'complex64');
    const layout = await openFastMri(dataFile('fastmri_layout', 'file_brain_AXT1_900_9000002.h5'));
    expect(layout.readKspaceSlice(0).shape).toEqual([8, 230, 180]);
    const scale = layout.readKspaceSlice(0).data[1000]! / source.data[1000]!;
    expect(layout.readKspaceSlice(0).data).toEqual(source.data.map((value) => Math.fround(value * scale)));
    layout.close();
  });

  it('may lack a reconstruction, or be meant wider than it was measured', async () => {
    const bare = await openFastMri(variant('ok_no_rss.h5'));
    expect(bare.hasReconstruction).toBe(false);
    expect(bare.readReconstructionSlice(0)).toBeUndefined();
    bare.close();
    const wide = await openFastMri(variant('ok_recon_wider_than_kspace.h5'));
    expect(wide).toMatchObject({ columns: 48, reconRows: 64, reconColumns: 64 });
    wide.close();
  });

  it('tells which columns of an under-sampled acquisition were measured', async () => {
    const layout = await openFastMri(dataFile('fastmri_layout', 'file_brain_AXT1_900_9000003.h5'));
    const mask = layout.columnMask!;
    expect([mask.length, mask.reduce((sum, n) => sum + n, 0)]).toEqual([168, 96]);
    const { data } = layout.readKspaceSlice(0);
    const measured = new Uint8Array(168);
    data.forEach((value, i) => (measured[Math.floor(i / 2) % 168]! |= Number(value !== 0)));
    expect(measured).toEqual(mask);
    expect(layout.attributes).toMatchObject({ acceleration: 2, num_low_frequency: 24 });
    layout.close();
  });

  it.each([
    ['bad_empty.h5', 'file-empty'],
    ['bad_text.h5', 'hdf5-not-hdf5'],
    ['bad_truncated.h5', 'hdf5-truncated'],
    ['bad_no_kspace.h5', 'fastmri-no-kspace'],
    ['bad_no_header.h5', 'fastmri-no-header'],
    ['bad_header_not_xml.h5', 'ismrmrd-header-not-xml'],
    ['bad_singlecoil_rank3.h5', 'fastmri-single-coil'],
    ['bad_real_kspace.h5', 'fastmri-kspace-not-complex'],
    ['not_fastmri_ismrmrd_raw_simulated.h5', 'fastmri-is-ismrmrd-raw'],
    ['not_fastmri_mrireco_brain_simulated.h5', 'fastmri-is-ismrmrd-raw'],
  ])('is refused with its own reason: %s', async (name, code) => {
    await expect(openFastMri(variant(name))).rejects.toMatchObject({ code, subject: variant(name) });
  });

  it.each([
    ['bad_all_zero_slice.h5', 1, 'fastmri-slice-all-zero'],
    ['bad_nan_kspace.h5', 0, 'fastmri-slice-not-finite'],
  ])('names the bad slice and reads the other: %s', async (name, slice, code) => {
    const bad = await openFastMri(variant(name));
    expect(() => bad.readKspaceSlice(slice)).toThrow(
      expect.objectContaining({ code, sentence: expect.stringContaining(`Slice ${slice} `) }),
    );
    expect(bad.readKspaceSlice(1 - slice).data.length).toBe(2 * 8 * 64 * 48);
    // The same where it is looked through by the kernel while it is read.
    const lent = borrowFloats(2 * 8 * 64 * 48);
    expect(() => bad.readKspaceSlice(slice, lent.floats)).toThrow(expect.objectContaining({ code }));
    expect(bad.readKspaceSlice(1 - slice, lent.floats).data).toEqual(bad.readKspaceSlice(1 - slice).data);
    lent.giveBack();
    expect(validateFastMri(bad).map((error) => error.code)).toEqual([code]);
    bad.close();
  });

  it('knows every file of the collection', () => {
    const tested = readdirSync(variant('')).filter((name) => name.endsWith('.h5'));
    expect(tested.length).toBe(20);
  });

  it('cannot be asked for slices it has not, nor after it was closed', async () => {
    const plain = await openFastMri(variant('ok_plain.h5'));
    expect(() => plain.readKspaceSlice(2)).toThrow(expect.objectContaining({ code: 'slice-out-of-range' }));
    expect(() => plain.readKspaceSlice(0, new Float32Array(3))).toThrow(
      expect.objectContaining({ code: 'fastmri-wrong-array' }),
    );
    plain.close();
    plain.close();
    expect(() => plain.readKspaceSlice(0)).toThrow(IsochromatError);
  });

  it('can be open many times at once', async () => {
    const files = await Promise.all(Array.from({ length: 20 }, () => openFastMri(variant('ok_plain.h5'))));
    files.slice(1).forEach((one) => one.close());
    expect(files[0]!.readKspaceSlice(1).data.length).toBe(2 * 8 * 64 * 48);
    files[0]!.close();
  });

  it('is refused when it says more than it holds', async () => {
    // The dataspace of kspace stands in the file as four 64-bit extents: 2, 8, 64, 48.
    const bytes = await readFile(variant('ok_plain.h5'));
    const extents = Buffer.alloc(32);
    [2n, 8n, 64n, 48n].forEach((extent, i) => extents.writeBigUInt64LE(extent, 8 * i));
    const at = bytes.indexOf(extents);
    expect(at).toBeGreaterThan(0);
    bytes.writeBigUInt64LE(4000n, at);
    await writeFile(file('bomb.h5'), bytes);
    await expect(openFastMri(file('bomb.h5'))).rejects.toMatchObject({ code: expect.stringMatching(/^hdf5-/) });
  });

  it('is read or refused, never worse, when bytes of it change', async () => {
    const good = await readFile(variant('ok_gzip_chunked.h5'));
    const metadata = 6000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(metadata), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          await writeFile(file('mutant.h5'), bytes);
          try {
            const mutant = await openFastMri(file('mutant.h5'));
            validateFastMri(mutant).forEach((error) => expect(error).toBeInstanceOf(IsochromatError));
            mutant.close();
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(IsochromatError);
          }
        },
      ),
      { numRuns: 80 },
    );
    // The library is as good as before.
    const plain = await openFastMri(variant('ok_plain.h5'));
    expect(validateFastMri(plain)).toEqual([]);
    plain.close();
  });

  it('is refused for what is wrong in it where HDF5 itself would never end with it', async () => {
    const bytes = await readFile(variant('ok_gzip_chunked.h5'));
    // Found by mutation; h5py does not end with it either.
    const changes = [1901, 146, 4224, 234, 4553, 124, 3884, 162, 4501, 137, 5677, 164];
    for (let i = 0; i < changes.length; i += 2) bytes[changes[i]!] = changes[i + 1]!;
    await writeFile(file('endless.h5'), bytes);
    await expect(openFastMri(file('endless.h5'))).rejects.toMatchObject({
      code: 'hdf5-damaged',
      found: expect.stringContaining('its free space at byte 4472 is said to be empty'),
    });
  });

  it('says so when it shrinks while it is open', async () => {
    await copyFile(variant('ok_plain.h5'), file('shrinking.h5'));
    const open_ = await openFastMri(file('shrinking.h5'));
    const handle = await open(file('shrinking.h5'), 'r+');
    await handle.truncate(20000);
    await handle.close();
    expect(() => open_.readKspaceSlice(1)).toThrow(IsochromatError);
    open_.close();
  });
});
