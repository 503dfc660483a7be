import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compareCommand } from '../../main/cli/compare.ts';
import { rocCommand } from '../../main/cli/roc.ts';
import type { RocResult } from '../../main/cli/roc.ts';
import { readNpyAs, writeNpy } from '../../main/formats/npy.ts';
import { referenceFile } from '../data.ts';
import { imageMetrics, statistics } from '../evaluation/reference.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochromat-statistics-'));
  vi.stubEnv('ISOCHROMAT_LOG_DIR', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Runs a command in this process and returns what it printed. */
async function run(command: Command, ...args: string[]): Promise<{ out: string; err: string; code: unknown }> {
  let out = '';
  let err = '';
  const write = (into: (text: string) => void) => (text: unknown, done?: unknown) => {
    into(String(text));
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(write((text) => (out += text)) as never);
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(write((text) => (err += text)) as never);
  try {
    await command.parseAsync(['--quiet', ...args], { from: 'user' });
    return { out, err, code: process.exitCode };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
    process.exitCode = 0;
  }
}

describe('compare', () => {
  const target = referenceFile('patches_target.npy');
  const prediction = referenceFile('patches_prediction.npy');

  it('prints the reference metrics of real patches as JSON, null for an infinite PSNR', async () => {
    const { out, code } = await run(compareCommand(), '--json', prediction, target);
    const { slices } = JSON.parse(out) as { slices: { phaseCoherence: number; ssim: number; psnr: number | null }[] };
    expect(code).toBe(0);
    expect(slices).toHaveLength(8);
    slices.forEach((slice, k) => {
      expect(slice.phaseCoherence).toBeCloseTo(imageMetrics[k]!.phase_coherence, 11);
      expect(slice.ssim).toBeCloseTo(imageMetrics[k]!.ssim, 11);
      expect(slice.psnr ?? -1).toBeCloseTo(imageMetrics[k]!.psnr_db ?? -1, 8);
    });
    expect(slices[0]!.psnr).toBeNull();
  });

  it('reads one image, and real and imaginary planes, alike', async () => {
    const { data } = await readNpyAs(prediction, 'complex64');
    const one = data.slice(2 * 9216, 4 * 9216);
    const planes = Float32Array.from(one, (_, i) => one[i < 9216 ? 2 * i : 2 * (i - 9216) + 1]!);
    await writeNpy(join(folder, 'one.npy'), { shape: [96, 96], dtype: 'complex64', data: one });
    await writeNpy(join(folder, 'planes.npy'), { shape: [1, 2, 96, 96], dtype: 'float32', data: planes });
    const { out } = await run(compareCommand(), '--json', join(folder, 'one.npy'), join(folder, 'planes.npy'));
    expect(JSON.parse(out)).toEqual({ slices: [{ phaseCoherence: 1, ssim: 1, psnr: null }] });
  });

  it('prints a table with the means for people', async () => {
    const { out } = await run(compareCommand(), prediction, target);
    expect(out).toContain('phase coherence');
    expect(out.trim().split('\n').at(-1)).toMatch(/^mean/);
  });

  it('refuses arrays of another size or kind with a sentence', async () => {
    const reals = join(folder, 'real.npy');
    await writeNpy(reals, { shape: [8, 96, 96], dtype: 'float32', data: new Float32Array(8 * 9216) });
    const kind = await run(compareCommand(), '--json', target, reals);
    expect(kind.code).toBe(1);
    expect(JSON.parse(kind.out)).toMatchObject({ error: { code: 'compare-not-complex-images', subject: reals } });
    const small = join(folder, 'small.npy');
    await writeNpy(small, { shape: [9, 9], dtype: 'complex64', data: new Float32Array(162) });
    expect((await run(compareCommand(), target, small)).err).toContain('8 × 96 × 96');
    const broken = join(folder, 'broken.npy');
    await writeNpy(broken, { shape: [9, 9], dtype: 'complex64', data: new Float32Array(162).fill(NaN) });
    expect((await run(compareCommand(), small, broken)).err).toContain('not finite');
  });
});

describe('roc', () => {
  function csv(name: string, head: string, rows: readonly (readonly (string | number)[])[]): string {
    const path = join(folder, name);
    writeFileSync(path, [head, ...rows.map((row) => row.join(','))].join('\n'));
    return path;
  }

  it.each(statistics.roc.map((reference, k) => ({ k, reference })))(
    'prints the reference values, set $k',
    async (set) => {
      const { labels, scores, scores_b: b, ...r } = set.reference;
      const rows = labels.map((label, i) => [label, scores[i]!, b[i]!, `volume ${Math.floor(i / 2)}`]);
      const path = csv('scores.csv', 'label,score,score_b,group', rows);
      const { out } = await run(rocCommand(), '--json', '--threshold', '0.5', '--resamples', '200', path);
      const found = JSON.parse(out) as RocResult;
      expect(found.auroc).toBeCloseTo(r.auroc, 12);
      expect(found.variance / r.delong_variance).toBeCloseTo(1, 9);
      expect(found.brier).toBeCloseTo(r.brier, 12);
      expect(found.comparison!.auroc).toBeCloseTo(r.auroc_b, 12);
      expect(found.comparison!.z / r.delong_z).toBeCloseTo(1, 8);
      expect(found.comparison!.p / r.delong_p).toBeCloseTo(1, 7);
      expect(found.interval[0]).toBeCloseTo(r.auroc - 1.959964 * Math.sqrt(r.delong_variance), 6);
      expect(found.cluster!.groups).toBe(labels.length / 2);
      expect(found.operatingPoint!.sensitivity.n).toBe(found.positives);
    },
  );

  it('takes other column names, and none', async () => {
    const rows = [
      ['normal', 0.1, 5, 'a'],
      ['abnormal', 3.2, 6, 'b'],
      ['normal', 1, 4, 'c'],
      ['abnormal', 0.5, 9, 'd'],
    ];
    const path = csv('named.csv', '\uFEFFlabel,score,other,patient', rows);
    const plain = JSON.parse((await run(rocCommand(), '--json', path)).out) as RocResult;
    expect(plain).toMatchObject({ auroc: 0.75, brier: null });
    expect(plain).not.toHaveProperty('comparison');
    const { out } = await run(rocCommand(), '--compare', 'other', '--group', 'patient', path);
    expect(out).toContain('AUROC of other');
    expect(out).toContain('over 4 groups (patient)');
  });

  it.each([
    ['an unknown column', 'label,score', [[1, 0.5]], ['--group', 'site'], 'roc-column-missing'],
    ['no score column', 'label,points', [[1, 0.5]], [], 'roc-column-missing'],
    ['an empty table', 'label,score', [], [], 'roc-column-missing'],
    ['a word for a score', 'label,score', [[1, 'high']], [], 'roc-bad-cell'],
    ['a third class', 'label,score', [[2, 0.1]], [], 'roc-bad-cell'],
    ['a ragged row', 'label,score', [[1, 0.1, 3]], [], 'roc-not-csv'],
    ['one class', 'label,score', [[1, 0.1]], [], 'roc-one-class'],
  ] as const)('refuses %s', async (_name, head, rows, options, code) => {
    const { out, code: exit } = await run(rocCommand(), '--json', ...options, csv('bad.csv', head, rows));
    expect(JSON.parse(out)).toMatchObject({ error: { code } });
    expect(exit).toBe(1);
  });

  it('names a file that is not there', async () => {
    const { err } = await run(rocCommand(), join(folder, 'absent.csv'));
    expect(err).toContain('absent.csv');
  });
});
