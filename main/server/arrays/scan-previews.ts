import { asIsochromatError } from '../../domain/errors.ts';
import type { NumberedVolume } from '../../jobs/intake/find.ts';
import type { VolumePreview } from '../../jobs/intake/preview-worker.ts';
import { previewVolumes } from '../../jobs/preview.ts';
import type { SentArray } from './array-cache.ts';
import { thumbnail } from './thumbnail.ts';

interface Waiting {
  volume: NumberedVolume;
  resolve: (array: SentArray) => void;
  reject: (thrown: unknown) => void;
  /** Aborts when nobody waits for it any more. */
  signal: AbortSignal;
}

/** Volumes that are looked at by the same processes: what is asked meanwhile waits for no more than these. */
const TOGETHER = 6;
const PARTS = ['magnitude', 'phase'] as const;

/**
 * Small pictures of volumes that are not imported yet. A window asks for all that it shows at a time; a few of them together are
 * read by two processes, and the rest waits, so that memory is the same for ten volumes and for thousands. What nobody waits for
 * any more is not read: an import that begins has the machine for itself. Nothing is kept.
 */
export class ScanPreviews {
  private readonly waiting: Waiting[] = [];
  private working = false;

  /**
   * `[slices, 2, size, size]` grey pictures of the first, middle and last slice: magnitude and phase, as of a thumbnail.
   * @throws IsochromatError what is wrong with this volume; `cancelled`
   */
  get(volume: NumberedVolume, signal: AbortSignal): Promise<SentArray> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ volume, resolve, reject, signal });
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    // Those that come in one breath go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, TOGETHER);
      const { signal, release } = allOf(batch.map((each) => each.signal));
      try {
        await previewVolumes(
          batch.map(({ volume }) => volume),
          (outcome, i) => {
            if (outcome.ok) batch[i]!.resolve(pictures(outcome.value));
            else batch[i]!.reject(outcome.error);
          },
          { signal },
        );
      } catch (thrown) {
        for (const { reject } of batch) reject(asIsochromatError(thrown));
      } finally {
        release();
      }
    }
    this.working = false;
  }
}

/** Aborts when all of them have; until it is released. */
function allOf(signals: readonly AbortSignal[]): { signal: AbortSignal; release: () => void } {
  const stop = new AbortController();
  const look = (): void => {
    if (signals.every(({ aborted }) => aborted)) stop.abort();
  };
  for (const signal of signals) signal.addEventListener('abort', look);
  look();
  return {
    signal: stop.signal,
    release: () => {
      for (const signal of signals) signal.removeEventListener('abort', look);
    },
  };
}

const SIZE = 128;

function pictures({ image, slices }: VolumePreview): SentArray {
  const { rows, columns, data } = image;
  const all = slices.flatMap((_, i) => {
    const slice = data.subarray(2 * i * rows * columns, 2 * (i + 1) * rows * columns);
    return PARTS.map((part) => thumbnail(slice, image, part, SIZE));
  });
  const [first] = all;
  return {
    body: Buffer.concat(all.map((picture) => picture.data)),
    shape: [slices.length, PARTS.length, first!.rows, first!.columns],
    type: 'uint8',
  };
}
