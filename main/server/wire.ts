// What travels between engine and window, as plain data. The window imports these through contract.ts.
import type { Sequence } from '../domain/sequences.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import type { JobProgress, JobRecord, LogLine } from '../jobs/queue/types.ts';

/** An error as the API returns it: never a stack, never a path. */
export interface EngineError {
  /** Stable: `no-such-item`, `study-read-only`, `input`, … */
  code: string;
  sentence: string;
  /** An id of the study where it is about one. */
  subject?: string;
  expected?: string;
  found?: string;
  remedy?: string;
}

/** An opaque name for a file or folder that the user picked: what the API takes instead of a path. */
export type PathToken = string;

export interface PickedPath {
  token: PathToken;
  /** To be shown while it is being chosen, and not kept: names of files can be names of people. */
  name: string;
  kind: 'file' | 'folder';
}

/** A folder's content, for choosing files without a shell. */
export interface FolderListing {
  entries: PickedPath[];
  /** Entries beyond those that are listed. */
  more: number;
  parent: PathToken | null;
}

// ── Study ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface OpenedStudy {
  id: string;
  name: string;
  created: string;
  readOnly: boolean;
  /** Open for reading only because another engine has it: since when. */
  heldSince: string | null;
  /** What was put right when it was opened. */
  recovery: { removed: number; movedToTrash: number; interruptedRuns: string[]; missing: string[] };
}

export interface RecentStudy {
  /** For `study.open({ recent })`; no path. */
  key: string;
  id: string;
  name: string;
  lastOpened: string;
  volumes: number;
  /** Its folder is where it was. */
  present: boolean;
  /** A volume whose thumbnail stands for it. */
  picture: string | null;
}

export interface VolumeCountRow {
  purpose: 'training' | 'external';
  /** null = reviewed, but neither normal nor abnormal. */
  tissueClass: TissueClass | null;
  sequence: Sequence;
  volumes: number;
  slices: number;
}

export interface StudyInfo extends OpenedStudy {
  volumes: VolumeCountRow[];
  patchSets: number;
  runs: { id: string; kind: string; preset: string | null; status: string; created: string; checkpoints: number }[];
  syntheticSets: number;
  experiments: { id: string; kind: string; created: string }[];
  trash: { entries: number; bytes: number };
}

/** Something that takes long and is not a job: its progress comes as `progress` events with its id. */
export interface TaskStarted {
  task: string;
}

export type TaskState<Result> =
  | { state: 'running'; progress: { stage: string; done: number; total: number | null } | null }
  | { state: 'done'; result: Result }
  | { state: 'failed'; error: EngineError }
  | { state: 'cancelled' };

export interface StudyVerification {
  ok: boolean;
  problems: { code: string; item: string | null; sentence: string }[];
  items: number;
  files: number;
  bytes: number;
}

// ── Volumes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A line of the library. */
export interface VolumeRow {
  id: string;
  name: string;
  created: string;
  format: string;
  sequence: Sequence;
  sequenceSource: 'header' | 'name' | 'user';
  tissueClass: TissueClass | null;
  classReason: string;
  /** Keyed hash: tells patients apart and says nothing of them. */
  patient: string | null;
  site: string | null;
  scanner: string | null;
  purpose: 'training' | 'external';
  slices: number;
  rows: number;
  columns: number;
  coils: number | null;
  hasPhase: boolean;
  originalRows: number;
  originalColumns: number;
  facialSlices: readonly [first: number, last: number] | null;
  /** Of the newest patch set. */
  patches: number;
  /** In the split scheme in force. */
  split: Split | null;
  boxes: number;
  tags: string[];
  hasNotes: boolean;
}

export interface VolumePage {
  total: number;
  rows: VolumeRow[];
}

/** How many of the volumes that the other filters leave have each value. */
export interface FacetCount {
  value: string | null;
  count: number;
}
export type FacetName =
  | 'sequence'
  | 'tissueClass'
  | 'site'
  | 'scanner'
  | 'split'
  | 'purpose'
  | 'hasPhase'
  | 'format'
  | 'annotated'
  | 'finding'
  | 'tag';

export interface ProvenanceStep {
  item: string;
  kind: string;
  sha256: string;
  configuration: unknown;
  codeVersion: string;
  backend: string | null;
  device: string | null;
  seed: string | null;
  created: string;
  /** Items by id; `source` is a file outside the study. */
  inputs: { id: string; sha256: string }[];
}

export interface VolumeChange {
  when: string;
  what: 'class' | 'sequence' | 'purpose' | 'facial slices' | 'tags' | 'notes';
  from: string | null;
  to: string | null;
  reason: string | null;
}

export interface VolumeDetails extends VolumeRow {
  notes: string;
  /** Which slices seem to show the face; null = none, or nothing could be said. */
  suggestedFacialSlices: readonly [first: number, last: number] | null;
  /** Slices that could not be used when it was imported, and hold zeros. */
  unusableSlices: { slice: number; code: string; reason: string }[];
  /** Technical facts of the acquisition and what was done to the images (jobs/intake: VolumeInfo). */
  info: Record<string, unknown>;
  provenance: ProvenanceStep;
  /** What was made from it: patch sets, runs, …, nearest first. */
  usedBy: { id: string; kind: string }[];
  changes: VolumeChange[];
}

export interface TrashedItem {
  id: string;
  kind: string;
  name: string;
  deleted: string;
  bytes: number;
  /** Its files are still in the trash. */
  restorable: boolean;
}

// ── Intake ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A volume as found by a scan, before anything was written. */
export interface FoundVolume {
  /** Names it within its scan. */
  key: string;
  format: string;
  sequence: Sequence | null;
  sequenceConfidence: 'certain' | 'likely' | 'unsure';
  sequenceReason: string;
  components: readonly string[];
  pairing: string;
  hasPhase: boolean;
  slices: number;
  rows: number;
  columns: number;
  coils: number | null;
  /** What coil images and sensitivities of one slice take; null where it is no k-space of several coils. */
  coilBytes: number | null;
  fileCount: number;
  /** Name of its file, or of the folder that holds its files: to be shown and not kept. */
  name: string;
  /** Folders from the one that was picked down to it: to be shown and not kept. */
  place: string[];
  scanner: string | null;
  echoTimes: readonly number[];
  repetitionTimes: readonly number[];
  inversionTimes: readonly number[];
  pixelSpacing: readonly [number, number] | null;
  phaseUnits: string | null;
  burnedInAnnotation: boolean;
  notes: readonly string[];
}

/** A volume of a scan that is in the study already, and as which. */
export interface KnownVolume {
  key: string;
  volume: { id: string; name: string };
}

/** Something that tells, or may tell, whom volumes are about: to be shown once, and gone. */
export interface IdentityShown {
  attribute: string;
  values: { value: string; becomes: 'hash' | 'nothing'; volumes: number }[];
}
export interface IdentitiesShown {
  attributes: IdentityShown[];
  /** Volumes whose files could not be looked into. */
  failed: { key: string; error: EngineError }[];
}

export interface ScanResult {
  volumes: FoundVolume[];
  /** Refused files by reason; names of the first ones, to be shown and not kept. */
  refused: { code: string; reason: string; count: number; names: string[] }[];
  otherFiles: number;
}

// ── System ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Versions {
  isochromat: string;
  node: string;
  v8: string;
  sqlite: string;
  platform: string;
}

/** What `/events` sends; `id` counts up and is what a client that comes back resumes after. */
export type EngineEvent =
  /** A job was added, or anything but its progress changed. */
  | { kind: 'job'; data: JobRecord }
  | { kind: 'progress'; data: { job: string; progress: JobProgress } | TaskProgress }
  | { kind: 'log'; data: { job: string; line: LogLine } }
  /** `items`: what was added or changed, where that is known. */
  | { kind: 'study'; data: { change: 'opened' | 'closed' | 'content'; study: string | null; items?: string[] } }
  /** `gap`: more was missed than is kept, ask for everything anew. */
  | { kind: 'engine'; data: { state: 'ready' | 'gap' | 'closing' } };

export interface TaskProgress {
  task: string;
  stage: string;
  done: number;
  total: number | null;
  /** The last word of this task: its result can be asked for. */
  ended?: boolean;
}

/** What became of each of several items; what failed does not stop the others. */
export interface BatchResult {
  done: string[];
  failed: { id: string; error: EngineError }[];
}

export interface BackendShown {
  name: string;
  works: boolean;
  device: string;
  version: string;
  reason: string;
  ms: number;
  gigaflops: number | null;
  fallbackOperations: string[];
  chosen: boolean;
  reasoning: string;
  remedy: string;
}

/** The machine in the status bar. */
export interface Machine {
  processor: string;
  cores: number;
  memoryBytes: number;
  /** What work runs on, once the doctor has looked; null before. */
  backend: string | null;
  device: string | null;
}

/** What this machine can compute on. */
export interface DoctorShown {
  node: string;
  system: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  backends: BackendShown[];
}
