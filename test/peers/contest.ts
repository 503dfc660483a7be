import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from '../../main/formats/safetensors.ts';
import { asIsochromatError } from '../../main/domain/errors.ts';
import { compareAnswers } from './check.ts';
import type { Agreement } from './check.ts';
import type { Comparison } from './comparisons/comparison.ts';
import { Side } from './side.ts';
import type { SideDescription } from './side.ts';

/** A side that has prepared its work, and how far its numbers are from ours. */
export interface Entrant {
  side: Side;
  version: string;
  note?: string;
  agreements: Agreement[];
  /** Begins again in a new process: answering took memory that the work itself does not. */
  restart: () => Promise<void>;
  tolerance: Comparison['tolerance'];
}

export interface Absentee {
  name: string;
  reason: string;
}

/**
 * Starts the sides of a comparison, one after the other, checks that they compute the same, and hands them to `use`; ends them all.
 * @param takesPart of the sides besides ours; default: all
 */
export async function withSides<T>(
  comparison: Comparison,
  use: (entrants: Entrant[], absent: Absentee[]) => Promise<T>,
  takesPart: (side: SideDescription) => boolean = () => true,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-peers-'));
  const entrants: Entrant[] = [];
  try {
    const { arrays, settings } = await comparison.inputs(folder);
    const input = join(folder, 'input.safetensors');
    await writeSafetensors(input, arrays);
    const answers = join(folder, 'answers');
    mkdirSync(answers);
    const absent: Absentee[] = [];
    for (const [index, description] of comparison.sides.entries()) {
      if (index > 0 && !takesPart(description)) continue;
      try {
        const start = () => Side.start(description, input, { ...comparison.settings, ...settings });
        const { side, ...prepared } = await start();
        const entrant: Entrant = {
          ...{ side, ...prepared, agreements: [], tolerance: description.tolerance ?? comparison.tolerance },
          restart: async () => {
            await entrant.side.close();
            entrant.side = (await start()).side;
          },
        };
        entrants.push(entrant);
      } catch (error) {
        // Without ours there is nothing to compare; of the others those that are installed take part.
        if (index === 0) throw error;
        absent.push({ name: description.name, reason: asIsochromatError(error).message });
      }
    }
    const [ours, ...others] = entrants;
    await ours!.side.answer(join(answers, 'ours'));
    for (const [i, entrant] of others.entries()) {
      if (entrant.side.name.startsWith('peak')) continue;
      await entrant.side.answer(join(answers, `${i}`));
      entrant.agreements = await compareAnswers(join(answers, 'ours'), join(answers, `${i}`), entrant.tolerance);
    }
    await ours!.restart();
    return await use(entrants, absent);
  } finally {
    await Promise.all(entrants.map(({ side }) => side.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}
