/** Figures and times as the window writes them. */

export const count = (value: number): string => value.toLocaleString('en-US');

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let left = value;
  while (left >= 999.5 && unit < units.length - 1) {
    left /= 1024;
    unit++;
  }
  return `${unit === 0 || left >= 99.5 ? left.toFixed(0) : left.toPrecision(2)} ${units[unit]}`;
}

/** A share of 0 to 1 in whole percent, which is 100 only at the end; null where it is not known. */
export const percentOf = (share: number | null | undefined): number | null =>
  share == null ? null : Math.floor(100 * share);

/** "40 s", "3 min 20 s", "2 h 05 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return minutes < 10 && whole % 60 > 0 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** The day and minute of an ISO 8601 time. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'short' });
}

/** "just now", "5 minutes ago", "yesterday", then the date. */
export function ago(iso: string, now: Date): string {
  const seconds = (now.getTime() - new Date(iso).getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return words.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 14 * 86_400) return words.format(-Math.floor(seconds / 86_400), 'day');
  return new Date(iso).toLocaleDateString('en-US', { dateStyle: 'medium' });
}
