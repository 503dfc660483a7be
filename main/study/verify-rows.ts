import type { Problem } from './problem.ts';
import type { Study } from './study.ts';

/** What the catalogue alone can tell: damage, wrong references, patches outside their image, patients in two splits. */
export function checkRows(study: Study): Problem[] {
  const { catalogue } = study;
  const problems: Problem[] = catalogue.integrityProblems().map((text) => ({
    code: 'catalogue-damaged',
    item: null,
    path: 'study.db',
    sentence: `The catalogue is damaged: ${text}.`,
  }));
  const check = (
    code: string,
    sql: string,
    sentence: (row: Record<string, string | number | null>) => string,
  ): void => {
    for (const row of catalogue.all(sql)) {
      problems.push({ code, item: (row['item'] as string | null) ?? null, path: null, sentence: sentence(row) });
    }
  };
  check(
    'input-unknown',
    `SELECT item, input FROM provenance_inputs AS p JOIN items ON items.id = p.item
     WHERE items.deleted IS NULL AND input <> 'source' AND NOT EXISTS (SELECT 1 FROM items WHERE id = p.input)`,
    (row) => `${row['item']} was made from ${row['input']}, of which the study knows nothing.`,
  );
  check(
    'input-changed',
    `SELECT p.item, p.input FROM provenance_inputs AS p JOIN items AS input ON input.id = p.input
     JOIN items ON items.id = p.item WHERE items.deleted IS NULL AND input.sha256 <> p.sha256`,
    (row) => `${row['input']} is not as it was when ${row['item']} was made from it.`,
  );
  check(
    'provenance-missing',
    `SELECT id AS item FROM items WHERE deleted IS NULL AND NOT EXISTS (SELECT 1 FROM provenance WHERE item = items.id)`,
    (row) => `Where ${row['item']} came from is not known.`,
  );
  check(
    'split-leak',
    `SELECT scheme, patient, group_concat(DISTINCT split) AS splits FROM volume_splits
     JOIN volumes ON volumes.id = volume WHERE patient IS NOT NULL
     GROUP BY scheme, patient HAVING count(DISTINCT split) > 1`,
    (row) => `Patient ${row['patient']} is in more than one split (${row['splits']}) of ${row['scheme']}.`,
  );
  check(
    'split-differs',
    `SELECT p.patch_set AS item, p.volume, p.split FROM patches AS p
     JOIN patch_sets ON patch_sets.id = p.patch_set JOIN items ON items.id = p.patch_set
     LEFT JOIN volume_splits AS v ON v.scheme = patch_sets.scheme AND v.volume = p.volume
     WHERE items.deleted IS NULL AND v.split IS NOT p.split GROUP BY p.patch_set, p.volume, p.split`,
    (row) => `Patches of ${row['volume']} are in ${row['split']}, where its split scheme does not put it.`,
  );
  check(
    'patch-outside',
    `SELECT p.patch_set AS item, count(*) AS n FROM patches AS p JOIN patch_sets AS s ON s.id = p.patch_set
     JOIN volumes AS v ON v.id = p.volume JOIN items ON items.id = p.patch_set
     WHERE items.deleted IS NULL AND (p.slice >= v.slices OR p.top + s.size > v.rows OR p.left_column + s.size > v.columns)
     GROUP BY p.patch_set`,
    (row) => `${row['n']} patches of ${row['item']} lie outside their images.`,
  );
  return problems;
}
