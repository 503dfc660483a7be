/** One way to compute, as `compute/backend.ts` tries it. */
export interface BackendCandidate {
  /** What users write after `--backend`. */
  name: string;
  /** Why it stands where it stands in the order. */
  reasoning: string;
  /** How to get it where it is missing; shown by `doctor`. */
  remedy: string;
  /**
   * Makes it TensorFlow.js' active backend.
   * @throws anything, with the reason why it does not work here
   */
  activate: () => Promise<ActiveBackend>;
}

export interface ActiveBackend {
  /** The processor in words: "NVIDIA A100", "2 CPU threads". */
  device: string;
  version: string;
}
