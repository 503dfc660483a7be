import { describe, expect, it } from 'vitest';
import { phaseEntries } from '../../../renderer/imaging/colour/phase-map.ts';
import { componentOf } from '../../../renderer/imaging/components.ts';
import { displayCopy } from '../../../renderer/imaging/display-copy.ts';
import { buffersOf, prepare } from '../../../renderer/imaging/prepare.ts';

const slice = () => ({ rows: 2, columns: 3, data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(7 * i)) });

describe('a slice that is made ready beside the page', () => {
  it('holds what the page would make of it itself', () => {
    const prepared = prepare(slice(), ['magnitude', 'phase', 'imaginary']);
    expect(prepared.entries).toEqual(phaseEntries(slice().data));
    expect(prepared.copies).toEqual({
      magnitude: displayCopy(componentOf(slice(), 'magnitude')),
      imaginary: displayCopy(componentOf(slice(), 'imaginary')),
    });
  });

  it('makes nothing that is not shown, and changes hands without a copy', () => {
    const prepared = prepare(slice(), ['phase']);
    expect(Object.keys(prepared.copies)).toEqual(['magnitude']);
    const buffers = buffersOf(prepared);
    expect(new Set(buffers).size).toBe(buffers.length);
    const moved = structuredClone(prepared, { transfer: buffers as ArrayBuffer[] });
    expect(moved.entries).toEqual(phaseEntries(slice().data));
    expect(prepared.copies.magnitude.stored.byteLength).toBe(0);
  });
});
