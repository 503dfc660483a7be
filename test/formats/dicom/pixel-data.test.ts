import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { IsochromatError } from '../../../main/domain/errors.ts';
import { parseDicom } from '../../../main/formats/dicom/parse.ts';
import { openPixels } from '../../../main/formats/dicom/pixel-data.ts';
import { dataFile, describeWithData } from '../../data.ts';

// Its stream states a width of 3,722,445,056: current OpenJPEG refuses it, and so do we.
const DAMAGED = 'dicom_malformed/JPEG2000-embedded-sequence-delimiter.dcm';

describeWithData('DICOM pixels', () => {
  // Read when a test runs: where the files are absent, the suite is still collected, to be skipped.
  const readManifest = (): Record<string, string>[] =>
    parse(readFileSync(dataFile('dicom_manifest.csv')), { columns: true });

  async function storedHash(path: string): Promise<string> {
    const pixels = openPixels(parseDicom(readFileSync(dataFile(path)), path));
    const hash = createHash('sha256');
    for (let f = 0; f < pixels.layout.frames; f++) hash.update(new Uint8Array((await pixels.read(f)).buffer));
    return hash.digest('hex');
  }

  it('equal the independent decoder on every file that it decodes', async () => {
    const decodable = readManifest().filter((row) => row['stored_int32_sha256'] !== '' && row['path'] !== DAMAGED);
    expect(decodable.length).toBe(465);
    const wrong: string[] = [];
    for (const row of decodable) {
      const hash = await storedHash(row['path']!).catch((error: Error) => error.message);
      if (hash !== row['stored_int32_sha256']) wrong.push(`${row['path']}: ${hash}`);
    }
    expect(wrong).toEqual([]);
  });

  it('are refused where the compressed stream contradicts the header', async () => {
    await expect(storedHash(DAMAGED)).rejects.toMatchObject({ code: 'dicom-undecodable' });
  });

  it('are refused when a JPEG 2000 stream is cut off, rather than filled in', async () => {
    const path = 'dicom_transfer_syntax/mr_small/MR_small_jp2klossless.dcm';
    const whole = readFileSync(dataFile(path));
    const file = parseDicom(whole, path);
    const element = file.dataSet.elements['x7fe00010']!;
    (file.dataSet.byteArray as Uint8Array).fill(0, element.dataOffset + 1000);
    await expect(openPixels(file).read(0)).rejects.toMatchObject({ code: 'dicom-undecodable' });
  });

  it('are refused with a cause, or read, wherever the independent decoder fails', async () => {
    const others = readManifest().filter((row) => row['stored_int32_sha256'] === '' && !row['path']!.endsWith('.csv'));
    const outcomes = new Map<string, string>();
    for (const row of others) {
      const outcome = await storedHash(row['path']!).catch((error: unknown) => error);
      if (typeof outcome !== 'string') expect(outcome, row['path']).toBeInstanceOf(IsochromatError);
      outcomes.set(
        row['path']!.split('/').at(-1)!,
        typeof outcome === 'string' ? 'read' : (outcome as IsochromatError).code,
      );
    }
    expect(Object.fromEntries(outcomes)).toMatchInlineSnapshot(`
      {
        "DICOMDIR": "dicom-no-pixels",
        "ExplVR_BigEndNoMeta.dcm": "dicom-no-pixels",
        "ExplVR_LitEndNoMeta.dcm": "dicom-no-pixels",
        "HTJ2K_08_RGB.dcm": "dicom-colour",
        "MR_truncated.dcm": "dicom-truncated",
        "badVR.dcm": "dicom-bad-size",
        "emri_small_jpeg_2k_lossless_too_short.dcm": "read",
        "meta_missing_tsyntax.dcm": "dicom-invalid",
        "no_meta.dcm": "dicom-not-dicom",
        "no_meta_group_length.dcm": "dicom-no-pixels",
        "no_pixel_data.dcm": "dicom-no-pixels",
        "philips_presentation_state.dcm": "dicom-no-pixels",
        "plain_text.dcm": "dicom-not-dicom",
        "preamble_only.dcm": "dicom-truncated",
        "rows_columns_65535.dcm": "dicom-bad-size",
        "rows_larger_than_pixel_data.dcm": "dicom-truncated",
        "rows_zero.dcm": "dicom-bad-size",
        "siemens_mr_spectroscopy.dcm": "dicom-no-pixels",
        "siemens_phoenix_report_sr.dcm": "dicom-no-pixels",
        "truncated_in_header.dcm": "dicom-truncated",
        "truncated_in_pixel_data.dcm": "dicom-truncated",
        "zero_bytes.dcm": "dicom-not-dicom",
      }
    `);
  });
});
