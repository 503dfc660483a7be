import { isSequence } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';

/** What a header or a file's name says that may tell the sequence. */
export interface SequenceClues {
  /** Names that people and scanners gave: acquisition, protocol, series description, file. */
  names: readonly string[];
  contrastAgent?: boolean;
  /** In which plane the slices lie; undefined where nothing says so. */
  plane?: 'axial' | 'sagittal' | 'coronal' | 'oblique' | undefined;
  /** Milliseconds. */
  echoTime?: number | undefined;
  repetitionTime?: number | undefined;
  inversionTime?: number | undefined;
  /** Tokens of Scanning Sequence (0018,0020): SE, GR, EP, IR … */
  scanningSequence?: readonly string[];
  diffusion?: boolean;
}

export interface SequenceGuess {
  /** null: none of ours, or nothing tells. */
  sequence: Sequence | null;
  /** `certain`: named as ours are; `likely`: named, or clear from its times; `unsure`: to be confirmed by the user. */
  confidence: 'certain' | 'likely' | 'unsure';
  reason: string;
  /** Where it was read: the header, or the name of the file. */
  from: 'header' | 'name';
}

/** Acquisitions that are none of the method's sequences, whatever their weighting is. */
const OTHER_KINDS: readonly (readonly [RegExp, string])[] = [
  [/FIELD ?MAP|FMAP|GRE FIELD|B0 ?MAP|SHIM/, 'a field map'],
  [/\b(DTI|DWI|DIFF\w*|TRACE|ADC)\b/, 'a diffusion acquisition'],
  [/\b(BOLD|FMRI|RESTING|REST|EPI)\b/, 'an echo-planar time series'],
  [/\b(P?C?ASL|PERFUSION)\b/, 'a perfusion acquisition'],
  [/\b(SWI|T2 ?STARW?|QSM|T2\*)|\bMGRE\b/, 'a T2*-weighted acquisition'],
  [/\b(LOCALI[SZ]ER|SCOUT|SURVEY|AA ?HEAD)/, 'a localizer'],
];

const FLAIR = /FLAIR|DARK ?FLUID|\bT2 ?(W )?TIRM|\bTIRM\b/;
const T1 = /T1|MP ?RAGE|\bSPGR\b|\bBRAVO\b/;
const T2 = /T2/;
const AFTER_CONTRAST = /\b(POST|GD|GAD\w*|CE|KM|CONTRAST|WITH C)\b|\+ ?(C|GD|KM)\b|T1POST|T1 ?CE/;
const BEFORE_CONTRAST = /\b(PRE|NATIVE|NATIV|WITHOUT|W O)\b|T1PRE/;

/**
 * Which of the method's sequences an acquisition is, judged by its names (ours, and those that other sites use, such as T1-TSE and
 * T2-TIRM), then by its times. A guess for the user to confirm: what is not axial, or told by times alone, is never more
 * than `unsure`.
 */
export function guessSequence(clues: SequenceClues, from: SequenceGuess['from'] = 'header'): SequenceGuess {
  return { ...guess(clues), from };
}

type Verdict = Omit<SequenceGuess, 'from'>;

function guess(clues: SequenceClues): Verdict {
  const exact = clues.names.map((name) => name.trim().toUpperCase()).find(isSequence);
  const verdict: Verdict =
    exact === undefined
      ? (byName(clues) ?? byTimes(clues))
      : { sequence: exact, confidence: 'certain', reason: 'The file names it so.' };
  const { plane } = clues;
  if (verdict.sequence === null || plane === undefined || plane === 'axial') return verdict;
  return {
    ...verdict,
    confidence: 'unsure',
    reason: `${verdict.reason} But the slices are ${plane}, and the sequences of the method are axial.`,
  };
}

function byName({ names, contrastAgent, diffusion, scanningSequence = [] }: SequenceClues): Verdict | undefined {
  const text = names
    .join(' | ')
    .toUpperCase()
    .replace(/[_\-./^]+/g, ' ');
  const none = (what: string): Verdict => ({
    sequence: null,
    confidence: 'likely',
    reason: `This is ${what}, which is none of the method's sequences.`,
  });
  const other = OTHER_KINDS.find(([pattern]) => pattern.test(text));
  if (other !== undefined) return none(other[1]);
  if (diffusion === true) return none('a diffusion acquisition');
  if (scanningSequence.includes('EP')) return none('an echo-planar acquisition');
  const likely = (sequence: Sequence, why: string): Verdict => ({ sequence, confidence: 'likely', reason: why });
  if (FLAIR.test(text)) return likely('AXFLAIR', 'Its name says FLAIR, or T2 with inversion recovery (TIRM).');
  if (T1.test(text)) {
    if (BEFORE_CONTRAST.test(text)) return likely('AXT1PRE', 'Its name says T1 before contrast agent.');
    if (AFTER_CONTRAST.test(text)) return likely('AXT1POST', 'Its name says T1 after contrast agent.');
    if (contrastAgent === true) return likely('AXT1POST', 'Its name says T1, and a contrast agent was given.');
    return likely('AXT1', 'Its name says T1.');
  }
  return T2.test(text) ? likely('AXT2', 'Its name says T2.') : undefined;
}

/** Limits as text books give them for 1.5 and 3 T (spin echo; inversion recovery that nulls fluid). */
function byTimes({
  echoTime,
  repetitionTime,
  inversionTime,
  scanningSequence = [],
  contrastAgent,
}: SequenceClues): Verdict {
  const unsure = (sequence: Sequence, reason: string): Verdict => ({ sequence, confidence: 'unsure', reason });
  const milliseconds = (value: number | undefined): string => (value === undefined ? '?' : String(Math.round(value)));
  const times = `TR ${milliseconds(repetitionTime)} ms, TE ${milliseconds(echoTime)} ms`;
  if (inversionTime !== undefined && inversionTime >= 1500 && (echoTime ?? 0) >= 60) {
    return unsure('AXFLAIR', `${times}, TI ${milliseconds(inversionTime)} ms are those of a FLAIR.`);
  }
  const spinEcho = scanningSequence.length === 0 || scanningSequence.includes('SE');
  if (spinEcho && echoTime !== undefined && repetitionTime !== undefined) {
    if (echoTime <= 35 && repetitionTime <= 1200) {
      return unsure(contrastAgent === true ? 'AXT1POST' : 'AXT1', `${times} are those of a T1-weighted spin echo.`);
    }
    if (echoTime >= 70 && repetitionTime >= 2000)
      return unsure('AXT2', `${times} are those of a T2-weighted spin echo.`);
  }
  return { sequence: null, confidence: 'unsure', reason: 'Neither its names nor its times tell the sequence.' };
}
