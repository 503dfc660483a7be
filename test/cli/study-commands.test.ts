import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dataFile, describeWithData } from '../data.ts';
import { runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'isochromat-cli-'));
// The key of identities belongs to the user who runs the tests: leave that one alone.
process.env['ISOCHROMAT_CONFIG_DIR'] = join(root, 'settings');
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function json(...args: string[]): Promise<{ code: number | null; value: Record<string, unknown> }> {
  const { code, output, errors } = await runCli([...args, '--json', '--quiet']);
  try {
    return { code, value: JSON.parse(output) as Record<string, unknown> };
  } catch {
    throw new Error(`${args.join(' ')} ended with ${code}: ${errors}`);
  }
}

describeWithData('from fastMRI files to a table of patches, by commands', () => {
  const study = join(root, 'study');
  const data = dataFile('fastmri_layout');
  const files = [1, 2, 3].map((n) => join(data, `file_brain_AXT1_900_900000${n}.h5`));

  let ids: string[] = [];

  test('each step says what it did, and the study verifies', async () => {
    expect(await json('study', 'create', study, '--name', 'Trial')).toMatchObject({
      code: 0,
      value: { name: 'Trial' },
    });
    const imported = await json('import', study, ...files, '--site', 'A');
    expect(imported).toMatchObject({ code: 0, value: { failed: [] } });
    ids = (imported.value['imported'] as { id: string }[]).map((volume) => volume.id);
    expect(ids).toHaveLength(3);

    const annotated = await json('annotate', study, join(data, 'annotations_for_samples.csv'));
    const classes = (annotated.value['annotated'] as { name: string; class: string; boxes: number }[])
      .map((each) => [each.name.slice(-1), each.class, each.boxes])
      .sort();
    expect(classes).toEqual([
      ['1', 'abnormal', 2],
      ['2', 'abnormal', 1],
      ['3', 'excluded', 1],
    ]);

    const patches = await json('patches', study, '--seed', '3', '--beside-boxes', '6', '--abnormal-minimum', '8');
    expect(patches).toMatchObject({ code: 0, value: { splits: 'new', withoutPatches: [{}] } });
    const table = await json('study', 'table', study);
    expect(table.value).toEqual({ patchSet: patches.value['patchSet'], cells: patches.value['cells'] });
    const cells = table.value['cells'] as { tissue: string; sequence: string; patches: number }[];
    expect(cells.filter((cell) => cell.tissue === 'normal').reduce((sum, cell) => sum + cell.patches, 0)).toBe(12);

    const info = await json('study', 'info', study);
    expect(info.value).toMatchObject({ name: 'Trial', patchSets: [{ id: patches.value['patchSet'] }] });
    expect(await json('study', 'verify', study)).toMatchObject({ code: 0, value: { ok: true, problems: [] } });
  });

  test('a volume can be corrected, and stays while patches rest on it', async () => {
    const id = ids[0]!;
    const corrected = await json('study', 'volume', study, id, '--facial', '0-0', '--class', 'normal');
    expect(corrected.value).toMatchObject({ facialSlices: [0, 0], tissueClass: 'normal' });
    const table = await json('study', 'table', study);
    const used = await runCli(['study', 'remove', study, id]);
    expect([used.code, used.errors]).toEqual([1, expect.stringContaining(table.value['patchSet'] as string)]);
    expect(await json('study', 'remove', study, table.value['patchSet'] as string, id)).toMatchObject({ code: 0 });
    expect((await json('study', 'trash', study)).value).toMatchObject({ entries: 2, emptied: false });
    expect((await json('study', 'trash', study, '--empty')).value).toMatchObject({ entries: 2, emptied: true });
  });

  test('verify ends with 1 and names the file that is not as it was stored', async () => {
    writeFileSync(join(study, 'volumes', ids[1]!, 'mask.npy'), 'x', { flag: 'r+' });
    const { code, output } = await runCli(['study', 'verify', study]);
    expect(code).toBe(1);
    expect(output).toContain(`volumes/${ids[1]}/mask.npy is not as it was stored`);
  });
});
