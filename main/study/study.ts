import { Annotations } from './annotations.ts';
import type { Catalogue } from './catalogue.ts';
import { Checkpoints } from './checkpoints.ts';
import type { StudyDescription } from './description.ts';
import { Experiments } from './experiments.ts';
import { keyedHash } from './identity.ts';
import type { IdentityKind } from './identity.ts';
import { Items, noSuchItem } from './items.ts';
import type { Surroundings } from './ids.ts';
import { Latents } from './latents.ts';
import type { Layout } from './layout.ts';
import { PatchSets } from './patch-sets.ts';
import { readProvenance } from './provenance.ts';
import type { Provenance } from './provenance.ts';
import { recover } from './recovery.ts';
import type { Recovery } from './recovery.ts';
import { Runs } from './runs.ts';
import { Scores } from './scores.ts';
import { sessionsIn } from './session.ts';
import type { Session } from './session.ts';
import { Splits } from './splits.ts';
import { Synthetic } from './synthetic.ts';
import { Volumes } from './volumes.ts';

/** What `openStudy` puts together. */
interface StudyParts {
  description: StudyDescription;
  catalogue: Catalogue;
  layout: Layout;
  session: Session | undefined;
  surroundings: Surroundings;
  identityKey: () => Uint8Array;
  recovery: Recovery;
}

/** An open study: one folder on disk with its catalogue. Close it when done. */
export class Study {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly readOnly: boolean;
  /** What was put right when it was opened, for the user to be told. */
  readonly recovery: Recovery;

  readonly volumes: Volumes;
  readonly annotations: Annotations;
  readonly splits: Splits;
  readonly patchSets: PatchSets;
  readonly runs: Runs;
  readonly checkpoints: Checkpoints;
  readonly latents: Latents;
  readonly synthetic: Synthetic;
  readonly experiments: Experiments;
  readonly scores: Scores;

  /** For the files of this folder (table, verify); others go through the lists above. */
  readonly catalogue: Catalogue;
  readonly layout: Layout;
  readonly items: Items;

  private readonly session: Session | undefined;
  private readonly identityKey: () => Uint8Array;
  private key: Uint8Array | undefined;

  constructor(parts: StudyParts) {
    const { description, catalogue, layout, session, surroundings, identityKey, recovery } = parts;
    this.folder = layout.root;
    this.id = description.id;
    this.name = description.name;
    this.created = description.created;
    this.readOnly = session === undefined;
    this.recovery = recovery;
    this.catalogue = catalogue;
    this.layout = layout;
    this.session = session;
    this.identityKey = identityKey;
    this.items = new Items(catalogue, layout, session, surroundings);
    this.volumes = new Volumes(catalogue, this.items);
    this.annotations = new Annotations(catalogue, () => this.items.now());
    this.splits = new Splits(catalogue, this.items);
    this.patchSets = new PatchSets(catalogue, this.items, layout);
    this.runs = new Runs(catalogue, this.items, layout, session);
    this.checkpoints = new Checkpoints(catalogue, this.items, layout);
    this.latents = new Latents(catalogue, this.items, layout);
    this.synthetic = new Synthetic(catalogue, this.items, layout);
    this.experiments = new Experiments(catalogue, this.items);
    this.scores = new Scores(catalogue, this.items);
  }

  /** Changes that belong together: all of them are stored, or, where `work` throws, none. */
  transaction<T>(work: () => T): T {
    return this.catalogue.write(work);
  }

  /**
   * Moves anything that has an id to the trash.
   * @throws IsochromatError `no-such-item`; `item-in-use` while something that was made from it is in the study
   */
  remove(item: string): void {
    this.items.remove(item);
  }

  /** Where an item came from. */
  provenance(item: string): Provenance {
    const found = readProvenance(this.catalogue, item);
    if (found === undefined) throw noSuchItem(item);
    return found;
  }

  /** SHA-256 of an item as it was published. */
  digest(item: string): string {
    return this.items.digest(item);
  }

  /** Keyed hash of a patient's id or a file's name: the same in all studies of this user, meaningless to others. */
  hideIdentity(kind: IdentityKind, identity: string): string {
    this.key ??= this.identityKey();
    return keyedHash(this.key, kind, identity);
  }

  /** Calls `listener` with the id of everything that this process adds to the study from now on. */
  onItem(listener: (id: string) => void): void {
    this.items.onPublished = listener;
  }

  /** What tells this process from others at work on the study; null where it only reads. */
  get sessionId(): string | null {
    return this.session?.id ?? null;
  }

  /** Whether the process of a session is still there. */
  isAlive(session: string): boolean {
    return sessionsIn(this.layout.staging).alive.includes(session);
  }

  /** Puts right what other processes left that have ended since the study was opened. */
  putRight(): Recovery {
    return this.catalogue.write(() => recover(this.catalogue, this.layout));
  }

  /** Ends the session: what was staged is removed, runs that it left running are `interrupted`. */
  close(): void {
    if (this.session !== undefined) {
      this.catalogue.run(
        `UPDATE runs SET status = 'interrupted', session = NULL WHERE status = 'running' AND session = ?`,
        this.session.id,
      );
      this.session.end();
    }
    this.catalogue.close();
  }
}
