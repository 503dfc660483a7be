/** Something that is not as it should be in a study. */
export interface Problem {
  /** Stable name. */
  code: string;
  item: string | null;
  /** Relative to the study. */
  path: string | null;
  /** For the person who reads it. */
  sentence: string;
}
