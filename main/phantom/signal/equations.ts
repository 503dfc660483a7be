import type { FieldStrength, Protocol } from './protocols.ts';
import { TISSUE_NAMES, TISSUES } from './tissues.ts';
import type { Tissue, TissueName } from './tissues.ts';

/** Relaxivity of gadobutrol, L/(mmol·s); sources `szomolanyi2019` (r1) and `rohrer2005` (r2). */
const RELAXIVITY = { r1: { at1p5: 4.78, at3: 4.97 }, r2: { at1p5: 6.1, at3: 7.1 } } as const;

/**
 * Signal of one tissue, relative to fully relaxed water: signed, since an inversion leaves long T1 negative. Rates in 1/s:
 * R1 = 1/T1 + r1·C, R2 = 1/T2 + r2·C, and R2* = R2 + R2′·B0/3 T.
 */
export function tissueSignal(tissue: Tissue, protocol: Protocol, field: FieldStrength): number {
  const key = field === 3 ? 'at3' : 'at1p5';
  const concentration = protocol.gadolinium ? tissue.gadolinium.value : 0;
  const r1 = 1000 / tissue.t1[key] + RELAXIVITY.r1[key] * concentration;
  const r2 = 1000 / tissue.t2[key] + RELAXIVITY.r2[key] * concentration;
  const r2Star = r2 + (tissue.r2Prime.value * field) / 3;
  const tr = protocol.repetitionTime / 1000;
  const te = protocol.echoTime / 1000;
  const ti = protocol.inversionTime / 1000;
  const off = protocol.evolutionTime / 1000;
  const density = tissue.protonDensity.value;
  const { flow } = tissue;
  switch (protocol.kind) {
    case 'gradient echo': {
      // Spoiled steady state (Ernst): sin α·(1 − E1)/(1 − cos α·E1)·e^{−TE·R2*}; inflowing spins are fully relaxed.
      const e1 = Math.exp(-tr * r1);
      const angle = (protocol.flipAngle * Math.PI) / 180;
      const steady = (Math.sin(angle) * (1 - e1)) / (1 - Math.cos(angle) * e1);
      const inflow = flow?.inflow ?? 0;
      return density * (steady * (1 - inflow) + Math.sin(angle) * inflow) * Math.exp(-te * r2Star);
    }
    case 'inversion recovery turbo spin echo': {
      // 1 − 2·e^{−TI·R1} + e^{−TR·R1}
      const longitudinal = 1 - 2 * Math.exp(-ti * r1) + Math.exp(-tr * r1);
      return density * longitudinal * Math.exp(-te * r2 - off * (r2Star - r2)) * (flow?.spinEcho ?? 1);
    }
    case 'spin echo':
    case 'turbo spin echo': {
      // 1 − 2·e^{−(TR − TE/2)·R1} + e^{−TR·R1}: the refocusing pulse inverts what has recovered until TE/2.
      const pulse = protocol.kind === 'spin echo' ? te / 2 : 0;
      const longitudinal = 1 - 2 * Math.exp(-(tr - pulse) * r1) + Math.exp(-tr * r1);
      const recovered = protocol.kind === 'spin echo' ? longitudinal : 1 - Math.exp(-tr * r1);
      return density * recovered * Math.exp(-te * r2 - off * (r2Star - r2)) * (flow?.spinEcho ?? 1);
    }
  }
}

/** Signals of all tissues, in the order of `TISSUE_NAMES`. */
export function signalTable(protocol: Protocol, field: FieldStrength): Float64Array {
  return Float64Array.from(TISSUE_NAMES, (name: TissueName) => tissueSignal(TISSUES[name], protocol, field));
}
