import { spawn } from 'node:child_process';
import { IsochromatError } from '../../main/domain/errors.ts';

export interface ToolResult {
  status: number;
  output: string;
  errors: string;
}

/**
 * Runs a program to its end.
 * @returns null where there is no such program
 */
export async function runTool(command: string, args: readonly string[], folder?: string): Promise<ToolResult | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(null) : reject(error)));
    child.on('close', (status, signal) =>
      resolve({
        status: status ?? (signal === null ? 1 : 128),
        output: Buffer.concat(output).toString(),
        errors: Buffer.concat(errors).toString(),
      }),
    );
  });
}

/** Of all that a failed program said, the cause: compilers' errors, else the last line that names one (Python's and Node's are unindented). */
export function causeIn(text: string): string {
  const lines = text.trim().split('\n');
  const compilerErrors = lines.filter((line) => / (fatal )?error: /.test(line)).slice(0, 3);
  if (compilerErrors.length > 0) return compilerErrors.join('\n');
  return (
    lines.findLast((line) => /^[\w.]*(Error|ERROR|Exception|BadZipFile|npm error)\b.*: /.test(line)) ?? lines.at(-1)!
  );
}

/** @throws IsochromatError with the program's last words, or `missing` where there is no such program */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: { folder?: string; sentence: string; missing: string; remedy?: string },
): Promise<string> {
  const result = await runTool(command, args, options.folder);
  if (result !== null && result.status === 0) return result.output;
  throw new IsochromatError({
    code: result === null ? 'setup-tool-missing' : 'setup-step-failed',
    sentence: result === null ? options.missing : options.sentence,
    ...(result === null ? {} : { found: causeIn(result.errors || result.output) }),
    ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
  });
}

export interface Python {
  command: string;
  /** Before any other argument: `-3` for Windows' launcher. */
  prefix: string[];
}

/** @throws IsochromatError `setup-tool-missing` where there is no Python 3 or, if wanted, no pip */
export async function findPython(needsPip: boolean): Promise<Python> {
  const choices: Python[] = [
    { command: 'python3', prefix: [] },
    { command: 'python', prefix: [] },
    { command: 'py', prefix: ['-3'] },
  ];
  let withoutPip: Python | null = null;
  for (const python of choices) {
    const version = await runTool(python.command, [...python.prefix, '--version']);
    if (version === null || version.status !== 0 || !version.output.startsWith('Python 3')) continue;
    const pip = await runTool(python.command, [...python.prefix, '-m', 'pip', '--version']);
    if (!needsPip || pip?.status === 0) return python;
    withoutPip = python;
  }
  throw new IsochromatError({
    code: 'setup-tool-missing',
    sentence: withoutPip === null ? 'Python 3 was not found.' : `${withoutPip.command} has no pip.`,
    expected: 'Python 3 with pip, to fetch and unpack TensorFlow’s wheel',
    remedy:
      'On Debian or Ubuntu: apt install python3-pip. A wheel fetched elsewhere can be given with --wheel FILE (needs Python only).',
  });
}
