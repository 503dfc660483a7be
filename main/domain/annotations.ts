/**
 * A box around a finding on the **stored** (unflipped) image: `top` and `left` count pixels from the first row and
 * column; the box covers rows top … top+height−1. Readers of formats with flipped coordinates convert at the door.
 */
export interface Box {
  slice: number;
  top: number;
  left: number;
  height: number;
  width: number;
  label: string;
}

/** What a reader said about one file. Empty `boxes` and `studyLabels` = reviewed, without finding. */
export interface FileAnnotations {
  /** File name without extension, the key of fastMRI+. */
  file: string;
  boxes: Box[];
  studyLabels: string[];
}
