import type { Study } from '../../study/index.ts';
import type { StoredJob } from './job-table.ts';

/** Ends of a process that may have left something half made. */
export type DisorderlyEnd = 'crashed' | 'out-of-memory' | 'cancelled' | 'interrupted';

/** What processes of jobs leave behind: the orphans of an engine that is gone, which still save what they have, and what was not put in order. */
export class LooseEnds {
  private readonly study: Study;
  private orphans: string[];
  private disorder: { job: StoredJob; state: DisorderlyEnd }[] = [];

  /** @param orphans sessions of jobs that the last engine left running */
  constructor(study: Study, orphans: string[]) {
    this.study = study;
    this.orphans = orphans;
  }

  /** Whether jobs of the last engine still save what they have: nothing new starts beside them. */
  get hasOrphans(): boolean {
    return this.orphans.length > 0;
  }

  /** A process ended without putting its things in order: they are put in order now, and its runs get the job's state. */
  add(job: StoredJob, state: DisorderlyEnd): void {
    this.disorder.push({ job, state });
    this.putRight();
  }

  /** To be called from time to time. @returns whether the last orphan has gone since the last look */
  look(): boolean {
    this.putRight();
    if (!this.hasOrphans) return false;
    this.orphans = this.orphans.filter((session) => this.study.isAlive(session));
    if (this.hasOrphans) return false;
    this.study.putRight();
    return true;
  }

  private putRight(): void {
    if (this.disorder.length === 0) return;
    try {
      const { interruptedRuns } = this.study.putRight();
      for (const { job, state } of this.disorder) {
        for (const run of interruptedRuns.filter((each) => job.items.includes(each) || each === job.run)) {
          void this.study.runs.finish(run, state).catch(() => {});
        }
      }
      this.disorder = [];
    } catch {
      // The catalogue is busy or the disk full: tried again with the next look.
    }
  }
}
