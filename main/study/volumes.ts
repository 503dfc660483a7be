import { createHash } from 'node:crypto';
import { IsochromatError } from '../domain/errors.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import type { Catalogue, Value } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';

export type VolumePurpose = 'training' | 'external';

/** What the catalogue knows of a volume beside its arrays. */
export interface VolumeFacts {
  /** What people read. The name of the source file only where that is known to hold no identity. */
  name: string;
  /** Keyed hash of the source file's name: what annotations are matched by (identity.ts). */
  sourceKey: string;
  sourceSha256: string;
  /** Which volume of its source, from 0. */
  sourceIndex: number;
  sourceBytes: number;
  /** `fastmri`, `dicom`, … */
  sourceFormat: string;
  sequence: Sequence;
  sequenceSource: 'header' | 'name' | 'user';
  /** null = reviewed, but neither normal nor abnormal: kept out of training. */
  tissueClass: TissueClass | null;
  /** Why it has this class, in words. */
  classReason: string;
  /** Keyed hash. */
  patient: string | null;
  site: string | null;
  scanner: string | null;
  purpose: VolumePurpose;
  slices: number;
  rows: number;
  columns: number;
  coils: number | null;
  hasPhase: boolean;
  /** The image before it was resized: what annotations count their pixels in. */
  originalRows: number;
  originalColumns: number;
  /** Slices with the face in them, first and last, kept out of scoring. */
  facialSlices: readonly [first: number, last: number] | null;
  /** Technical facts of the acquisition, scale of each slice, how it was reconstructed. */
  info: Record<string, unknown>;
}

export interface Volume extends VolumeFacts {
  id: string;
  /** ISO 8601. */
  created: string;
}

export interface VolumeFilter {
  purpose?: VolumePurpose;
  sequence?: Sequence;
  tissueClass?: TissueClass;
  patient?: string;
  /** Volumes of this split of this patch set. */
  split?: { patchSet: string; split: Split };
}

interface VolumeRow {
  [column: string]: string | number | null;
}

/** The volumes of a study. Their arrays are read and written by arrays.ts. */
export class Volumes {
  private readonly catalogue: Catalogue;
  private readonly items: Items;

  constructor(catalogue: Catalogue, items: Items) {
    this.catalogue = catalogue;
    this.items = items;
  }

  /** Where to write `image.npy` and `mask.npy` of a volume, and what is kept of its coils, before `add`. */
  stage(): string {
    return this.items.stage();
  }

  /** The time, as volumes are dated: an import asks for it once. */
  now(): string {
    return this.items.now();
  }

  unstage(folder: string): void {
    this.items.unstage(folder);
  }

  /**
   * Publishes a staged volume. Its id follows from its source: the same scan has the same id in every study.
   * @param created volumes of one import bear the time at which it began, so that their order says nothing of which was done first
   * @throws IsochromatError `volume-exists` when this volume of this source is already in the study
   */
  async add(folder: string, facts: VolumeFacts, origin: Origin, created = this.now()): Promise<Volume> {
    const source = sha256Of(`${facts.sourceSha256} ${facts.sourceIndex}`);
    const id = this.items.newId(facts.sequence.slice(2).toLowerCase(), source);
    const insert = (): void => {
      const columns = toColumns(facts);
      const names = Object.keys(columns);
      this.catalogue.run(
        `INSERT INTO volumes (id, ${names.join(', ')}) VALUES (?, ${names.map(() => '?').join(', ')})`,
        id,
        ...Object.values(columns),
      );
    };
    await this.items.publish({ id, kind: 'volume', origin, created }, folder, insert, () => {
      const twin = this.findBySource(facts.sourceSha256, facts.sourceIndex);
      if (twin !== undefined) throw volumeExists(twin);
    });
    return this.get(id);
  }

  get(id: string): Volume {
    const row = this.catalogue.one<VolumeRow>(`${SELECT} AND volumes.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return fromRow(row);
  }

  /** Living volumes, in the order in which they were imported; those of one import by name. */
  list(filter: VolumeFilter = {}): Volume[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    const equal = (column: string, value: string | undefined): void => {
      if (value === undefined) return;
      conditions.push(`AND ${column} = ?`);
      values.push(value);
    };
    equal('purpose', filter.purpose);
    equal('sequence', filter.sequence);
    equal('tissue_class', filter.tissueClass);
    equal('patient', filter.patient);
    if (filter.split !== undefined) {
      conditions.push(
        `AND volumes.id IN (SELECT volume FROM volume_splits WHERE split = ?
         AND scheme = (SELECT scheme FROM patch_sets WHERE id = ?))`,
      );
      values.push(filter.split.split, filter.split.patchSet);
    }
    const sql = `${SELECT} ${conditions.join(' ')} ORDER BY items.created, volumes.name, volumes.id`;
    return this.catalogue.all<VolumeRow>(sql, ...values).map(fromRow);
  }

  /** The living ones of these ids, in the order given. */
  some(ids: readonly string[]): Volume[] {
    const sql = `${SELECT} AND volumes.id IN (SELECT value FROM json_each(?))`;
    const found = new Map(
      this.catalogue.all<VolumeRow>(sql, JSON.stringify(ids)).map((row) => [row['id'] as string, fromRow(row)]),
    );
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  count(): number {
    return this.catalogue.one<{ n: number }>(
      `SELECT count(*) AS n FROM items WHERE kind = 'volume' AND deleted IS NULL`,
    )!.n;
  }

  findBySource(sha256: string, index: number): Volume | undefined {
    const row = this.catalogue.one<VolumeRow>(`${SELECT} AND source_sha256 = ? AND source_index = ?`, sha256, index);
    return row === undefined ? undefined : fromRow(row);
  }

  /** Of every volume: the SHA-256 of its source, a space, and its number in it. */
  sources(): string[] {
    return this.catalogue
      .all<{ key: string }>(
        `SELECT source_sha256 || ' ' || source_index AS key FROM volumes JOIN items USING (id) WHERE deleted IS NULL`,
      )
      .map((row) => row.key);
  }

  /** How many bytes the sources of volumes have: what has none of these sizes is not in the study. */
  sourceSizes(): ReadonlySet<number> {
    const rows = this.catalogue.all<{ bytes: number }>('SELECT DISTINCT source_bytes AS bytes FROM volumes');
    return new Set(rows.map(({ bytes }) => bytes));
  }

  /** Volumes of the source file with this keyed name. */
  findByKey(sourceKey: string): Volume[] {
    return this.catalogue.all<VolumeRow>(`${SELECT} AND source_key = ? ORDER BY source_index`, sourceKey).map(fromRow);
  }

  setClass(id: string, tissueClass: TissueClass | null, reason: string): void {
    this.update(id, 'tissue_class = ?, class_reason = ?', tissueClass, reason);
  }

  setSequence(id: string, sequence: Sequence): void {
    this.update(id, `sequence = ?, sequence_source = 'user'`, sequence);
  }

  /** @throws IsochromatError `volume-in-patches` where an external set would hold what models may have been trained on */
  setPurpose(id: string, purpose: VolumePurpose): void {
    const used = this.catalogue.one<{ set: string }>(
      `SELECT patch_set AS "set" FROM patches JOIN items ON items.id = patch_set
       WHERE volume = ? AND items.deleted IS NULL LIMIT 1`,
      id,
    );
    if (purpose === 'external' && used !== undefined) {
      throw new IsochromatError({
        code: 'volume-in-patches',
        sentence: 'Patches were taken from this volume, so models may know it: it cannot be external.',
        subject: id,
        expected: 'a volume that is in no patch set',
        found: used.set,
        remedy: 'Remove the patch set first, with the models that were trained on it.',
      });
    }
    this.update(id, 'purpose = ?', purpose);
  }

  /** First and last slice with the face in them; null = none. */
  setFacialSlices(id: string, range: readonly [number, number] | null): void {
    const { slices } = this.get(id);
    if (range !== null && !(range[0] >= 0 && range[0] <= range[1] && range[1] < slices)) {
      throw new IsochromatError({
        code: 'slice-range',
        sentence: 'These are not slices of the volume.',
        subject: id,
        expected: `first ≤ last, both from 0 to ${slices - 1}`,
        found: `${range[0]} to ${range[1]}`,
      });
    }
    this.update(id, 'facial_first = ?, facial_last = ?', range?.[0] ?? null, range?.[1] ?? null);
  }

  private update(id: string, assignments: string, ...values: Value[]): void {
    const { changes } = this.catalogue.run(`UPDATE volumes SET ${assignments} WHERE id = ?`, ...values, id);
    if (changes === 0) throw noSuchItem(id);
  }
}

const SELECT = `SELECT volumes.*, items.created FROM volumes JOIN items ON items.id = volumes.id
  WHERE items.deleted IS NULL`;

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function volumeExists(twin: Volume): IsochromatError {
  return new IsochromatError({
    code: 'volume-exists',
    sentence: `This scan is already in the study, as ${twin.id}.`,
    subject: twin.name,
    remedy: 'Remove that volume first if it is to be imported again.',
  });
}

function toColumns(facts: VolumeFacts): Record<string, Value> {
  return {
    name: facts.name,
    source_key: facts.sourceKey,
    source_sha256: facts.sourceSha256,
    source_index: facts.sourceIndex,
    source_bytes: facts.sourceBytes,
    source_format: facts.sourceFormat,
    sequence: facts.sequence,
    sequence_source: facts.sequenceSource,
    tissue_class: facts.tissueClass,
    class_reason: facts.classReason,
    patient: facts.patient,
    site: facts.site,
    scanner: facts.scanner,
    purpose: facts.purpose,
    slices: facts.slices,
    rows: facts.rows,
    columns: facts.columns,
    coils: facts.coils,
    has_phase: facts.hasPhase ? 1 : 0,
    original_rows: facts.originalRows,
    original_columns: facts.originalColumns,
    facial_first: facts.facialSlices?.[0] ?? null,
    facial_last: facts.facialSlices?.[1] ?? null,
    info: JSON.stringify(facts.info),
  };
}

function fromRow(row: VolumeRow): Volume {
  return {
    id: row['id'] as string,
    created: row['created'] as string,
    name: row['name'] as string,
    sourceKey: row['source_key'] as string,
    sourceSha256: row['source_sha256'] as string,
    sourceIndex: row['source_index'] as number,
    sourceBytes: row['source_bytes'] as number,
    sourceFormat: row['source_format'] as string,
    sequence: row['sequence'] as Sequence,
    sequenceSource: row['sequence_source'] as VolumeFacts['sequenceSource'],
    tissueClass: row['tissue_class'] as TissueClass | null,
    classReason: row['class_reason'] as string,
    patient: row['patient'] as string | null,
    site: row['site'] as string | null,
    scanner: row['scanner'] as string | null,
    purpose: row['purpose'] as VolumePurpose,
    slices: row['slices'] as number,
    rows: row['rows'] as number,
    columns: row['columns'] as number,
    coils: row['coils'] as number | null,
    hasPhase: row['has_phase'] === 1,
    originalRows: row['original_rows'] as number,
    originalColumns: row['original_columns'] as number,
    facialSlices: row['facial_first'] === null ? null : [row['facial_first'] as number, row['facial_last'] as number],
    info: JSON.parse(row['info'] as string) as Record<string, unknown>,
  };
}
