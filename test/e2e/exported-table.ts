import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The annotations of the open study as a file, in which volumes are called by their ids. */
export async function exportedTable(page: Page): Promise<string> {
  const answer = await page.evaluate(async () => {
    const input = encodeURIComponent(JSON.stringify({}));
    return (await fetch(`/api/annotations.export?input=${input}`)).json() as Promise<unknown>;
  });
  const { csv } = (answer as { result: { data: { csv: string } } }).result.data;
  const path = join(await mkdtemp(join(tmpdir(), 'isochromat-table-')), 'annotations.csv');
  await writeFile(path, csv);
  return path;
}
