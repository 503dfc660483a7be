import { describe, expect, it } from 'vitest';
import { maskOutline } from '../../../renderer/imaging/mask-outline.ts';
import { lineLength, profile, sampleAt, scaleBar } from '../../../renderer/imaging/measure.ts';
import { displayedEdges, isRadiological, readingTurn, UPRIGHT } from '../../../renderer/imaging/orientation.ts';
import { regionStatistics } from '../../../renderer/imaging/region.ts';
import { ByteCache } from '../../../renderer/imaging/slice-cache.ts';

/** Magnitude 1 + column, phase π − 0.05 in even and −π + 0.05 in odd columns. */
const slice = {
  rows: 4,
  columns: 6,
  data: Float32Array.from(
    Array.from({ length: 24 }, (_, i) => {
      const phase = i % 2 === 0 ? Math.PI - 0.05 : -Math.PI + 0.05;
      return [(1 + (i % 6)) * Math.cos(phase), (1 + (i % 6)) * Math.sin(phase)];
    }).flat(),
  ),
};

describe('a region', () => {
  it('counts the pixels whose centres lie in it, with mean, deviation and circular mean', () => {
    const region = { top: 0.4, left: 1.4, height: 2, width: 2 };
    const found = regionStatistics(slice, region, 'rectangle', [0.5, 2])!;
    expect(found.pixels).toBe(4);
    expect(found.areaMm2).toBe(4);
    expect(found.magnitude.mean).toBeCloseTo(2.5, 5);
    expect(found.magnitude.deviation).toBeCloseTo(Math.sqrt(1 / 3), 5);
    expect([found.magnitude.minimum, found.magnitude.maximum]).toEqual([expect.closeTo(2), expect.closeTo(3)]);
    // A plain mean of the phases would be 0.
    expect(Math.abs(found.phase.mean)).toBeGreaterThan(3);
  });

  it('is an ellipse or a rectangle, and may lie partly or wholly outside', () => {
    const whole = { top: -3, left: -3, height: 10, width: 12 };
    expect(regionStatistics(slice, whole, 'rectangle', null)!.pixels).toBe(24);
    expect(regionStatistics(slice, { top: 0, left: 0, height: 4, width: 6 }, 'ellipse', null)!.pixels).toBe(20);
    expect(regionStatistics(slice, { top: 9, left: 9, height: 4, width: 6 }, 'rectangle', null)).toBeNull();
  });
});

describe('lines', () => {
  it('are measured in millimetres, rows and columns each with their own size', () => {
    expect(lineLength({ x: 0, y: 0 }, { x: 3, y: 4 }, [0.5, 2])).toEqual({ length: Math.hypot(6, 2), unit: 'mm' });
    expect(lineLength({ x: 0, y: 0 }, { x: 3, y: 4 }, null)).toEqual({ length: 5, unit: 'px' });
  });

  it('carry a profile that does not jump where phase wraps', () => {
    const points = profile(slice, { x: 0.5, y: 1.5 }, { x: 5.5, y: 1.5 }, null);
    expect(points.map((p) => Math.round(p.magnitude))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(points.at(-1)!.distance).toBe(5);
    const between = profile(slice, { x: 1, y: 1.5 }, { x: 1.01, y: 1.5 }, null)[0]!;
    expect(Math.abs(between.phase)).toBeGreaterThan(3);
  });

  it('have a bar of a round length', () => {
    expect(scaleBar(2.3, 120)).toEqual({ mm: 50, pixels: expect.closeTo(115) });
    expect(scaleBar(100, 120)).toEqual({ mm: 1, pixels: 100 });
    expect(scaleBar(0, 120)).toBeNull();
  });
});

describe('the cursor', () => {
  it('reads the pixel it is in, and nothing outside', () => {
    expect(sampleAt(slice, { x: 5.99, y: 3.99 })).toMatchObject({ row: 3, column: 5, magnitude: expect.closeTo(6) });
    expect(sampleAt(slice, { x: 6, y: 0 })).toBeNull();
    expect(sampleAt(slice, { x: -0.01, y: 0 })).toBeNull();
  });
});

describe('orientation', () => {
  const axial = { left: 'R', right: 'L', top: 'A', bottom: 'P' };

  it('follows the image when it is mirrored and turned', () => {
    expect(displayedEdges(axial, { ...UPRIGHT, rotation: 90 })).toEqual({
      left: 'P',
      top: 'R',
      right: 'A',
      bottom: 'L',
    });
    expect(displayedEdges(axial, { ...UPRIGHT, flippedHorizontally: true })).toEqual({
      ...axial,
      left: 'L',
      right: 'R',
    });
    const twice = displayedEdges(displayedEdges(axial, { ...UPRIGHT, rotation: 180 }), { ...UPRIGHT, rotation: 180 });
    expect(twice).toEqual(axial);
  });

  it('knows the radiological convention', () => {
    expect(isRadiological(axial)).toBe(true);
    expect(isRadiological(displayedEdges(axial, { ...UPRIGHT, flippedHorizontally: true }))).toBe(false);
    expect(isRadiological({ left: 'A', right: 'P', top: 'H', bottom: 'F' })).toBeNull();
  });

  it.each([
    [{ left: 'L', right: 'R', top: 'P', bottom: 'A' }, 'A', 'R'],
    [{ left: 'A', right: 'P', top: 'F', bottom: 'H' }, 'H', 'A'],
    [{ left: 'F', right: 'H', top: 'L', bottom: 'R' }, 'H', 'R'],
    [axial, 'A', 'R'],
  ])('brings %j into the position in which it is read', (edges, top, left) => {
    expect(displayedEdges(edges, readingTurn(edges))).toMatchObject({ top, left });
  });
});

describe('the outline of a mask', () => {
  it('is made of joined edges of its pixels', () => {
    const mask = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
    expect(maskOutline(mask, 3, 4)).toBe('M1 1H3M1 2H3M1 1V2M3 1V2');
    expect(maskOutline(new Uint8Array(12), 3, 4)).toBe('');
    expect(maskOutline(new Uint8Array(4).fill(1), 2, 2)).toBe('M0 0H2M0 2H2M0 0V2M2 0V2');
  });
});

describe('the cache of slices', () => {
  it('holds no more bytes than it may, and forgets what was used longest ago', async () => {
    const cache = new ByteCache<Uint8Array>(100, (value) => value.byteLength);
    const load = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(40));
    for (const key of ['a', 'b']) await cache.get(key, load);
    await cache.get('a', load);
    await cache.get('c', load);
    expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([true, false, true]);
    expect(cache.bytes).toBe(80);
    cache.forget('a');
    expect([cache.bytes, cache.size]).toEqual([40, 1]);
  });

  it('loads once for all who wait, and again after a failure', async () => {
    let loads = 0;
    const cache = new ByteCache<number>(100, () => 1);
    const load = (): Promise<number> => Promise.resolve(++loads);
    expect(await Promise.all([cache.get('k', load), cache.get('k', load)])).toEqual([1, 1]);
    await expect(cache.get('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(cache.has('bad')).toBe(false);
  });
});
