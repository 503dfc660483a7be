import { parentPort } from 'node:worker_threads';
import { IsochromatError, asIsochromatError } from '../../domain/errors.ts';
import { Hdf5File } from './file.ts';
import { hdf5Library } from './library.ts';
import type { VettingAnswer } from './vet.ts';

/** Objects of a group that are looked at; files of acquisitions have a handful. */
const MOST_OBJECTS = 256;

/** Opens a file and touches what a reader touches: names, descriptions, texts, attributes, first and last elements. */
async function vet(path: string): Promise<VettingAnswer> {
  try {
    const file = await Hdf5File.openUnvetted(path);
    try {
      for (const name of file.namesIn('/').slice(0, MOST_OBJECTS)) touch(file, name);
      file.attributes();
    } finally {
      file.close();
    }
    return undefined;
  } catch (thrown) {
    return asIsochromatError(thrown, path).toJSON();
  }
}

function touch(file: Hdf5File, name: string): void {
  const kind = file.kindOf(name);
  if (kind === 'dataset') touchDataset(file, name);
  if (kind === 'group' && !name.includes('/')) {
    for (const child of file.namesIn(name).slice(0, MOST_OBJECTS)) touch(file, `${name}/${child}`);
  }
}

function touchDataset(file: Hdf5File, name: string): void {
  try {
    const dataset = file.dataset(name);
    if (dataset.element.kind === 'text') {
      file.readText(name);
    } else if (dataset.element.kind === 'other') {
      if (dataset.shape.length === 1 && dataset.shape[0]! > 0) file.readRecords(name, 0, 1, () => {});
    } else if (dataset.shape.every((extent) => extent > 0)) {
      const one = dataset.shape.map(() => 1);
      const bytes = new Uint8Array(dataset.element.bytes);
      file.read(
        dataset,
        one.map(() => 0),
        one,
        bytes,
      );
      file.read(
        dataset,
        dataset.shape.map((extent) => extent - 1),
        one,
        bytes,
      );
    }
  } catch (thrown) {
    // What is merely refused is refused again, by name, to whoever asks for it; a crash ends here.
    if (!(thrown instanceof IsochromatError) || thrown.code === 'hdf5-damaged') throw thrown;
  }
}

parentPort?.on('message', (path: string) => {
  void vet(path).then((answer) => parentPort?.postMessage(answer));
});
void hdf5Library().then(() => parentPort?.postMessage('ready'));
