import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { FASTMRI_PLUS_BRAIN } from '../../../main/domain/label-rules.ts';
import type { LabelRules } from '../../../main/domain/label-rules.ts';
import type { AnnotatedBox, AnnotationEdit, VolumeAnnotations } from '../../../main/server/contract.ts';
import { engine } from '../../api/client.ts';
import { useEngineEvent } from '../../api/engine-events.ts';
import { problemOf } from '../../api/problem.ts';
import type { Problem } from '../../api/problem.ts';
import { useSettings } from '../../app/settings.ts';
import { useToasts } from '../../app/toasts.ts';
import { useUndo } from '../../app/undo.ts';
import { messages } from '../../messages/en/index.ts';
import { fittedBox } from './box-edit.ts';
import type { BoxShape } from './box-edit.ts';
import { labelsOf } from './vocabulary.ts';

const m = messages.annotations;

/** Whose edit it is, and of which state. */
interface Who {
  volume: string;
  expected: number | null;
  reader?: string;
}

/** The boxes and labels of the volume in the viewer. Every edit is stored at once and can be undone. */
export const useAnnotations = defineStore('annotations', () => {
  const undo = useUndo();
  const toasts = useToasts();
  const settings = useSettings();
  const image = shallowRef<{ id: string; rows: number; columns: number } | null>(null);
  const current = shallowRef<VolumeAnnotations | null>(null);
  const problem = shallowRef<Problem>();
  const selected = ref<number | null>(null);
  const rules = shallowRef<LabelRules>(FASTMRI_PLUS_BRAIN);
  const label = ref(labelsOf(FASTMRI_PLUS_BRAIN)[0]!.label);
  const saving = ref(0);
  const saved = ref<string | null>(null);

  const volume = computed(() => image.value?.id ?? null);
  const boxes = computed<readonly AnnotatedBox[]>(() => current.value?.boxes ?? []);
  const box = computed(() => boxes.value.find(({ id }) => id === selected.value) ?? null);

  async function show(of: { id: string; rows: number; columns: number } | null): Promise<void> {
    if (of?.id !== image.value?.id) {
      current.value = null;
      selected.value = null;
      saved.value = null;
    }
    image.value = of;
    if (of === null) return;
    // The vocabulary of fastMRI+ will do where the study's own cannot be had.
    void engine.rules.get.query().then(
      (answer) => (rules.value = answer.rules),
      () => {},
    );
    await reload();
  }

  async function reload(): Promise<void> {
    const id = image.value?.id;
    if (id === undefined) return;
    try {
      const answer = await engine.annotations.get.query({ volume: id });
      if (image.value?.id !== id) return;
      current.value = answer;
      problem.value = undefined;
    } catch (thrown) {
      if (image.value?.id === id) problem.value = problemOf(thrown);
    }
  }

  /** Stores an edit; undoing brings back the version before it, redoing the one before the undoing. */
  async function edit(title: string, work: (who: Who) => Promise<AnnotationEdit>): Promise<AnnotationEdit | undefined> {
    const id = image.value?.id;
    if (id === undefined) return undefined;
    const apply = (done: AnnotationEdit): AnnotationEdit => {
      if (image.value?.id === id) current.value = done.after;
      return done;
    };
    let first: AnnotationEdit | undefined;
    let back: number | null = null;
    const restore = async (version: number | null): Promise<void> => {
      back = apply(await engine.annotations.restore.mutate({ volume: id, version })).before;
    };
    saving.value++;
    try {
      const redo = async (): Promise<void> => {
        if (first !== undefined) return restore(back);
        first = apply(await work({ volume: id, expected: current.value?.version ?? null, ...reader() }));
        back = first.before;
      };
      await undo.perform({ title, redo, undo: () => restore(back) }, { quiet: true });
      saved.value = new Date().toISOString();
      return first;
    } catch (thrown) {
      toasts.failed(thrown);
      await reload();
      return undefined;
    } finally {
      saving.value--;
    }
  }

  const reader = (): { reader?: string } =>
    settings.values.reader.trim() === '' ? {} : { reader: settings.values.reader.trim() };

  async function add(of: string, slice: number, shape: BoxShape): Promise<void> {
    if (image.value?.id !== of) return;
    const box = { ...fittedBox(shape, image.value), slice, label: label.value };
    const known = new Set(boxes.value.map(({ id }) => id));
    const done = await edit(m.added(box.label), (who) => engine.annotations.addBox.mutate({ ...who, ...box }));
    selected.value = done?.after.boxes.find(({ id }) => !known.has(id))?.id ?? null;
  }

  /** Ids change with every version: what was selected is found again by its place in the list. */
  async function change(title: string, work: (who: Who) => Promise<AnnotationEdit>): Promise<void> {
    const at = boxes.value.findIndex(({ id }) => id === selected.value);
    const done = await edit(title, work);
    selected.value = done?.after.boxes[at]?.id ?? null;
  }

  const place = (box: number, shape: BoxShape): Promise<void> =>
    change(m.moved, (who) => engine.annotations.changeBox.mutate({ ...who, box, ...fittedBox(shape, image.value!) }));

  const relabel = (box: number, to: string): Promise<void> =>
    change(m.relabeled(to), (who) => engine.annotations.changeBox.mutate({ ...who, box, label: to }));

  async function remove(box: number): Promise<void> {
    selected.value = null;
    await edit(m.removed, (who) => engine.annotations.removeBoxes.mutate({ ...who, boxes: [box] }));
  }

  async function setStudyLabels(labels: string[]): Promise<void> {
    await edit(m.studyLabelsSet, (who) => engine.annotations.setStudyLabels.mutate({ ...who, labels }));
  }

  useEngineEvent('study', ({ change: what, items }) => {
    const concerns = items === undefined || items.length === 0 || items.includes(volume.value ?? '');
    if (what === 'content' && saving.value === 0 && concerns) void reload();
  });
  // A table may speak of any volume.
  useEngineEvent('job', ({ kind, state }) => {
    if (kind === 'annotate' && state === 'succeeded') void reload();
  });

  return {
    ...{ volume, image, current, boxes, box, problem, selected, rules, label, saving, saved },
    ...{ show, reload, add, place, relabel, remove, setStudyLabels },
  };
});
