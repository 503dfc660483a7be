import type { Catalogue } from './catalogue.ts';

/** An input of a derived item: an item of the study, or a file from outside by its hash alone. */
export interface Input {
  /** An item's id, or `source` for a file outside the study. */
  id: string;
  /** Hexadecimal SHA-256 of the input as it was. */
  sha256: string;
}

/** How an item came to be: enough to make it again. */
export interface Provenance {
  inputs: Input[];
  /** Every setting that had an influence, as plain JSON. */
  configuration: unknown;
  codeVersion: string;
  /** Backend and device of the computation, where it had one. */
  backend?: string;
  device?: string;
  seed?: number | string;
}

export function storeProvenance(catalogue: Catalogue, item: string, provenance: Provenance): void {
  const { inputs, configuration, codeVersion, backend, device, seed } = provenance;
  catalogue.run(
    'INSERT INTO provenance (item, configuration, code_version, backend, device, seed) VALUES (?, ?, ?, ?, ?, ?)',
    item,
    JSON.stringify(configuration ?? null),
    codeVersion,
    backend ?? null,
    device ?? null,
    seed === undefined ? null : String(seed),
  );
  inputs.forEach((input, position) => {
    catalogue.run(
      'INSERT INTO provenance_inputs (item, position, input, sha256) VALUES (?, ?, ?, ?)',
      item,
      position,
      input.id,
      input.sha256,
    );
  });
}

/** The provenance of an item; undefined where there is no such item. */
export function readProvenance(catalogue: Catalogue, item: string): Provenance | undefined {
  const row = catalogue.one<{
    configuration: string;
    code_version: string;
    backend: string | null;
    device: string | null;
    seed: string | null;
  }>('SELECT configuration, code_version, backend, device, seed FROM provenance WHERE item = ?', item);
  if (row === undefined) return undefined;
  const inputs = catalogue.all<{ id: string; sha256: string }>(
    'SELECT input AS id, sha256 FROM provenance_inputs WHERE item = ? ORDER BY position',
    item,
  );
  return {
    inputs: inputs.map(({ id, sha256 }) => ({ id, sha256 })),
    configuration: JSON.parse(row.configuration) as unknown,
    codeVersion: row.code_version,
    ...(row.backend === null ? {} : { backend: row.backend }),
    ...(row.device === null ? {} : { device: row.device }),
    ...(row.seed === null ? {} : { seed: row.seed }),
  };
}
