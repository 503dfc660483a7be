import { describe, expect, it } from 'vitest';
import { centrePatches } from '../../../renderer/features/viewer/centre-patches.ts';
import {
  nextCoilComponent,
  nextComponent,
  openingComponents,
  panesOf,
} from '../../../renderer/features/viewer/layouts.ts';
import { panned, rectangleBetween, wheelSteps, zoomedAbout } from '../../../renderer/features/viewer/tools.ts';
import { viewedVolume } from '../../../renderer/features/viewer/volume-facts.ts';
import { COIL_COMPONENTS } from '../../../renderer/imaging/components.ts';
import type { View } from '../../../renderer/imaging/index.ts';
import { centralPositions } from '../../../main/patches/index.ts';

const view: View = {
  zoom: 1,
  pan: { x: 0, y: 0 },
  turn: { flippedHorizontally: false, flippedVertically: false, rotation: 0 },
};
const fitted = { width: 400, height: 300 };

describe('the tools of the viewer', () => {
  it('zoom about the place under the pointer, which stays there', () => {
    const at = { x: 80, y: -50 };
    const once = zoomedAbout(view, 2, at, fitted);
    const twice = zoomedAbout(once, 1.7, at, fitted);
    // From the image's middle to that place, in fitted pixels.
    const under = ({ zoom, pan }: View): number => (at.x - pan.x * fitted.width * zoom) / zoom;
    expect(under(once)).toBeCloseTo(80, 9);
    expect(under(twice)).toBeCloseTo(80, 9);
    expect(zoomedAbout(view, 1e9, at, fitted).zoom).toBe(40);
  });

  it('pan with the pointer at every zoom', () => {
    const zoomed = { ...view, zoom: 4 };
    const moved = panned(zoomed, { x: 12, y: -8 }, fitted);
    expect(moved.pan.x * fitted.width * 4).toBeCloseTo(12, 9);
    expect(moved.pan.y * fitted.height * 4).toBeCloseTo(-8, 9);
  });

  it('turn a notch of a wheel into a slice, and a flick into three at most', () => {
    expect([120, -100, 3, 900].map((deltaY) => wheelSteps({ deltaY, deltaMode: 0 }))).toEqual([1, -1, 1, 3]);
    expect(wheelSteps({ deltaY: 3, deltaMode: 1 })).toBe(1);
    expect(wheelSteps({ deltaY: 0, deltaMode: 0 })).toBe(0);
  });

  it('make upright rectangles of any two corners', () => {
    expect(rectangleBetween({ x: 9, y: 2 }, { x: 4, y: 8 })).toEqual({ top: 2, left: 4, height: 6, width: 5 });
  });
});

describe('layouts', () => {
  it('show one, two or four components, or two volumes side by side', () => {
    expect(panesOf('four', null).map(({ place }) => place.slot)).toEqual([0, 1, 2, 3]);
    expect(panesOf('compare', null).map(({ place }) => place.volume)).toEqual(['first', 'second', 'first', 'second']);
    expect(panesOf('four', 2).map(({ index }) => index)).toEqual([2]);
  });

  it('show one pane a volume where there is no phase', () => {
    expect(panesOf('four', null, false)).toHaveLength(1);
    expect(panesOf('compare', null, false)).toHaveLength(2);
    expect(nextComponent('magnitude', false)).toBe('magnitude');
    expect(openingComponents(false)[0]).toBe('magnitude');
  });

  it('go round the components', () => {
    expect(nextComponent('imaginary', true)).toBe('magnitude');
    expect(nextComponent('kspace', true)).toBe('magnitude');
    const seen = ['phase' as const, ...COIL_COMPONENTS].map(nextCoilComponent);
    expect(seen).toEqual([...COIL_COMPONENTS, 'magnitude']);
  });
});

describe('what is known of a volume', () => {
  const details = {
    ...{ id: 'v', name: 'n', sequence: 'AXT2' as const, tissueClass: null, classReason: '' },
    ...{ slices: 3, rows: 4, columns: 5, hasPhase: true, facialSlices: null, coils: null },
  };

  it('is null where the file said nothing or nonsense', () => {
    const read = viewedVolume({ ...details, info: { pixelSpacing: [0, 1], geometry: null, notes: 'x' } });
    expect(read).toMatchObject({ spacing: null, edges: null, plane: null, notes: [], coils: 1, coilSlices: [] });
    expect(viewedVolume({ ...details, coils: 8, info: { coilSlices: [1, 'x'] } })).toMatchObject({
      coils: 8,
      coilSlices: [1],
    });
  });

  it('holds the size of a pixel and what stands at the edges', () => {
    const edges = { left: 'R', right: 'L', top: 'A', bottom: 'P' };
    const info = { pixelSpacing: [0.5, 0.6], geometry: { edges, plane: 'axial', sliceSpacing: 5 }, notes: ['a', 1] };
    expect(viewedVolume({ ...details, info })).toMatchObject({
      spacing: [0.5, 0.6],
      edges,
      sliceSpacing: 5,
      notes: ['a'],
    });
  });

  it('outlines the very patches that a slice is scored by', () => {
    const places = centralPositions(320, 320).map(({ top, left }) => ({ top, left, size: 96 }));
    expect(centrePatches(320, 320)).toEqual(places);
    expect(centrePatches(90, 320)).toEqual([]);
  });
});
