import { IsochromatError } from '../../domain/errors.ts';
import { checkHdf5Signature } from './diagnose.ts';
import { describeElement, elementOf } from './element.ts';
import type { Hdf5Element, TypeMetadata } from './element.ts';
import { hdf5Library } from './library.ts';
import type { Hdf5Library, Hdf5Module, Onlooker } from './library.ts';
import { readRecords } from './records.ts';
import type { Hdf5Record } from './records.ts';
import { readValue } from './values.ts';
import type { Hdf5Attribute, ValueMetadata } from './values.ts';
import { vetHdf5 } from './vet.ts';

/** A dataset as its metadata describe it; nothing is read. */
export interface Hdf5Dataset {
  name: string;
  shape: readonly number[];
  element: Hdf5Element;
  /** Compressed or otherwise filtered; stored as it is otherwise. */
  filtered: boolean;
}

/** Filters that are decoded, by their registered number. */
const FILTERS: Record<number, string> = { 1: 'deflate', 2: 'shuffle', 3: 'Fletcher-32', 32000: 'LZF' };
/** No compression of numbers goes beyond; what claims to is a decompression bomb. deflate itself ends at 1032. */
const HIGHEST_COMPRESSION = 1100;
/** The library holds a whole chunk in memory. */
const LARGEST_CHUNK = 1 << 28;
/** Types of objects in a group (H5G_obj_t). */
const OBJECT = { group: 0, dataset: 1 } as const;

/** An HDF5 file, open for reading. Blocks of its datasets are read as they are asked for, never the whole file. */
export class Hdf5File {
  readonly path: string;
  private readonly library: Hdf5Library;
  private readonly id: bigint;
  private readonly fileBytes: number;
  private open = true;

  private constructor(path: string, library: Hdf5Library, id: bigint, fileBytes: number) {
    this.path = path;
    this.library = library;
    this.id = id;
    this.fileBytes = fileBytes;
  }

  /**
   * Opens a file that may be damaged: another thread has gone through its structure before, so that a file at which the
   * HDF5 library crashes or never ends does so there.
   * @throws IsochromatError `file-not-found`, `file-empty`, `hdf5-not-hdf5`, `hdf5-truncated`, `hdf5-damaged`, `hdf5-endless`
   */
  static async open(path: string): Promise<Hdf5File> {
    await checkHdf5Signature(path);
    await vetHdf5(path);
    return Hdf5File.openUnvetted(path);
  }

  /** Opens a file in this thread, come what may. */
  static async openUnvetted(path: string): Promise<Hdf5File> {
    const { bytes } = await checkHdf5Signature(path);
    const library = await hdf5Library();
    library.takeDiagnostics();
    library.allow(path);
    try {
      const id = library.call((module) => module.open(path, module.H5F_ACC_RDONLY, false, -1, -1));
      if (id >= 0n) return new Hdf5File(path, library, id, bytes);
      throw new Error(library.takeDiagnostics());
    } catch (thrown) {
      library.forbid(path);
      throw damaged(path, 'its structure cannot be opened', thrown, library.takeContradiction());
    }
  }

  /** What stands under a name: nothing, a group, a dataset, or something else (a broken link, a type). */
  kindOf(name: string): 'group' | 'dataset' | 'other' | undefined {
    const type = this.ask(name, (module) => module.get_type(this.id, name));
    if (type === OBJECT.group) return 'group';
    if (type === OBJECT.dataset) return 'dataset';
    return type < 0 ? undefined : 'other';
  }

  /** Names in a group; `/` is the root. */
  namesIn(group: string): string[] {
    return this.ask(group, (module) => module.get_names(this.id, group, false));
  }

  /**
   * Describes a dataset and holds its claims against the file.
   * @throws IsochromatError `hdf5-virtual`, `hdf5-filter`, `hdf5-bomb`
   */
  dataset(name: string): Hdf5Dataset {
    const metadata = this.ask(name, (module) => module.get_dataset_metadata(this.id, name));
    const filters = this.ask(name, (module) => module.get_dataset_filters(this.id, name));
    const shape = metadata.shape ?? [];
    const element = elementOf(metadata as TypeMetadata);
    if (metadata.virtual_sources !== undefined) {
      throw new IsochromatError({
        code: 'hdf5-virtual',
        sentence: `The dataset ${name} only points to other files.`,
        subject: this.path,
        remedy: 'Copy the data into one file, for example with h5py.',
      });
    }
    for (const { id, name: title } of filters) {
      if (FILTERS[id] === undefined) throw unknownFilter(this.path, name, `${title || 'filter'} (${id})`);
    }
    const chunkBytes = (metadata.chunks ?? []).reduce((product, n) => product * n, metadata.size);
    const claimed = shape.reduce((product, n) => product * n, metadata.size);
    const possible = this.fileBytes * (filters.length > 0 ? HIGHEST_COMPRESSION : 1);
    if (claimed > possible || (metadata.chunks !== null && chunkBytes > LARGEST_CHUNK)) {
      throw new IsochromatError({
        code: 'hdf5-bomb',
        sentence: `The dataset ${name} claims to hold more than this file can.`,
        subject: this.path,
        expected: `at most ${possible} bytes, in pieces of at most ${LARGEST_CHUNK}`,
        found: `shape (${shape.join(', ')}) of ${describeElement(element)}, ${claimed} bytes`,
        remedy: 'The file is damaged, unfinished or not meant well; do not use it.',
      });
    }
    return { name, shape, element, filtered: filters.length > 0 };
  }

  /**
   * Reads a block, offset … offset + count along every axis, into `bytes`, little-endian.
   * @param onlooker is shown all of them as they arrive
   * @throws IsochromatError `hdf5-damaged` when the library cannot deliver it
   */
  read(
    dataset: Hdf5Dataset,
    offset: readonly number[],
    count: readonly number[],
    bytes: Uint8Array,
    onlooker?: Onlooker,
  ): void {
    const { name, element, filtered } = dataset;
    // HDF5 converts big-endian numbers in place after reading them, so those take the way through its memory.
    const direct = !filtered && 'littleEndian' in element && element.littleEndian;
    this.library.takeDiagnostics();
    let delivered = false;
    try {
      delivered =
        (direct && this.library.readInto(this.id, name, offset, count, bytes, true, onlooker)) ||
        this.library.readInto(this.id, name, offset, count, bytes, false, onlooker);
    } catch (thrown) {
      throw this.unreadable(name, thrown);
    }
    if (!delivered) throw this.unreadable(name);
  }

  /** The text of a dataset that holds one, of fixed or variable length; undefined when it holds something else. */
  readText(name: string): string | undefined {
    this.dataset(name);
    const metadata = this.ask(name, (module) => module.get_dataset_metadata(this.id, name)) as ValueMetadata;
    const value = this.value(name, '', metadata, (module, pointer) =>
      module.get_dataset_data(this.id, name, null, null, null, pointer),
    );
    const text = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return typeof text === 'string' ? text : undefined;
  }

  /** Attributes of the root group; those that are neither text nor numbers are left out. */
  attributes(): Record<string, Hdf5Attribute> {
    const found: [string, Hdf5Attribute][] = [];
    for (const name of this.ask('/', (module) => module.get_attribute_names(this.id, '/'))) {
      const metadata = this.ask(name, (module) => module.get_attribute_metadata(this.id, '/', name)) as ValueMetadata;
      const value = this.value('/', name, metadata, (module, pointer) =>
        module.get_attribute_data(this.id, '/', name, pointer),
      );
      if (value !== undefined) found.push([name, value]);
    }
    return Object.fromEntries(found);
  }

  /**
   * Shows elements of a one-dimensional dataset of records one after the other.
   * @throws IsochromatError `hdf5-damaged`, and whatever `visit` throws
   */
  readRecords(name: string, start: number, count: number, visit: (record: Hdf5Record, index: number) => void): void {
    const metadata = this.ask(name, (module) => module.get_dataset_metadata(this.id, name)) as TypeMetadata;
    const range = { start, count, path: this.path };
    const read = this.ask(name, () => readRecords(this.library, this.id, name, metadata, range, visit));
    if (!read) throw this.unreadable(name);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.library.forbid(this.path);
    if (!this.library.crashed) this.library.call((module) => module.close_file(this.id));
  }

  private value(
    object: string,
    attribute: string,
    metadata: ValueMetadata,
    fill: (module: Hdf5Module, pointer: bigint) => number,
  ): Hdf5Attribute | undefined {
    return this.ask(attribute || object, () => readValue(this.library, this.id, object, attribute, metadata, fill));
  }

  private ask<T>(name: string, question: (module: Hdf5Module) => T): T {
    try {
      if (!this.open) throw new Error('the file is closed');
      const answer = this.library.call(question);
      // Where the library takes what was kept from it for something that is merely not there.
      const contradiction = this.library.takeContradiction();
      if (contradiction === undefined) return answer;
      throw damaged(this.path, `${name} cannot be read`, this.library.takeDiagnostics(), contradiction);
    } catch (thrown) {
      if (thrown instanceof IsochromatError) throw thrown;
      throw this.unreadable(name, thrown);
    }
  }

  private unreadable(name: string, cause: unknown = this.library.takeDiagnostics()): IsochromatError {
    const claim = /not enough memory/.test(String(cause))
      ? 'pieces that claim more memory than any sound file needs'
      : undefined;
    return damaged(this.path, `${name} cannot be read`, cause, this.library.takeContradiction() ?? claim);
  }
}

function damaged(path: string, what: string, cause: unknown, found?: string): IsochromatError {
  return new IsochromatError({
    code: 'hdf5-damaged',
    sentence: `The HDF5 file is damaged: ${what}.`,
    subject: path,
    ...(found === undefined ? {} : { found }),
    remedy: 'Copy or download it again.',
    cause,
  });
}

function unknownFilter(path: string, dataset: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'hdf5-filter',
    sentence: `The dataset ${dataset} is compressed in a way that is not read here.`,
    subject: path,
    expected: `none, or ${Object.values(FILTERS).join(', ')}`,
    found,
    remedy: 'Write it again with gzip, for example with h5repack -f GZIP=4.',
  });
}
