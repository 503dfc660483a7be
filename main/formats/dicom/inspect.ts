import { readFile } from 'node:fs/promises';
import { asIsochromatError } from '../../domain/errors.ts';
import { classify } from './component.ts';
import { framesOf } from './frame.ts';
import { pairStacks } from './pair.ts';
import type { DicomVolume } from './pair.ts';
import { parseDicom } from './parse.ts';
import type { DicomFile } from './parse.ts';
import { openPixels } from './pixel-data.ts';
import { buildStacks, groupBy } from './stacks.ts';
import type { ClassifiedFrame, RefusedFrames } from './stacks.ts';

export interface DicomFindings {
  volumes: DicomVolume[];
  refused: RefusedFrames[];
}

/** Gathers DICOM files one by one, in any order, and says at the end which volumes they form. */
export class DicomCollection {
  private readonly frames: ClassifiedFrame[] = [];
  private readonly refused: RefusedFrames[] = [];

  /** Reads one file's header, and its pixels where only they can tell what it is. Never throws for a bad file. */
  async add(path: string, bytes?: Uint8Array): Promise<void> {
    try {
      const file = parseDicom(bytes ?? (await readFile(path)), path);
      for (const frame of framesOf(file)) {
        const found = classify(frame);
        if ('keptOut' in found) this.refused.push({ paths: [path], ...found.keptOut });
        else this.frames.push({ frame, ...found });
      }
      if (this.frames.at(-1)?.frame.path === path) await this.checkPixels(file);
    } catch (thrown) {
      const error = asIsochromatError(thrown, path);
      this.dropFramesOf(path);
      const details = error.found === undefined ? '' : ` Found: ${error.found}.`;
      this.refused.push({ paths: [path], code: error.code, reason: `${error.sentence}${details}` });
    }
  }

  findings(): DicomFindings {
    const { stacks, refused } = buildStacks(this.frames);
    const paired = pairStacks(stacks);
    return { volumes: paired.volumes, refused: gather([...this.refused, ...refused, ...paired.refused]) };
  }

  /** The pixels must be there and readable; a signed "magnitude" with negative values is a field map (GE says so nowhere). */
  private async checkPixels(file: DicomFile): Promise<void> {
    const pixels = openPixels(file);
    const own = this.frames.filter(({ frame }) => frame.path === file.path);
    const suspicious = own.filter(({ frame, component }) => component === 'magnitude' && frame.signed);
    for (const { frame } of suspicious) {
      const { slope, intercept } = frame.rescale ?? { slope: 1, intercept: 0 };
      const stored = await pixels.read(frame.frame);
      if (!stored.some((value) => value * slope + intercept < 0)) continue;
      this.dropFramesOf(file.path);
      const reason =
        'The values are signed where a magnitude cannot be: this is a field map, not an image of the signal.';
      this.refused.push({ paths: [file.path], code: 'dicom-field-map', reason });
      return;
    }
  }

  private dropFramesOf(path: string): void {
    for (let i = this.frames.length - 1; i >= 0 && this.frames[i]!.frame.path === path; i--) this.frames.pop();
  }
}

/** One entry a reason, with all its files. */
function gather(refused: readonly RefusedFrames[]): RefusedFrames[] {
  return [...groupBy(refused, ({ code, reason }) => `${code} ${reason}`).values()].map((group) => ({
    ...group[0]!,
    paths: [...new Set(group.flatMap(({ paths }) => paths))].sort(),
  }));
}
