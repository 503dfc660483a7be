import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'isochromat-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the command line', () => {
  it('lists its commands and ends with 0 when asked for help', async () => {
    const { code, output } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const name of ['demo', 'phantom', 'study', 'import', 'train', 'score', 'doctor'])
      expect(output).toContain(name);
  });

  it('says its version', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    [['no-such-command']],
    [['train', 'no-such-model', root]],
    [['phantom']],
    [['demo', '--minutes', 'soon']],
    [['train', 'flow', root, '--steps', '10', '--minutes', '1']],
  ])('ends with 2 when it is used wrongly: %j', async (args) => {
    const { code, output, errors } = await runCli(args);
    expect(code).toBe(2);
    expect(output).toBe('');
    expect(errors).not.toBe('');
  });

  it('ends with 1 and a sentence that says what to do when the work fails', async () => {
    const { code, output, errors } = await runCli(['study', 'info', join(root, 'nowhere')]);
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(errors).toContain('nowhere');
    expect(errors).not.toMatch(/\n\s+at /);
  });

  it('answers with the error as JSON when JSON was asked for', async () => {
    const { code, output } = await runCli(['study', 'info', join(root, 'nowhere'), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ error: { code: 'not-a-study', sentence: expect.any(String) } });
  });

  it('names an unknown backend and those that there are', async () => {
    const study = join(root, 'study');
    expect((await runCli(['study', 'create', study, '--name', 'Test'])).code).toBe(0);
    const { code, errors } = await runCli(['train', 'flow', study, '--backend', 'abacus']);
    expect(code).toBe(1);
    expect(errors).toMatch(/abacus.*cpu-simd/);
  });

  it('asks for patches before it trains', async () => {
    const { code, errors } = await runCli(['train', 'flow', join(root, 'study')]);
    expect(code).toBe(1);
    expect(errors).toContain('isochromat patches');
  });
});
