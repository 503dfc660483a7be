/** Something in a file that tells, or may tell, whom it is about. It lives in memory only: it is shown once and never stored or logged. */
export interface IdentifyingValue {
  /** What the format calls it: `Patient's Name (0010,0010)`. */
  readonly attribute: string;
  readonly value: string;
  /** A study keeps a keyed hash of it, or nothing at all. */
  readonly becomes: 'hash' | 'nothing';
}

/** Longer texts are cut: what people write freely can be pages. */
const LONGEST = 160;

/** A value as it can be shown: one line, no control characters; undefined where nothing is left. */
export function identifyingValue(
  attribute: string,
  value: string,
  becomes: IdentifyingValue['becomes'] = 'nothing',
): IdentifyingValue | undefined {
  const text = value.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (text === '') return undefined;
  return { attribute, value: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text, becomes };
}
