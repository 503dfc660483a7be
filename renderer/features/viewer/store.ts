import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef } from 'vue';
import { engine } from '../../api/client.ts';
import { useSettings } from '../../app/settings.ts';
import { bringSlices, FITTED, isComplexPart, phaseMap as mapNamed, readingTurn, UPRIGHT } from '../../imaging/index.ts';
import type { ComplexPart, Component, GreyWindow, Levels, Point, Turn, View } from '../../imaging/index.ts';
import { shownCoil, steppedCoil } from './coils.ts';
import { nextCoilComponent, nextComponent, openingComponents, panesOf } from './layouts.ts';
import type { Layout } from './layouts.ts';
import type { OutlinedPatch, PatchPlaces } from './patch-places.ts';
import type { Reading } from './readings.ts';
import type { Measurement, Tool } from './tools.ts';
import { viewedVolume } from './volume-facts.ts';
import type { ViewedVolume } from './volume-facts.ts';

/** Everything that the viewer shows and how. Panes are linked: there is one view, one slice and one cursor. */
export const useViewer = defineStore('viewer', () => {
  const settings = useSettings();
  const first = shallowRef<ViewedVolume | null>(null);
  const second = shallowRef<ViewedVolume | null>(null);
  const slice = ref(0);
  const direction = ref<1 | -1>(1);
  const layout = ref<Layout>('two');
  const components = ref<Component[]>(openingComponents(true));
  const alone = ref<number | null>(null);
  const active = ref(0);
  const tool = ref<Tool>('window');
  const view = ref<View>({ ...FITTED, turn: UPRIGHT });
  const invert = ref(false);
  const overlays = reactive({ all: true, boxes: true, mask: false, patches: false, centre: false, letters: true });
  const offset = ref(0);
  const reference = ref<number | null>(null);
  /** Where the patches of the first volume lie, while they are shown. */
  const patchPlaces = shallowRef<PatchPlaces | null>(null);
  /** A patch whose place was asked for. */
  const outlined = shallowRef<OutlinedPatch | null>(null);
  /** The coil that is shown in panes of one coil, from 0. */
  const coil = ref(0);
  const cine = reactive({ playing: false, rate: 10 });
  const cursor = shallowRef<({ point: Point } & Reading) | null>(null);
  const measurements = shallowRef<readonly Measurement[]>([]);
  /** By volume and component: windows the user set, and the levels that presets and the first window come from. */
  const windows = reactive(new Map<string, GreyWindow>());
  const levels = reactive(new Map<string, Levels>());
  let counter = 0;

  const panes = computed(() => panesOf(layout.value, alone.value, first.value?.hasPhase));
  const phaseMap = computed(() => mapNamed(settings.values.display.phaseMap));
  const activePlace = computed(() => panes.value.find(({ index }) => index === active.value) ?? panes.value[0]!);
  const activeComponent = computed<Component>(() => components.value[activePlace.value.place.slot]!);
  const activeVolume = computed(() => (activePlace.value.place.volume === 'second' ? second.value : first.value));

  /** Opens a volume where the last one was left off: same layout; at a slice, or its middle one. */
  async function open(id: string, at?: number): Promise<void> {
    if (first.value?.id === id) {
      if (at !== undefined) goTo(at);
      return;
    }
    const volume = viewedVolume(await engine.volumes.get.query({ id }));
    const hadPhase = first.value?.hasPhase ?? true;
    first.value = volume;
    slice.value = at === undefined ? Math.floor(volume.slices / 2) : Math.min(Math.max(at, 0), volume.slices - 1);
    reference.value = null;
    outlined.value = null;
    coil.value = coilOf(volume);
    offset.value = 0;
    cine.playing = false;
    cursor.value = null;
    if (volume.hasPhase !== hadPhase || !volume.hasPhase) components.value = openingComponents(volume.hasPhase);
    view.value = { ...FITTED, turn: openingTurn(volume) };
    // The screen is laid out while it comes. What fails is asked for again by the pane that shows it.
    bringSlices(volume.id, [slice.value], shownParts()).catch(() => {});
  }

  /** What panes show of a slice that can be made ready; a difference of phase needs another slice besides. */
  function shownParts(): ComplexPart[] {
    const parts = panes.value.map(({ place }) => components.value[place.slot]!).filter(isComplexPart);
    return [...new Set(parts)].filter((part) => part !== 'phase' || reference.value === null);
  }

  async function compareWith(id: string | null): Promise<void> {
    second.value = id === null ? null : viewedVolume(await engine.volumes.get.query({ id }));
    if (id !== null) layout.value = 'compare';
    else if (layout.value === 'compare') layout.value = 'two';
  }

  function openingTurn(volume: ViewedVolume): Turn {
    if (volume.edges === null || !settings.values.display.radiological) return UPRIGHT;
    return readingTurn(volume.edges);
  }

  function volumeAt(which: 'first' | 'second'): ViewedVolume | null {
    return which === 'first' ? first.value : second.value;
  }

  /** The slice of a pane: of the second volume, the one at the same share of the way, where it has another number of slices. */
  function sliceOf(volume: ViewedVolume): number {
    const own = first.value;
    if (own === null || volume.slices === own.slices) return Math.min(slice.value, volume.slices - 1);
    return Math.round((slice.value / Math.max(own.slices - 1, 1)) * (volume.slices - 1));
  }

  function goTo(index: number): void {
    const last = (first.value?.slices ?? 1) - 1;
    const to = Math.min(Math.max(Math.round(index), 0), last);
    if (to !== slice.value) direction.value = to > slice.value ? 1 : -1;
    slice.value = to;
  }

  const step = (by: number): void => goTo(slice.value + by);

  /** The next slice; after the last comes the first. */
  function stepRound(): void {
    const slices = first.value?.slices ?? 1;
    direction.value = 1;
    slice.value = (slice.value + 1) % slices;
  }

  const windowKey = (volume: string, component: Component): string => `${volume}/${component}`;
  const windowOf = (volume: string, component: Component): GreyWindow | null =>
    windows.get(windowKey(volume, component)) ?? null;

  function setWindow(window: GreyWindow, component = activeComponent.value): void {
    for (const volume of [first.value, second.value]) {
      if (volume !== null) windows.set(windowKey(volume.id, component), window);
    }
  }

  function chooseLayout(to: Layout): void {
    if (to === 'compare' && second.value === null) return;
    layout.value = to;
    alone.value = null;
    active.value = 0;
  }

  function cycleComponent(): void {
    const { slot } = activePlace.value.place;
    setComponent(slot, nextComponent(components.value[slot]!, activeVolume.value?.hasPhase ?? true));
  }

  function setComponent(slot: number, component: Component): void {
    components.value = components.value.map((old, i) => (i === slot ? component : old));
  }

  function cycleCoil(): void {
    const { slot } = activePlace.value.place;
    setComponent(slot, nextCoilComponent(components.value[slot]!));
  }

  /** The coil that a pane of this volume shows: its last where it has fewer than are chosen. */
  const coilOf = (volume: ViewedVolume | null): number => shownCoil(coil.value, volume);

  /** The next or the previous coil; after the last comes the first. */
  function stepCoil(by: 1 | -1): void {
    coil.value = steppedCoil(coil.value, activeVolume.value, by);
  }

  function turn(by: 'flip-horizontal' | 'flip-vertical' | 'rotate'): void {
    const { turn: old } = view.value;
    const quarter = old.rotation % 180 !== 0;
    const next: Turn = { ...old };
    // What is mirrored is what is seen: after a quarter turn the image's own axes have changed places.
    if (by === 'rotate') next.rotation = ((old.rotation + 90) % 360) as Turn['rotation'];
    else if ((by === 'flip-horizontal') !== quarter) next.flippedHorizontally = !old.flippedHorizontally;
    else next.flippedVertically = !old.flippedVertically;
    view.value = { ...view.value, turn: next };
  }

  /** Everything as it was when the volume was opened. */
  function reset(): void {
    if (first.value !== null) view.value = { ...FITTED, turn: openingTurn(first.value) };
    for (const key of [...windows.keys()]) windows.delete(key);
    invert.value = false;
    offset.value = 0;
    reference.value = null;
  }

  function addMeasurement(measurement: Omit<Measurement, 'id'>): void {
    measurements.value = [...measurements.value, { ...measurement, id: ++counter }];
  }

  function removeMeasurement(id: number): void {
    measurements.value = measurements.value.filter((one) => one.id !== id);
  }

  return {
    ...{ first, second, slice, direction, layout, components, alone, active, tool, view, invert, overlays, offset },
    ...{
      patchPlaces,
      outlined,
      coil,
      coilOf,
      cycleCoil,
      stepCoil,
      reference,
      cine,
      cursor,
      measurements,
      windows,
      levels,
      panes,
      phaseMap,
      activePlace,
      activeComponent,
    },
    ...{
      activeVolume,
      open,
      shownParts,
      compareWith,
      volumeAt,
      sliceOf,
      goTo,
      step,
      stepRound,
      windowKey,
      windowOf,
      setWindow,
    },
    ...{ chooseLayout, cycleComponent, setComponent, turn, reset, addMeasurement, removeMeasurement },
  };
});
