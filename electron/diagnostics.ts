import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A part of the diagnostics: a heading and lines below it. */
export interface DiagnosticsPart {
  title: string;
  lines: readonly string[];
}

/** Lines of each log that are shown. */
const LAST_LINES = 300;
const LAST_BYTES = 256 * 1024;

/** The text that a person reads before it is saved; nothing else is ever saved. */
export function diagnosticsText(parts: readonly DiagnosticsPart[], privacy: Privacy): string {
  const head = [
    'Isochromat diagnostics',
    'For a report of a problem. Nothing was sent anywhere; this is the whole text that is saved.',
    'Paths and user names were taken out. Please read it before you pass it on.',
  ];
  const body = parts.flatMap(({ title, lines }) => ['', `== ${title}`, ...(lines.length > 0 ? lines : ['(nothing)'])]);
  return `${[...head, ...withoutPrivate(body, privacy)].join('\n')}\n`;
}

export interface Privacy {
  /** The folder of the program: its own files may be named. */
  program: string;
  home: string;
  user: string;
}

/** Removes what may name a person: every path but those of the program itself, and the name of the user. */
export function withoutPrivate(lines: readonly string[], { program, home, user }: Privacy): string[] {
  const name = user.length >= 3 ? new RegExp(`\\b${escaped(user)}\\b`, 'giu') : undefined;
  return lines.map((line) => {
    const kept = line
      .replaceAll(/file:\/\/\/?/g, (start) => (start.length === 8 && /^[a-z]:/i.test(program) ? '' : '/'))
      .replaceAll(program, '«program»')
      .replaceAll(home, '«path»')
      // Absolute paths of any system. In quotes they end with them; else, since names have spaces, with a colon, a bracket or the line.
      .replaceAll(/(["'])(?:[a-z]:[\\/]|\\\\|\/)[^"']*\1/gi, '$1«path»$1')
      .replaceAll(
        /(?<![\w»/.:-])(?:[a-z]:[\\/]|\\\\|\/(?=[^\s/]+\/)|«path»[\\/])(?:[^"',;:)\]}]|:(?=\d))*/gi,
        '«path»',
      );
    return name === undefined ? kept : kept.replaceAll(name, '«user»');
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** The last lines of a log, without reading all of it; none where there is no such file. */
export function lastLines(file: string): string[] {
  try {
    const handle = openSync(file, 'r');
    try {
      const { size } = fstatSync(handle);
      const buffer = Buffer.alloc(Math.min(size, LAST_BYTES));
      readSync(handle, buffer, 0, buffer.length, size - buffer.length);
      const lines = buffer
        .toString()
        .split('\n')
        .filter((line) => line !== '');
      return (size > buffer.length ? lines.slice(1) : lines).slice(-LAST_LINES);
    } finally {
      closeSync(handle);
    }
  } catch {
    return [];
  }
}
