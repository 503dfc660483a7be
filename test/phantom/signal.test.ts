import { describe, expect, test } from 'vitest';
import { SEQUENCES } from '../../main/domain/sequences.ts';
import type { Sequence } from '../../main/domain/sequences.ts';
import { tissueSignal } from '../../main/phantom/signal/equations.ts';
import { FIELD_STRENGTHS, nullingTime, protocolOf } from '../../main/phantom/signal/protocols.ts';
import { REFERENCES } from '../../main/phantom/signal/references.ts';
import { TISSUES } from '../../main/phantom/signal/tissues.ts';
import type { TissueName } from '../../main/phantom/signal/tissues.ts';

/** Grey levels as a textbook lists them, from dark to bright. */
const ORDERS: Record<Sequence, TissueName[][]> = {
  AXT1: [
    ['compactBone', 'csf', 'grey', 'white', 'fat'],
    ['csf', 'necrosis', 'tumour', 'white'],
    ['csf', 'oedema', 'white'],
    ['csf', 'gliosis', 'white'],
    ['artery', 'grey'],
    ['grey', 'pallidum', 'white'],
  ],
  AXT1PRE: [
    ['compactBone', 'csf', 'grey', 'white', 'fat'],
    ['csf', 'tumour', 'white'],
    ['white', 'artery'],
  ],
  AXT1POST: [
    ['compactBone', 'csf', 'grey', 'white', 'tumour'],
    ['necrosis', 'white', 'tumour'],
    ['white', 'choroid'],
    ['white', 'vein'],
    ['white', 'dura'],
    ['white', 'mucosa'],
    ['oedema', 'white'],
  ],
  AXT2: [
    ['compactBone', 'pallidum', 'white', 'grey', 'csf'],
    ['white', 'gliosis', 'csf'],
    ['white', 'oedema', 'csf'],
    ['grey', 'tumour', 'necrosis'],
    ['artery', 'white'],
    ['muscle', 'white'],
  ],
  AXFLAIR: [
    ['csf', 'white', 'grey', 'gliosis'],
    ['csf', 'white', 'oedema'],
    ['pallidum', 'grey', 'tumour'],
  ],
};

describe.each(FIELD_STRENGTHS)('at %s T', (field) => {
  const signal = (sequence: Sequence, tissue: TissueName): number =>
    tissueSignal(TISSUES[tissue], protocolOf(sequence, field), field);

  test.each(SEQUENCES)('grey levels of %s are in the order of the textbook', (sequence) => {
    for (const order of ORDERS[sequence]) {
      const levels = order.map((tissue) => Math.abs(signal(sequence, tissue)));
      expect(levels, order.join(' < ')).toEqual([...levels].sort((a, b) => a - b));
    }
  });

  test('FLAIR nulls CSF: less than 2 % of white matter', () => {
    expect(Math.abs(signal('AXFLAIR', 'csf'))).toBeLessThan(0.02 * signal('AXFLAIR', 'white'));
  });

  test('T1 before contrast differs from T1 in its physics, not only in its name', () => {
    expect(protocolOf('AXT1PRE', field).kind).not.toBe(protocolOf('AXT1', field).kind);
    // Arteries are void in a spin echo, bright by inflow in a gradient echo.
    expect(signal('AXT1', 'artery')).toBeLessThan(0.3 * signal('AXT1', 'white'));
    expect(signal('AXT1PRE', 'artery')).toBeGreaterThan(1.2 * signal('AXT1PRE', 'white'));
  });

  test('contrast agent brightens blood and tumour by more than half, and grey matter hardly', () => {
    const protocol = protocolOf('AXT1POST', field);
    const gain = (tissue: TissueName): number =>
      tissueSignal(TISSUES[tissue], protocol, field) /
      tissueSignal(TISSUES[tissue], { ...protocol, gadolinium: false }, field);
    expect(gain('tumour')).toBeGreaterThan(1.5);
    expect(gain('vein')).toBeGreaterThan(1.5);
    expect(gain('grey')).toBeGreaterThan(1);
    expect(gain('grey')).toBeLessThan(1.2);
  });
});

test('the nulling time is where the recovery crosses zero', () => {
  for (const [t1, tr] of [
    [4070, 9000],
    [500, 2000],
    [250, 1e6],
  ] as const) {
    const ti = nullingTime(t1, tr);
    expect(1 - 2 * Math.exp(-ti / t1) + Math.exp(-tr / t1)).toBeCloseTo(0, 10);
  }
  // With infinite repetition time it is T1·ln 2.
  expect(nullingTime(1000, 1e9)).toBeCloseTo(1000 * Math.LN2, 6);
});

test('every number of the tissue table names a source that is listed', () => {
  for (const [name, tissue] of Object.entries(TISSUES)) {
    for (const quantity of [
      tissue.t1,
      tissue.t2,
      tissue.r2Prime,
      tissue.protonDensity,
      tissue.susceptibility,
      tissue.gadolinium,
    ]) {
      for (const source of [quantity.source].flat())
        expect(REFERENCES[source], `${name}: ${source}`).toBeTypeOf('string');
    }
  }
});
