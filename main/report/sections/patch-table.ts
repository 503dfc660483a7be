import { SEQUENCES } from '../../domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../../domain/tissue.ts';
import type { Split, TissueClass } from '../../domain/tissue.ts';
import { count } from '../format.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { PatchCount } from '../report-data.ts';
import { absent, capitalised, note } from '../section.ts';

const SPLIT_NAMES: Record<Split, string> = { train: 'Training', validation: 'Validation', test: 'Test' };

/** Table 1: patches (volumes) by sequence, split and class; only columns in which something stands. */
export function patchTable(counts: readonly PatchCount[]): Markup {
  if (counts.length === 0) return absent('No patches were extracted.');
  const groups = SPLITS.map((split) => ({
    split,
    tissues: TISSUE_CLASSES.filter((tissue) => counts.some((c) => c.split === split && c.tissue === tissue)),
  })).filter(({ tissues }) => tissues.length > 0);
  const columns = groups.flatMap(({ split, tissues }) =>
    tissues.map((tissue, k) => ({ split, tissue, first: k === 0 })),
  );
  const sequences = SEQUENCES.filter((sequence) => counts.some((c) => c.sequence === sequence));
  const total = (keep: (c: PatchCount) => boolean): number =>
    counts.filter(keep).reduce((sum, { patches }) => sum + patches, 0);
  // Room for brackets, so that sums stand below what they sum.
  const digits = '0'.repeat(String(Math.max(...counts.map(({ volumes }) => volumes))).length);
  const edge = (first: boolean): string => (first ? 'figure group' : 'figure');

  return markup`<div class="scroll"><table class="dense"><caption><strong>Table 1.</strong> Patches by sequence, split and class; in brackets the volumes they were cut from.</caption>
<thead><tr><th scope="col" rowspan="2">Sequence</th>${groups.map(
    ({ split, tissues }) =>
      markup`<th scope="colgroup" colspan="${tissues.length}" class="middle group">${SPLIT_NAMES[split]}</th>`,
  )}<th scope="col" rowspan="2" class="figure group">All patches</th></tr>
<tr>${columns.map(({ tissue, first }) => markup`<th scope="col" class="${edge(first)}">${capitalised(tissue)}</th>`)}</tr></thead>
<tbody>${sequences.map(
    (sequence) =>
      markup`<tr><th scope="row">${sequence}</th>${columns.map(
        ({ split, tissue, first }) => markup`<td class="${edge(first)}">${cell(counts, sequence, split, tissue)}</td>`,
      )}<td class="figure group">${count(total((c) => c.sequence === sequence))}</td></tr>`,
  )}</tbody>
<tfoot><tr><th scope="row">All sequences</th>${columns.map(
    ({ split, tissue, first }) =>
      markup`<td class="${edge(first)}">${count(total((c) => c.split === split && c.tissue === tissue))} <span class="ghost" aria-hidden="true">(${digits})</span></td>`,
  )}<td class="figure group">${count(total(() => true))}</td></tr></tfoot></table></div>
${note('An abnormal volume also gives normal patches, so that volumes cannot be added up over classes. No volume is in two splits.')}`;
}

function cell(counts: readonly PatchCount[], sequence: string, split: Split, tissue: TissueClass): Markup {
  const members = counts.filter((c) => c.sequence === sequence && c.split === split && c.tissue === tissue);
  const patches = members.reduce((sum, c) => sum + c.patches, 0);
  const volumes = members.reduce((sum, c) => sum + c.volumes, 0);
  return markup`${count(patches)} <span class="muted">(${count(volumes)})</span>`;
}
