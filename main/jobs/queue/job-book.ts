import { REAL_SURROUNDINGS, newId } from '../../study/ids.ts';
import type { Study } from '../../study/index.ts';
import { JobTable } from './job-table.ts';
import type { StoredJob } from './job-table.ts';

/**
 * The jobs of a study in memory, written through to its catalogue. A change that cannot be stored at once (the disk is full, another
 * process writes) is stored as soon as it can be: what the engine knows of its jobs does not depend on the disk.
 */
export class JobBook {
  private readonly table: JobTable;
  private readonly jobs = new Map<string, StoredJob>();
  private readonly unsaved = new Set<StoredJob>();

  constructor(study: Study) {
    this.table = new JobTable(study.catalogue);
    for (const job of this.table.all()) this.jobs.set(job.id, job);
  }

  now(): string {
    return REAL_SURROUNDINGS.now().toISOString();
  }

  get(id: string): StoredJob | undefined {
    return this.jobs.get(id);
  }

  all(): StoredJob[] {
    return [...this.jobs.values()];
  }

  /** Those that wait, in the order in which they are to start. */
  queued(): StoredJob[] {
    return this.all()
      .filter((job) => job.state === 'queued')
      .sort((a, b) => b.priority - a.priority || a.position - b.position);
  }

  /** Those that run, those that wait, those that are over (last ended first). */
  inOrder(): StoredJob[] {
    const all = this.all();
    const running = all.filter((job) => job.state === 'running');
    const over = all.filter((job) => job.state !== 'running' && job.state !== 'queued');
    over.sort((a, b) => ((a.ended ?? '') < (b.ended ?? '') ? 1 : -1));
    return [...running, ...this.queued(), ...over];
  }

  /** Adds a job to the end of the queue. It is stored, or this throws. */
  create(job: Pick<StoredJob, 'kind' | 'title' | 'parameters' | 'priority'>): StoredJob {
    const created: StoredJob = {
      ...job,
      id: newId('job', REAL_SURROUNDINGS, (id) => this.jobs.has(id)),
      state: 'queued',
      position: this.lastPosition() + 1,
      attempt: 1,
      created: this.now(),
      started: null,
      ended: null,
      session: null,
      run: null,
      items: [],
      outcome: null,
      error: null,
    };
    this.table.save([created]);
    this.jobs.set(created.id, created);
    return created;
  }

  /** Puts a job that is over at the end of the queue again. */
  requeue(job: StoredJob, run: string | null): void {
    const position = this.lastPosition() + 1;
    const begin = { started: null, ended: null, session: null, outcome: null, error: null };
    this.update(job, { ...begin, state: 'queued', position, attempt: job.attempt + 1, run });
  }

  update(job: StoredJob, change: Partial<StoredJob>): void {
    Object.assign(job, change);
    this.unsaved.add(job);
    this.flush();
  }

  /** Items come many at a time: they are stored with the next flush. */
  addItem(job: StoredJob, item: string): void {
    if (job.items.includes(item)) return;
    job.items.push(item);
    this.unsaved.add(job);
  }

  /** Gives a queued job a priority, and its place before another one or at the end. Returns the jobs that moved. */
  move(job: StoredJob, before: string | null, priority: number): StoredJob[] {
    const others = this.queued().filter((other) => other !== job && other.priority === priority);
    const at = others.findIndex((other) => other.id === before);
    const order = at < 0 ? [...others, job] : [...others.slice(0, at), job, ...others.slice(at)];
    job.priority = priority;
    order.forEach((each, position) => (each.position = position));
    for (const each of order) this.unsaved.add(each);
    this.flush();
    return order;
  }

  remove(job: StoredJob): void {
    this.table.remove(job.id);
    this.unsaved.delete(job);
    this.jobs.delete(job.id);
  }

  /** Stores what is not stored yet, where that is possible now. */
  flush(): void {
    try {
      this.table.save([...this.unsaved]);
      this.unsaved.clear();
    } catch {
      // Tried again with the next one.
    }
  }

  private lastPosition(): number {
    return Math.max(-1, ...this.all().map((job) => job.position));
  }
}
