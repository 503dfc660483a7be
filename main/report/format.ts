import type { Summary } from '../evaluation/summary.ts';

/** What stands where there is no value. */
export const NONE = '–';

/** A number with a true minus sign; null and non-finite values are a dash. */
export function decimal(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** 1,234,567 */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "0.79 to 0.89", or a dash. */
export function range(interval: readonly [number, number] | null | undefined, digits: number): string {
  return interval == null ? NONE : `${decimal(interval[0], digits)} to ${decimal(interval[1], digits)}`;
}

/** "0.991 ± 0.004". */
export function meanAndSpread({ mean, standardDeviation }: Summary, digits: number): string {
  if (mean === null) return NONE;
  return standardDeviation === null
    ? decimal(mean, digits)
    : `${decimal(mean, digits)} ± ${decimal(standardDeviation, digits)}`;
}

/** "4.2 s", "3 min 20 s", "2 h 05 min". */
export function seconds(value: number): string {
  if (value < 99.5) return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} s`;
  const whole = Math.round(value);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** "640 MB", "1.4 GB". */
export function bytes(value: number): string {
  return value < 999.5e6 ? `${Math.round(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

/** "14 March 2025, 09:05 UTC"; text that is no date stays as it is. */
export function dateAndTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const text = date.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${text.replace(' at ', ', ')} UTC`;
}

/** "1 volume", "12 volumes". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/**
 * Interval of an AUROC in words. Where the classes are completely apart every method's interval shrinks to a point, which says nothing
 * about other volumes: then there is none.
 */
export function aurocInterval(
  { auroc, interval }: { auroc: number; interval: readonly [number, number] | null },
  digits: number,
): string {
  return auroc === 0 || auroc === 1
    ? 'no interval: the classes are completely apart'
    : `95 % interval ${range(interval, digits)}`;
}
