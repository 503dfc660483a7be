import { FEWEST_GROUPS } from '../evaluation/metrics/cluster-bootstrap.ts';
import { counted } from './format.ts';
import { markup } from './markup.ts';
import type { Child, Markup } from './markup.ts';
import { wasRun } from './report-data.ts';
import type { Section } from './report-data.ts';

/** One part of the report. */
export interface Part {
  id: string;
  title: string;
  content: Markup;
}

/** Shows a part, or says in its place why it is absent. */
export function partOf<T extends object>(
  id: string,
  title: string,
  section: Section<T>,
  show: (value: T) => Markup,
): Part {
  return { id, title, content: wasRun(section) ? show(section) : absent(section.notRun) };
}

export function absent(reason: string): Markup {
  return markup`<p class="absent"><strong>Not part of this report.</strong> ${reason}</p>`;
}

export function note(...children: Child[]): Markup {
  return markup`<p class="note">${children}</p>`;
}

/** Below this many independent volumes an estimate is called small-sample. */
const SMALL_SET = 30;

/** Says so where an estimate rests on few volumes. */
export function smallSetNote(volumes: number): Markup | null {
  if (volumes >= SMALL_SET) return null;
  return note(
    markup`<strong>Small set.</strong> These estimates rest on ${counted(volumes, 'independent volume')}. Intervals over so few are wide, and bootstrap intervals tend to be still too narrow.`,
  );
}

/** Says why an interval is absent. */
export function missingIntervalNote(rows: readonly { mean: number | null; interval: unknown }[]): Markup | null {
  if (!rows.some(({ mean, interval }) => mean !== null && interval === null)) return null;
  return note(`No interval: a class comes from fewer than ${FEWEST_GROUPS} volumes there, too few to resample.`);
}

/** "AXFLAIR", "All sequences". */
export function sequenceName(sequence: string): string {
  return sequence === 'all' ? 'All sequences' : sequence;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
