import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { AutoencoderRecipe } from './autoencoder.ts';
import type { FlowRecipe } from './flow.ts';

export type BatchRecipe = FlowRecipe | AutoencoderRecipe;

/** What the thread is told (worker.ts). */
export interface BatchWorkerData {
  recipe: BatchRecipe;
  port: MessagePort;
}

/** Steps that are drawn before they are asked for. */
const AHEAD = 3;
/** A run shorter than this ends before a thread would have started. */
const FIRST_STEPS = 20;

/**
 * The batches of a run, drawn on another thread while the training thread computes. A batch is a function of its step alone, so one that is not
 * there in time, or whose thread failed, is simply drawn here: the numbers are the same either way, and nothing ever waits.
 */
export class PrefetchedBatches<B> {
  private readonly recipe: BatchRecipe | undefined;
  private readonly draw: (step: number) => B;
  private readonly ready = new Map<number, B>();
  private taken = 0;
  /** The next step that nobody has asked the thread for. */
  private wanted = 0;
  private thread: { worker: Worker; port: MessagePort } | undefined;
  private failed = false;

  /** @param recipe what the thread draws from; none where it cannot be told. @param draw the same in this thread */
  constructor(recipe: BatchRecipe | undefined, draw: (step: number) => B) {
    this.recipe = recipe;
    this.draw = draw;
  }

  /** The batch of a step; steps go up. */
  take(step: number): B {
    this.taken += 1;
    if (this.taken > FIRST_STEPS && this.thread === undefined && !this.failed) this.start();
    this.receive();
    const batch = this.ready.get(step);
    for (const earlier of this.ready.keys()) if (earlier <= step) this.ready.delete(earlier);
    if (this.thread !== undefined) {
      this.wanted = Math.max(this.wanted, step + 1);
      for (; this.wanted <= step + AHEAD; this.wanted++) this.thread.port.postMessage(this.wanted);
    }
    return batch ?? this.draw(step);
  }

  /** How many batches lie ready: for tests. */
  get waiting(): number {
    this.receive();
    return this.ready.size;
  }

  async close(): Promise<void> {
    this.failed = true;
    this.ready.clear();
    const { thread } = this;
    this.thread = undefined;
    thread?.port.close();
    await thread?.worker.terminate();
  }

  private start(): void {
    if (this.recipe === undefined) {
      this.failed = true;
      return;
    }
    const { port1, port2 } = new MessageChannel();
    const workerData: BatchWorkerData = { recipe: this.recipe, port: port2 };
    // Flags of the main program (--input-type, --inspect…) are not for its workers.
    const options = { workerData, transferList: [port2], execArgv: [] };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), options);
    worker.on('error', () => void this.close());
    worker.unref();
    port1.unref();
    this.thread = { worker, port: port1 };
  }

  private receive(): void {
    if (this.thread === undefined) return;
    for (
      let got = receiveMessageOnPort(this.thread.port);
      got !== undefined;
      got = receiveMessageOnPort(this.thread.port)
    ) {
      const { step, batch } = got.message as { step: number; batch: B };
      this.ready.set(step, batch);
    }
  }
}
