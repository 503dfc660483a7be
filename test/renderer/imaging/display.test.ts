import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentOf } from '../../../renderer/imaging/components.ts';
import { displayCopy, LARGEST } from '../../../renderer/imaging/display-copy.ts';
import { FADE_STEPS, fadeLevels, suggestedThreshold } from '../../../renderer/imaging/fade.ts';
import { paintGrey } from '../../../renderer/imaging/paint-grey.ts';
import {
  between,
  draggedWindow,
  levelsOf,
  openingWindow,
  WINDOW_PRESETS,
  windowed,
} from '../../../renderer/imaging/window.ts';
import { Random } from '../../../main/domain/random.ts';

describe('a display copy', () => {
  it('gives back every value to half a step of its scale', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 50, noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
        (values) => {
          const copy = displayCopy(values);
          values.forEach((value, i) => {
            expect(Math.abs(copy.stored[i]! * copy.scale - value)).toBeLessThanOrEqual(copy.scale * 0.5001);
            expect(Math.abs(copy.stored[i]!)).toBeLessThanOrEqual(LARGEST);
          });
        },
      ),
    );
  });

  it('stores what is no number as 0 and what is too large at the end of its range', () => {
    expect(Array.from(displayCopy(Float32Array.of(NaN, 2, -9, Infinity), 2).stored)).toEqual([0, 32767, -32767, 32767]);
    expect(displayCopy(new Float32Array(3)).scale).toBe(1);
  });

  it('is made of the component that was asked for', () => {
    const slice = { rows: 1, columns: 2, data: Float32Array.of(3, 4, 0, -2) };
    expect(Array.from(componentOf(slice, 'magnitude'))).toEqual([5, 2]);
    expect(Array.from(componentOf(slice, 'real'))).toEqual([3, 0]);
    expect(Array.from(componentOf(slice, 'imaginary'))).toEqual([4, -2]);
    expect(componentOf(slice, 'phase')[1]).toBeCloseTo(-Math.PI / 2, 6);
    expect(componentOf(slice, 'phase', slice)[1]).toBeCloseTo(0, 6);
  });
});

describe('the window', () => {
  it('shows its lower end black, its upper end white, and nothing beyond', () => {
    const window = between(0.2, 0.6);
    expect([0.1, 0.2, 0.4, 0.6, 9].map((value) => windowed(value, window))).toEqual([0, 0, expect.closeTo(0.5), 1, 1]);
  });

  it('widens to the right and brightens upwards, and never has no width', () => {
    const from = { centre: 0.5, width: 1 };
    const dragged = draggedWindow(from, { x: 100, y: -50 }, 500, 1);
    expect(dragged.width).toBeGreaterThan(1);
    expect(windowed(0.5, dragged)).toBeGreaterThan(0.5);
    expect(draggedWindow(from, { x: -1e6, y: 0 }, 500, 1).width).toBeGreaterThan(0);
  });

  it('opens on the tissue, not on one bright pixel', () => {
    const values = new Float32Array(10_000).fill(0.3);
    values.fill(0, 0, 5_000);
    values[9_999] = 50;
    const levels = levelsOf(values);
    expect(levels.median).toBeCloseTo(0.3, 5);
    expect(levels.high).toBeCloseTo(0.3, 5);
    expect(levels.largest).toBe(50);
    expect(openingWindow('magnitude', () => levels)).toEqual({ centre: levels.high / 2, width: levels.high });
    expect(openingWindow('real', () => levels).centre).toBe(0);
    for (const preset of WINDOW_PRESETS) expect(preset.of(levels).width).toBeGreaterThan(0);
  });

  it('opens on anything, even on nothing', () => {
    for (const values of [new Float32Array(0), new Float32Array(9), Float32Array.of(NaN, Infinity)]) {
      const window = openingWindow('magnitude', () => levelsOf(values));
      expect(window.width).toBeGreaterThan(0);
      expect(Number.isFinite(window.centre)).toBe(true);
    }
  });
});

describe('painting greys', () => {
  it('follows the line of the window to half a step, both ways round', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ minLength: 1, maxLength: 50 }),
        fc.integer({ min: -32767, max: 32767 }),
        fc.integer({ min: 1, max: 65535 }),
        (stored, windowCenter, windowWidth) => {
          const [greys, inverted] = [new Uint32Array(stored.length), new Uint32Array(stored.length)];
          paintGrey(greys, stored, { windowCenter, windowWidth }, false);
          paintGrey(inverted, stored, { windowCenter, windowWidth }, true);
          stored.forEach((value, i) => {
            const shown = 255 * windowed(value, { centre: windowCenter, width: windowWidth });
            for (const shift of [0, 8, 16]) {
              expect(Math.abs(((greys[i]! >>> shift) & 255) - shown)).toBeLessThanOrEqual(0.5001);
              expect(Math.abs(((inverted[i]! >>> shift) & 255) - (255 - shown))).toBeLessThanOrEqual(0.5001);
            }
            expect(greys[i]! >>> 24).toBe(255);
          });
        },
      ),
    );
  });
});

describe('fading phase out', () => {
  it('shows it fully from the threshold upwards, half above three quarters of it, and not below half', () => {
    const levels = fadeLevels(Float32Array.of(0, 0.49, 0.75, 1, 2), 1);
    expect(Array.from(levels)).toEqual([0, 0, 7, FADE_STEPS - 1, FADE_STEPS - 1]);
    expect(Array.from(fadeLevels(Float32Array.of(0, 1), 0))).toEqual([FADE_STEPS - 1, FADE_STEPS - 1]);
  });

  it('suggests a threshold above noise and below tissue', () => {
    const random = new Random('noise');
    const magnitude = Float32Array.from({ length: 40_000 }, (_, i) => {
      const signal = i % 3 === 0 ? random.uniform(0.3, 1) : 0;
      return Math.hypot(signal + 0.01 * random.normal(), 0.01 * random.normal());
    });
    const threshold = suggestedThreshold(magnitude);
    expect(threshold).toBeGreaterThan(0.02);
    expect(threshold).toBeLessThan(0.16);
    const hidden = fadeLevels(magnitude, threshold).filter((level) => level < FADE_STEPS - 1).length;
    expect(hidden / magnitude.length).toBeCloseTo(2 / 3, 1);
    expect(suggestedThreshold(new Float32Array(10))).toBe(0);
  });
});
