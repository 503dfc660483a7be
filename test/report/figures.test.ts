import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { PHASE_MAP, phaseIndex } from '../../main/report/figures/colormaps.ts';
import { logarithmicTicks, roundTicks } from '../../main/report/figures/axis.ts';
import { lineChart } from '../../main/report/figures/line-chart.ts';
import { intervalPlot } from '../../main/report/figures/interval-plot.ts';
import {
  magnitudeRaster,
  phaseErrorRaster,
  phaseErrors,
  phaseRaster,
  upperLevel,
  whiteLevel,
} from '../../main/report/figures/patch-images.ts';
import { encodePng } from '../../main/report/figures/png.ts';
import { rocChart } from '../../main/report/figures/roc-chart.ts';
import { scorePlot } from '../../main/report/figures/score-plot.ts';
import { referencePatches } from '../evaluation/reference.ts';

describe('PNG files', () => {
  it('come back with the pixels that went in, in grey, colour and with opacity', () => {
    for (const channels of [1, 3, 4] as const) {
      const data = Uint8Array.from({ length: 6 * channels }, (_, i) => (37 * i) % 256);
      const back = PNG.sync.read(encodePng({ width: 3, height: 2, channels, data }));
      expect([back.width, back.height]).toEqual([3, 2]);
      for (let p = 0; p < 6; p++) {
        const wanted =
          channels === 1 ? [data[p], data[p], data[p]] : [...data.subarray(channels * p, channels * p + 3)];
        expect([...back.data.subarray(4 * p, 4 * p + 3)]).toEqual(wanted);
        expect(back.data[4 * p + 3]).toBe(channels === 4 ? data[4 * p + 3] : 255);
      }
    }
  });
});

describe('pictures of real patches', () => {
  it('show magnitude from 0 to the white level and phase as it is', async () => {
    const [, patch] = await referencePatches('target');
    const white = whiteLevel([patch!]);
    expect(white).toBeGreaterThan(0.5);
    expect(white).toBeLessThanOrEqual(1);
    const grey = magnitudeRaster(patch!, white).data;
    const colours = phaseRaster(patch!).data;
    for (const i of [0, 5000, 9215]) {
      const [re, im] = [patch!.data[2 * i]!, patch!.data[2 * i + 1]!];
      expect(grey[i]).toBe(Math.min(255, Math.round((255 * Math.hypot(re, im)) / white)));
      const index = phaseIndex(Math.atan2(im, re));
      expect([...colours.subarray(3 * i, 3 * i + 3)]).toEqual([...PHASE_MAP.subarray(3 * index, 3 * index + 3)]);
    }
  });

  it('measure the phase error as an angle, and not where there is no signal', () => {
    const image = (values: number[]): { rows: number; columns: number; data: Float32Array } => ({
      rows: 1,
      columns: values.length / 2,
      data: Float32Array.from(values),
    });
    const target = image([1, 0, 0, 1, 0.001, 0]);
    const made = image([0, 2, 0, 1, 5, 5]);
    const errors = phaseErrors(made, target);
    expect(errors[0]).toBeCloseTo(Math.PI / 2, 12);
    expect(errors[1]).toBe(0);
    expect(errors[2]).toBeNaN();
    expect([...phaseErrorRaster(made, target, 1).data.subarray(6)]).toEqual([132, 138, 144]);
    expect(upperLevel([new Float64Array(4)])).toBe(1);
    expect(whiteLevel([])).toBe(1);
  });
});

describe('axes', () => {
  it('have few round ticks inside their range', () => {
    const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(bound, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (low, span) => {
        const ticks = roundTicks(low, low + span, 5);
        expect(ticks.length).toBeLessThanOrEqual(11);
        for (const { value } of ticks) {
          expect(value).toBeGreaterThanOrEqual(low - span * 1e-6 - 1e-9);
          expect(value).toBeLessThanOrEqual(low + span * (1 + 1e-6) + 1e-9);
        }
      }),
    );
    expect(roundTicks(0, 2800, 5).map(({ label }) => label)).toContain('1,500');
    expect(roundTicks(-0.2, 0.2, 4).map(({ label }) => label)).toEqual(['−0.2', '−0.1', '0.0', '0.1', '0.2']);
    expect(logarithmicTicks(0.05, 2).map(({ label }) => label)).toEqual(['0.05', '0.1', '0.2', '0.5', '1', '2']);
    expect(logarithmicTicks(1e-4, 1).map(({ label }) => label)).toEqual(['0.0001', '0.001', '0.01', '0.1', '1']);
  });
});

describe('charts', () => {
  it('never hold a coordinate that is not a number, whatever the values are', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, 0, -1));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), fc.boolean(), (values, logarithmic) => {
        const steps = values.map((_, i) => i);
        const { text } = lineChart('Loss', 'loss', [{ name: 'training', steps, values }], { logarithmic });
        expect(text).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 100 },
    );
  });

  it('say that there is nothing to draw', () => {
    expect(lineChart('Loss', 'loss', [{ name: 'a', steps: [1], values: [NaN] }]).text).toContain(
      'no values that could be drawn',
    );
  });

  it('draw estimates that are missing, one class only, and many equal scores', () => {
    const plot = intervalPlot('AUROC', [{ name: 'AXT2', marks: [{ value: null, interval: null }] }]).text;
    expect(plot).toContain('no estimate');
    expect(rocChart([{ name: 'x', labels: [1, 1], scores: [0.1, 0.2] }]).text).not.toMatch(/polyline|NaN/);
    const volumes = Array.from({ length: 300 }, (_, i) => ({
      id: `v${i}`,
      score: 0.5,
      patches: 20,
      used: 1,
      label: null,
    }));
    const scores = scorePlot('many', volumes).text;
    expect(scores.match(/<circle/g)).toHaveLength(300);
    expect(scores).not.toMatch(/NaN|="-\d/);
  });
});
