import type { ReferenceId } from './references.ts';

/** A measured quantity at 1.5 T and 3 T, with where it comes from beside it. */
export interface AtFields {
  readonly at1p5: number;
  readonly at3: number;
  readonly source: ReferenceId | readonly ReferenceId[];
}

/** A quantity that does not depend on the field, with its source. */
export interface Sourced {
  readonly value: number;
  readonly source: ReferenceId | readonly ReferenceId[];
}

export interface Tissue {
  /** ms */
  readonly t1: AtFields;
  /** ms */
  readonly t2: AtFields;
  /** Reversible rate R2′ in 1/s at 3 T; proportional to the field. */
  readonly r2Prime: Sourced;
  /** Relative to water. */
  readonly protonDensity: Sourced;
  /** Volume susceptibility relative to water, ppm (SI). */
  readonly susceptibility: Sourced;
  /** Gadolinium in mmol/L some minutes after 0.1 mmol/kg: blood volume × blood, or leakage where there is no barrier. */
  readonly gadolinium: Sourced;
  /** Blood that moves: share of the signal left in a spin echo, and share of spins that act as if fully relaxed (inflow) in a gradient echo. */
  readonly flow?: { readonly spinEcho: number; readonly inflow: number };
}

const at = (at1p5: number, at3: number, ...source: ReferenceId[]): AtFields => ({ at1p5, at3, source });
const is = (value: number, ...source: ReferenceId[]): Sourced => ({ value, source });

/** T2 in ms from the 3 T rate R2 in 1/s; 1.5 T by the ratio measured in the same heads for white or grey matter. */
const t2FromR2 = (r2At3: number, kind: 'white' | 'grey', ...source: ReferenceId[]): AtFields => {
  const at3 = 1000 / r2At3;
  return at(at3 * (kind === 'white' ? 80 / 71 : 87 / 76), at3, ...source, 'cox2010');
};
/** R2 and R2′ at 3 T from iron (mg per 100 g): linear, anchored at iron-free tissue and at the pallidum (21.3 mg). */
const r2OfIron = (iron: number): number => 12.7 + ((25.8 - 12.7) * iron) / 21.3;
const r2PrimeOfIron = (iron: number): number => 2.2 + ((12.0 - 2.2) * iron) / 21.3;
const t2OfIron = (iron: number): AtFields => t2FromR2(r2OfIron(iron), 'grey', 'gelman1999', 'hallgren1958');
const primeOfIron = (iron: number): Sourced => is(r2PrimeOfIron(iron), 'gelman1999', 'hallgren1958');
/** Lesions are measured at 3 T; the ratio of white matter carries them to 1.5 T. */
const lesionT1 = (at3: number): AtFields => at((at3 * 646) / 838, at3, 'deblank2019', 'wright2008');
const lesionT2 = (at3: number): AtFields => at((at3 * 80) / 71, at3, 'deblank2019', 'cox2010');
const none = is(0, 'model');

const WHITE_T1 = at(646, 838, 'wright2008');
const CSF_T1 = at(4070, 4070, 'rooney2007');
const CSF_T2 = at(2030, 2030, 'spijkerman2018');

const TABLE = {
  air: {
    t1: at(1, 1, 'model'),
    t2: at(1, 1, 'model'),
    r2Prime: none,
    protonDensity: none,
    susceptibility: is(9.41, 'schenck1996'),
    gadolinium: none,
  },
  skin: {
    t1: at(1008, 1412, 'stanisz2005', 'model'),
    t2: at(44, 50, 'stanisz2005', 'model'),
    r2Prime: is(6, 'model'),
    protonDensity: is(0.75, 'model'),
    susceptibility: none,
    gadolinium: is(0.08, 'model'),
  },
  fat: {
    t1: at(343, 382, 'bazelaire2004'),
    t2: at(58, 68, 'bazelaire2004'),
    r2Prime: is(8, 'model'),
    protonDensity: is(0.9, 'tofts2003'),
    susceptibility: is(0.65, 'schenck1996'),
    gadolinium: is(0.01, 'model'),
  },
  muscle: {
    t1: at(1008, 1412, 'stanisz2005'),
    t2: at(44, 50, 'stanisz2005'),
    r2Prime: is(6, 'model'),
    protonDensity: is(0.78, 'tofts2003'),
    susceptibility: none,
    gadolinium: is(0.06, 'model'),
  },
  compactBone: {
    t1: at(250, 250, 'model'),
    t2: at(0.5, 0.5, 'techawiboonwong2008'),
    r2Prime: none,
    protonDensity: is(0.2, 'techawiboonwong2008'),
    susceptibility: is(0.19, 'hopkins1997'),
    gadolinium: none,
  },
  marrow: {
    t1: at(549, 586, 'bazelaire2004'),
    t2: at(49, 49, 'bazelaire2004'),
    r2Prime: is(35, 'model'),
    protonDensity: is(0.55, 'model'),
    susceptibility: is(0.4, 'schenck1996'),
    gadolinium: is(0.05, 'model'),
  },
  dura: {
    t1: at(800, 1000, 'model'),
    t2: at(22, 22, 'model'),
    r2Prime: is(10, 'model'),
    protonDensity: is(0.7, 'model'),
    susceptibility: none,
    gadolinium: is(0.3, 'model'),
  },
  csf: {
    t1: CSF_T1,
    t2: CSF_T2,
    r2Prime: is(0.5, 'model'),
    protonDensity: is(1, 'tofts2003'),
    susceptibility: none,
    gadolinium: none,
  },
  grey: {
    t1: at(1197, 1607, 'wright2008'),
    t2: t2FromR2(14.4, 'grey', 'gelman1999'),
    r2Prime: is(3.4, 'gelman1999'),
    protonDensity: is(0.82, 'tofts2003'),
    susceptibility: is(0.02, 'langkammer2012'),
    gadolinium: is(0.022, 'szomolanyi2019', 'model'),
  },
  white: {
    t1: WHITE_T1,
    t2: t2FromR2(18.0, 'white', 'gelman1999'),
    r2Prime: is(3.9, 'gelman1999'),
    protonDensity: is(0.7, 'tofts2003'),
    susceptibility: is(-0.02, 'langkammer2012'),
    gadolinium: is(0.01, 'szomolanyi2019', 'model'),
  },
  brainstem: {
    // Tracts and nuclei mixed: three quarters white, one quarter grey.
    t1: at(784, 1030, 'wright2008', 'model'),
    t2: t2FromR2(16.6, 'white', 'gelman1999', 'model'),
    r2Prime: is(3.8, 'gelman1999'),
    protonDensity: is(0.73, 'tofts2003', 'model'),
    susceptibility: is(-0.01, 'langkammer2012'),
    gadolinium: is(0.012, 'model'),
  },
  caudate: {
    t1: at(1109, 1395, 'wright2008'),
    t2: t2OfIron(9.28),
    r2Prime: primeOfIron(9.28),
    protonDensity: is(0.81, 'tofts2003'),
    susceptibility: is(0.06, 'langkammer2012'),
    gadolinium: is(0.02, 'model'),
  },
  putamen: {
    t1: at(1084, 1332, 'wright2008'),
    t2: t2OfIron(13.32),
    r2Prime: primeOfIron(13.32),
    protonDensity: is(0.81, 'tofts2003'),
    susceptibility: is(0.09, 'langkammer2012'),
    gadolinium: is(0.02, 'model'),
  },
  pallidum: {
    // T1 between white matter and caudate: the pallidum is crossed by myelinated fibres.
    t1: at(762, 977, 'wright2008', 'model'),
    t2: t2FromR2(25.8, 'grey', 'gelman1999'),
    r2Prime: is(12.0, 'gelman1999'),
    protonDensity: is(0.75, 'tofts2003', 'model'),
    susceptibility: is(0.18, 'langkammer2012'),
    gadolinium: is(0.016, 'model'),
  },
  thalamus: {
    // T1 two thirds of the way from white matter to caudate.
    t1: at(955, 1209, 'wright2008', 'model'),
    t2: t2OfIron(4.76),
    r2Prime: primeOfIron(4.76),
    protonDensity: is(0.76, 'tofts2003', 'model'),
    susceptibility: is(0.02, 'langkammer2012'),
    gadolinium: is(0.018, 'model'),
  },
  nigra: {
    t1: at(878, 1117, 'wright2008', 'model'),
    t2: t2OfIron(18.46),
    r2Prime: primeOfIron(18.46),
    protonDensity: is(0.76, 'tofts2003', 'model'),
    susceptibility: is(0.16, 'langkammer2012'),
    gadolinium: is(0.016, 'model'),
  },
  choroid: {
    t1: at(1197, 1607, 'wright2008', 'model'),
    t2: at(120, 110, 'model'),
    r2Prime: is(8, 'model'),
    protonDensity: is(0.85, 'model'),
    susceptibility: none,
    gadolinium: is(0.4, 'model'),
  },
  artery: {
    t1: at(1441, 1932, 'stanisz2005'),
    t2: at(290, 275, 'stanisz2005'),
    r2Prime: is(2, 'model'),
    protonDensity: is(0.85, 'tofts2003', 'model'),
    susceptibility: is(-0.01, 'spees2001'),
    gadolinium: is(0.55, 'szomolanyi2019', 'model'),
    flow: { spinEcho: 0.06, inflow: 0.4 },
  },
  vein: {
    // Y = 0.6, haematocrit 0.42: Δχ = 0.27·4π·0.42·0.4 = 0.57 ppm.
    t1: at(1441, 1932, 'stanisz2005'),
    t2: at(120, 55, 'model'),
    r2Prime: is(15, 'model'),
    protonDensity: is(0.85, 'tofts2003', 'model'),
    susceptibility: is(0.57, 'spees2001'),
    gadolinium: is(0.55, 'szomolanyi2019', 'model'),
    flow: { spinEcho: 0.45, inflow: 0.16 },
  },
  vitreous: {
    t1: at(3600, 3600, 'rooney2007', 'model'),
    t2: at(900, 900, 'model'),
    r2Prime: is(1, 'model'),
    protonDensity: is(0.98, 'model'),
    susceptibility: none,
    gadolinium: none,
  },
  mucosa: {
    t1: at(1100, 1500, 'stanisz2005', 'model'),
    t2: at(130, 115, 'model'),
    r2Prime: is(12, 'model'),
    protonDensity: is(0.85, 'model'),
    susceptibility: none,
    gadolinium: is(0.4, 'model'),
  },
  oedema: {
    t1: lesionT1(1330),
    t2: lesionT2(106),
    r2Prime: is(3, 'model'),
    protonDensity: is(0.84, 'tofts2003', 'model'),
    susceptibility: is(-0.01, 'model'),
    gadolinium: is(0.015, 'model'),
  },
  tumour: {
    t1: lesionT1(1560),
    t2: lesionT2(108),
    r2Prime: is(5, 'model'),
    protonDensity: is(0.84, 'tofts2003', 'model'),
    susceptibility: is(0.03, 'model'),
    gadolinium: is(0.42, 'model'),
  },
  necrosis: {
    t1: lesionT1(2600),
    t2: lesionT2(260),
    r2Prime: is(4, 'model'),
    protonDensity: is(0.93, 'tofts2003', 'model'),
    susceptibility: is(0.02, 'model'),
    gadolinium: is(0.03, 'model'),
  },
  gliosis: {
    t1: lesionT1(1290),
    t2: lesionT2(98),
    r2Prime: is(3, 'model'),
    protonDensity: is(0.83, 'tofts2003', 'model'),
    susceptibility: is(0.01, 'model'),
    gadolinium: is(0.01, 'model'),
  },
  /** A plaque that demyelinates now: as gliosis, with an open barrier. */
  activePlaque: {
    t1: lesionT1(1290),
    t2: lesionT2(98),
    r2Prime: is(3, 'model'),
    protonDensity: is(0.83, 'tofts2003', 'model'),
    susceptibility: is(0.01, 'model'),
    gadolinium: is(0.3, 'model'),
  },
  cystFluid: {
    t1: at(3600, 3600, 'rooney2007', 'model'),
    t2: at(1500, 1500, 'model'),
    r2Prime: is(1, 'model'),
    protonDensity: is(0.99, 'tofts2003'),
    susceptibility: none,
    gadolinium: none,
  },
  haemosiderin: {
    t1: WHITE_T1,
    t2: at(60, 42, 'model'),
    r2Prime: is(70, 'model'),
    protonDensity: is(0.72, 'model'),
    susceptibility: is(1.1, 'mcauley2011'),
    gadolinium: none,
  },
  calcification: {
    t1: at(646, 838, 'wright2008', 'model'),
    t2: at(28, 24, 'model'),
    r2Prime: is(60, 'model'),
    protonDensity: is(0.4, 'model'),
    susceptibility: is(-1.6, 'schweser2010'),
    gadolinium: none,
  },
} as const satisfies Record<string, Tissue>;

export type TissueName = keyof typeof TABLE;

/** Relaxation, proton density, susceptibility and contrast-agent uptake of every tissue of the phantom. */
export const TISSUES: Readonly<Record<TissueName, Tissue>> = TABLE;
export const TISSUE_NAMES = Object.keys(TABLE) as TissueName[];
/** Index of each tissue in arrays of weights and signals. */
export const TISSUE = Object.fromEntries(TISSUE_NAMES.map((name, i) => [name, i])) as Record<TissueName, number>;
