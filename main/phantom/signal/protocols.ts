import type { Sequence } from '../../domain/sequences.ts';
import { TISSUES } from './tissues.ts';

/** The scanners of the phantom, by their nominal field. */
export const FIELD_STRENGTHS = [1.5, 3] as const;
export type FieldStrength = (typeof FIELD_STRENGTHS)[number];

/** ¹H gyromagnetic ratio over 2π, MHz/T. */
export const GYROMAGNETIC_RATIO = 42.577478518;

/** How one acquisition is made. Times in ms. */
export interface Protocol {
  readonly kind: 'spin echo' | 'turbo spin echo' | 'inversion recovery turbo spin echo' | 'gradient echo';
  readonly repetitionTime: number;
  /** Effective echo time. */
  readonly echoTime: number;
  readonly inversionTime: number;
  readonly flipAngle: number;
  /**
   * Time during which field differences turn the phase at the centre of k-space. The echo time of a gradient echo. A spin echo
   * refocuses them; the phantom reads its spin echoes this long off the echo (as with an asymmetric readout), so that phase
   * carries susceptibility in every sequence. Clinical protocols do so seldom and less.
   */
  readonly evolutionTime: number;
  readonly gadolinium: boolean;
}

/** The inversion time that nulls a T1: 1 − 2·e^{−TI/T1} + e^{−TR/T1} = 0. */
export function nullingTime(t1: number, repetitionTime: number): number {
  return t1 * Math.log(2 / (1 + Math.exp(-repetitionTime / t1)));
}

/**
 * Protocols in the manner of fastMRI's brain data: turbo spin echo for FLAIR and T2, spin echo for T1, and gradient echoes with
 * 70° for T1 before and after contrast, with different echoes, so that T1 and T1PRE differ in their physics.
 */
export function protocolOf(sequence: Sequence, field: FieldStrength): Protocol {
  const high = field === 3;
  const plain = { inversionTime: 0, gadolinium: false };
  switch (sequence) {
    case 'AXFLAIR': {
      const repetitionTime = high ? 9000 : 8500;
      const csf = TISSUES.csf.t1;
      const inversionTime = Math.round(nullingTime(high ? csf.at3 : csf.at1p5, repetitionTime));
      const kind = 'inversion recovery turbo spin echo';
      const echoTime = high ? 90 : 105;
      return {
        kind,
        repetitionTime,
        echoTime,
        inversionTime,
        flipAngle: 150,
        evolutionTime: high ? 7 : 12,
        gadolinium: false,
      };
    }
    case 'AXT1':
      return {
        ...plain,
        kind: 'spin echo',
        repetitionTime: high ? 650 : 520,
        echoTime: high ? 9 : 13,
        flipAngle: 90,
        evolutionTime: high ? 6 : 10,
      };
    case 'AXT1PRE':
      return {
        ...plain,
        kind: 'gradient echo',
        repetitionTime: high ? 280 : 220,
        echoTime: high ? 9.2 : 11.5,
        flipAngle: 70,
        evolutionTime: high ? 9.2 : 11.5,
      };
    case 'AXT1POST':
      return {
        kind: 'gradient echo',
        repetitionTime: high ? 250 : 190,
        echoTime: high ? 6.9 : 9.2,
        inversionTime: 0,
        flipAngle: 70,
        evolutionTime: high ? 6.9 : 9.2,
        gadolinium: true,
      };
    case 'AXT2':
      return {
        ...plain,
        kind: 'turbo spin echo',
        repetitionTime: high ? 6000 : 5000,
        echoTime: high ? 100 : 110,
        flipAngle: 150,
        evolutionTime: high ? 8 : 13,
      };
  }
}
