import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { JobQueue, systemSleepInhibitor } from '../../../main/jobs/queue/index.ts';
import { temporaryFolder, temporaryStudy } from '../../study/temporary-study.ts';
import { MISBEHAVING } from './misbehaving.ts';
import { isThere, until } from './queue-fixture.ts';

describe.runIf(process.platform === 'linux')('the machine', () => {
  test('is kept awake from the first job to the end of the last, by a process that ends with its input', async () => {
    const notes = fakeCommand(
      'exec "$0-held" "$@"',
      'echo "$$ $*" >> "$NOTES"; cat > /dev/null; echo released >> "$NOTES"',
    );
    const inhibitor = systemSleepInhibitor();
    inhibitor.hold();
    inhibitor.hold();
    await until(() => existsSync(notes) && readFileSync(notes, 'utf8').endsWith('\n'));
    const [pid, ...options] = readFileSync(notes, 'utf8').trim().split(' ');
    expect(options.join(' ')).toContain('--what=sleep:idle');
    expect(isThere(Number(pid))).toBe(true);
    inhibitor.release();
    await until(() => !isThere(Number(pid)));
    expect(readFileSync(notes, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('is not, where there is no such command: jobs run all the same, and it is said once', async () => {
    const path = process.env['PATH'];
    onTestFinished(() => void (process.env['PATH'] = path));
    process.env['PATH'] = temporaryFolder();
    const said: string[] = [];
    const inhibitor = systemSleepInhibitor((message) => said.push(message));
    inhibitor.hold();
    await until(() => said.length > 0);
    inhibitor.hold();
    inhibitor.release();
    expect(said).toEqual(['the system cannot be kept awake while jobs run']);
  });
});

test('a queue holds it while jobs run', async () => {
  const calls: string[] = [];
  const sleep = { hold: () => void calls.push('hold'), release: () => void calls.push('release') };
  const queue = new JobQueue(await temporaryStudy(), { sleep, entry: MISBEHAVING });
  onTestFinished(() => queue.close({ grace: 0 }));
  const jobs = [1, 2].map(() => queue.submit('import', { paths: ['/x'], site: 'succeed 300' }));
  for (const { id } of jobs) await queue.ended(id);
  expect(calls).toEqual(['hold', 'hold', 'release']);
});

/** Puts a `systemd-inhibit` of our own on the PATH. Returns the file that it writes notes into. */
function fakeCommand(script: string, held: string): string {
  const folder = temporaryFolder();
  const before = { PATH: process.env['PATH'], NOTES: process.env['NOTES'] };
  onTestFinished(() => {
    process.env['PATH'] = before.PATH;
    if (before.NOTES === undefined) delete process.env['NOTES'];
  });
  for (const [name, text] of Object.entries({ 'systemd-inhibit': script, 'systemd-inhibit-held': held })) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env['PATH'] = `${folder}:${before.PATH}`;
  process.env['NOTES'] = join(folder, 'notes');
  return join(folder, 'notes');
}
