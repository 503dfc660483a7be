import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudy } from '../../main/study/index.ts';
import { dataFile, dataPresent } from '../data.ts';
import { runCli } from './run-cli.ts';
import type { CliResult } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'isochromat-demo-'));
const folder = join(root, 'demo');
const real = dataPresent ? dataFile('fastmri_layout', 'file_brain_AXT1_900_9000001.h5') : undefined;

describe('the demo, shortened', () => {
  let result: CliResult;

  beforeAll(async () => {
    const include = real === undefined ? [] : ['--include', real];
    result = await runCli(['demo', '--study', folder, '--minutes', '0.7', '--json', ...include]);
  }, 400_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('ends well and says where the report is', () => {
    expect(result.errors).not.toMatch(/Error|failed/);
    expect(result.code).toBe(0);
    const { report, study } = JSON.parse(result.output) as { report: string; study: string };
    expect(study).toBe(folder);
    expect(existsSync(report)).toBe(true);
  });

  it('shows its progress on standard error only', () => {
    expect(result.errors).toMatch(/Autoencoder/);
    expect(() => JSON.parse(result.output) as unknown).not.toThrow();
  });

  it('leaves a report that stands alone, names the phantom and holds every section', () => {
    const html = readFileSync(join(`${folder}-report`, 'report.html'), 'utf8');
    expect(html).toMatch(/phantom/i);
    expect(html).toMatch(/research use only/i);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const section of ['Reconstruction', 'Realism', 'Downstream', 'Volume scores', 'Training', 'Provenance']) {
      expect(html).toContain(section);
    }
    // A section whose stage was not run says so in a sentence of this form; none may.
    expect(html).not.toMatch(/No patches were|No model was|No volumes were|were not compared/);
  });

  it('leaves a study that verifies, in which every result can be traced to its inputs', async () => {
    const verified = await runCli(['study', 'verify', folder, '--json']);
    expect(JSON.parse(verified.output)).toMatchObject({ ok: true, problems: [] });
    const study = await openStudy(folder, { readOnly: true });
    try {
      expect(study.experiments.list().map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['reconstruction', 'realism', 'downstream']),
      );
      for (const run of study.runs.list()) {
        expect(run).toMatchObject({ status: 'succeeded', seed: '1' });
        expect(run.inputs.length).toBeGreaterThan(0);
        expect(run.backend).not.toBeNull();
      }
      const kinds = study.runs.list().map(({ kind }) => kind);
      expect(kinds).toEqual(['classifier', 'autoencoder', 'flow', 'finetune']);
      expect(study.scores.list()).toHaveLength(2);
    } finally {
      study.close();
    }
  });

  it.runIf(real !== undefined)('treats an included acquisition: reconstructed, encoded and scored', async () => {
    const study = await openStudy(folder, { readOnly: true });
    try {
      const included = study.volumes.list({ purpose: 'external' }).find(({ site }) => site === 'included');
      expect(included).toMatchObject({ sequence: 'AXT1', slices: 1, coils: 8 });
      const external = study.experiments.list().find(({ kind }) => kind === 'reconstruction-external');
      expect((external!.result as { rows: { patches: number }[] }).rows.at(-1)!.patches).toBe(4);
      const scores = study.scores.list().flatMap(({ id }) => study.scores.of(id));
      expect(scores.some(({ volume }) => volume === included!.id)).toBe(true);
    } finally {
      study.close();
    }
  });

  it('is not done twice: asked again, it only writes the report anew', async () => {
    const again = await runCli(['demo', '--study', folder, '--minutes', '0.7', '--json']);
    expect(again.code).toBe(0);
    const study = await openStudy(folder, { readOnly: true });
    expect(study.runs.list()).toHaveLength(4);
    study.close();
  }, 120_000);

  it('lets a training be stopped by Ctrl-C, keeps its checkpoint and goes on from it', async () => {
    const stopped = await runCli(['train', 'autoencoder', folder, '--steps', '100000'], {
      whileRunning: (child, errors) => {
        const timer = setInterval(() => {
          if (!/Autoencoder · \d+\/100000/.test(errors())) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 50);
        child.on('close', () => clearInterval(timer));
      },
    });
    expect(stopped.code).toBe(130);
    const run = /--resume (\S+)/.exec(stopped.errors)?.[1];
    expect(run).toBeDefined();
    const study = await openStudy(folder);
    const { step } = study.checkpoints.latest(run!)!;
    expect(step).toBeGreaterThan(0);
    expect(study.runs.get(run!).status).toBe('cancelled');
    study.close();
    const resumed = await runCli(['train', 'autoencoder', folder, '--resume', run!], {
      whileRunning: (child, errors) => {
        const timer = setInterval(() => {
          const found = /Autoencoder · (\d+)\/100000/.exec(errors());
          if (found === null) return;
          clearInterval(timer);
          expect(Number(found[1])).toBeGreaterThanOrEqual(step);
          child.kill('SIGINT');
        }, 50);
        child.on('close', () => clearInterval(timer));
      },
    });
    expect(resumed.code).toBe(130);
  }, 120_000);

  it('refuses to begin with something to be included that is no scan, and says why', async () => {
    const { code, errors } = await runCli([
      ...['demo', '--study', join(root, 'refused'), '--minutes', '0.7'],
      ...['--include', join(import.meta.dirname, '..', '..', 'LICENSE')],
    ]);
    expect(code).toBe(1);
    expect(errors).toMatch(/LICENSE.*cannot be used.*none of the formats/);
    expect(existsSync(join(root, 'refused-phantom'))).toBe(false);
  });
});
