import { NONE } from '../format.ts';
import { htmlTable } from '../html-table.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { Provenance } from '../report-data.ts';
import { factList } from './data.ts';

/** Everything that is needed to trace a number in this report to its inputs. */
export function provenance({ environment, seeds, items }: Provenance): Markup {
  return markup`<h3>Made with</h3>${factList(environment)}
${seeds.length === 0 ? null : markup`<h3>Seeds</h3>${factList(seeds)}`}
${
  items.length === 0
    ? null
    : htmlTable(
        markup`<strong>Items.</strong> What the numbers rest on, with the SHA-256 of each file’s content.`,
        [{ title: 'Item' }, { title: 'Id' }, { title: 'Detail' }, { title: 'SHA-256' }],
        items.map(({ name, id, detail, sha256 }) => [
          name,
          markup`<span class="id">${id}</span>`,
          detail ?? '',
          sha256 === undefined ? NONE : markup`<code>${sha256}</code>`,
        ]),
      )
}`;
}
