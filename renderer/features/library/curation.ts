import type {
  BatchResult,
  EngineError,
  LabelPreview,
  VolumeLabelMapping,
  VolumeRow,
} from '../../../main/server/contract.ts';
import { engine } from '../../api/client.ts';
import { useToasts } from '../../app/toasts.ts';
import { useUndo } from '../../app/undo.ts';
import { messages } from '../../messages/en/index.ts';
import { useLibrary } from './store.ts';

const m = messages.library;
type Update = Parameters<typeof engine.volumes.update.mutate>[0];
/** What may be corrected, with the reason. */
export type Correction = Pick<Update, 'sequence' | 'tissueClass'> & { reason: string };

/** What makes a volume ready to be scored from outside, or takes it back. */
type Preparation = Pick<Update, 'purpose' | 'facialSlices'>;

/** Changes to volumes that can be undone. */
export function useCuration() {
  const undo = useUndo();
  const toasts = useToasts();
  const library = useLibrary();

  async function remove(ids: string[]): Promise<void> {
    let moved = ids;
    await undo.perform({
      title: m.removed(ids.length),
      async redo() {
        const result = await engine.volumes.remove.mutate({ ids: moved });
        moved = result.done;
        if (moved.length === 0) throw refusal(result) ?? new Error(m.notRemoved(ids.length));
        tellFailures(result);
      },
      async undo() {
        tellFailures(await engine.volumes.restore.mutate({ ids: moved }));
      },
    });
    await library.reload();
  }

  function tellFailures({ failed }: BatchResult): void {
    const first = failed[0];
    if (first !== undefined)
      toasts.show({ kind: 'warning', text: `${m.notRemoved(failed.length)} ${first.error.sentence}` });
  }

  /** Corrects volumes alike; undoing gives each back what it had. */
  async function correct(ids: string[], correction: Correction): Promise<void> {
    const before = (await rowsOf(ids)).map(({ id, sequence, tissueClass }) => ({ id, sequence, tissueClass }));
    await undo.perform({
      title: m.corrected(ids.length),
      redo: () => update({ ids, ...correction }),
      async undo() {
        for (const [, same] of Map.groupBy(before, (row) => `${row.sequence}/${row.tissueClass}`)) {
          const { sequence, tissueClass } = same[0]!;
          const part = {
            ...(correction.sequence === undefined ? {} : { sequence }),
            ...(correction.tissueClass === undefined ? {} : { tissueClass }),
          };
          await update({ ids: same.map(({ id }) => id), ...part, reason: m.undoReason });
        }
      },
    });
  }

  /** Purpose and facial slices; undoing gives each volume back what it had. */
  async function prepare(ids: string[], change: Preparation): Promise<void> {
    const before = (await rowsOf(ids)).map(({ id, purpose, facialSlices }) => ({ id, purpose, facialSlices }));
    await undo.perform({
      title: m.corrected(ids.length),
      redo: () => update({ ids, ...change }),
      async undo() {
        for (const [, same] of Map.groupBy(before, (row) => `${row.purpose}/${String(row.facialSlices)}`)) {
          const { purpose, facialSlices } = same[0]!;
          const range = facialSlices === null ? null : ([...facialSlices] as [number, number]);
          await update({ ids: same.map(({ id }) => id), purpose, facialSlices: range });
        }
      },
    });
    await library.reload();
  }

  /** Classes out of a table; undoing gives each volume back the one it had. */
  async function label(table: string, mapping: VolumeLabelMapping): Promise<void> {
    let changed: LabelPreview['volumes'] = [];
    await undo.perform({
      title: m.labels.done,
      async redo() {
        changed = await engine.labels.assign.mutate({ table, mapping: { ...mapping, values: { ...mapping.values } } });
      },
      async undo() {
        for (const [from, same] of Map.groupBy(changed, (row) => row.from)) {
          await update({ ids: same.map(({ id }) => id), tissueClass: from, reason: m.undoReason });
        }
      },
    });
    await library.reload();
  }

  async function tag(ids: string[], name: string): Promise<void> {
    const without = (await rowsOf(ids)).filter((row) => !row.tags.includes(name)).map(({ id }) => id);
    if (without.length === 0) return;
    await undo.perform({
      title: m.tagged(without.length, name),
      redo: () => update({ ids: without, addTags: [name] }),
      undo: () => update({ ids: without, removeTags: [name] }),
    });
  }

  async function untag(ids: string[], name: string): Promise<void> {
    await undo.perform(
      {
        title: m.untagged(ids.length, name),
        redo: () => update({ ids, removeTags: [name] }),
        undo: () => update({ ids, addTags: [name] }),
      },
      { quiet: true },
    );
  }

  async function note(id: string, before: string, notes: string): Promise<void> {
    await undo.perform(
      {
        title: m.notesSaved,
        redo: () => update({ ids: [id], notes }),
        undo: () => update({ ids: [id], notes: before }),
      },
      { quiet: true },
    );
  }

  async function update(change: Update): Promise<void> {
    library.put(await engine.volumes.update.mutate(change));
  }

  async function rowsOf(ids: string[]): Promise<VolumeRow[]> {
    const known = ids.map((id) => library.fresh(id));
    return Promise.all(known.map((row, i) => row ?? engine.volumes.get.query({ id: ids[i]! })));
  }

  return { remove, correct, prepare, label, tag, untag, note };
}

function refusal({ failed }: BatchResult): EngineError | undefined {
  return failed[0]?.error;
}
