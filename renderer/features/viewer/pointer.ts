import { onScopeDispose, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import { draggedWindow, isPhase } from '../../imaging/index.ts';
import type { Component, GreyWindow, Point, View } from '../../imaging/index.ts';
import { useAnnotations } from '../annotations/index.ts';
import { readingAt } from './readings.ts';
import { useViewer } from './store.ts';
import { panned, rectangleBetween, wheelSteps, zoomedAbout } from './tools.ts';
import type { Measurement, Tool } from './tools.ts';
import type { ViewedVolume } from './volume-facts.ts';

/** What is being drawn with the pointer. */
export interface Drag {
  kind: Measurement['kind'] | 'box';
  volume: string;
  slice: number;
  from: Point;
  to: Point;
}

interface Where {
  index: () => number;
  volume: () => ViewedVolume | null;
  slice: () => number;
  component: () => Component;
  pane: () => {
    pointAt: (event: { clientX: number; clientY: number }) => Point;
    fitted: () => { width: number; height: number };
  } | null;
}

/** Smallest side of a box, in pixels of the image: less is a click that slipped. */
const LEAST_BOX = 2;

/** What the pointer does on a pane, by the tool in hand. Right-drag is always the window, middle-drag pans. */
export function usePointer(where: Where): {
  drag: ShallowRef<Drag | null>;
  handlers: Record<string, (event: never) => void>;
} {
  const viewer = useViewer();
  const annotations = useAnnotations();
  const drag = shallowRef<Drag | null>(null);
  let end: (() => void) | undefined;

  const heldTool = (event: PointerEvent): Tool =>
    event.button === 2 ? 'window' : event.button === 1 ? 'pan' : viewer.tool;

  function down(event: PointerEvent): void {
    viewer.active = where.index();
    const volume = where.volume();
    const pane = where.pane();
    if (volume === null || pane === null || event.button > 2) return;
    if (event.button === 1) event.preventDefault();
    const target = event.currentTarget as HTMLElement;
    target.setPointerCapture(event.pointerId);
    const tool = heldTool(event);
    const start = { x: event.clientX, y: event.clientY };
    const before: { view: View; window: GreyWindow | null } = {
      view: viewer.view,
      window: viewer.windowOf(volume.id, viewer.activeComponent),
    };
    const box = target.getBoundingClientRect();
    const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    const from = pane.pointAt(event);
    const draws = tool === 'window' || tool === 'pan' || tool === 'zoom' ? null : tool;

    const move = (moved: PointerEvent): void => {
      const by = { x: moved.clientX - start.x, y: moved.clientY - start.y };
      if (draws !== null) {
        drag.value = { kind: draws, volume: volume.id, slice: where.slice(), from, to: pane.pointAt(moved) };
      } else if (tool === 'pan') viewer.view = panned(before.view, by, pane.fitted());
      else if (tool === 'zoom') {
        const at = { x: start.x - middle.x, y: start.y - middle.y };
        viewer.view = zoomedAbout(before.view, Math.exp(-by.y / 150), at, pane.fitted());
      } else if (before.window !== null && !isPhase(viewer.activeComponent)) {
        const levels = viewer.levels.get(viewer.windowKey(volume.id, viewer.activeComponent));
        viewer.setWindow(draggedWindow(before.window, by, box.width, levels?.high ?? 1));
      } else if (isPhase(viewer.activeComponent)) viewer.offset = offsetAfter(by.x, box.width);
    };
    const offsetBefore = viewer.offset;
    const offsetAfter = (x: number, width: number): number => offsetBefore + (2 * Math.PI * x) / width;
    const up = (): void => {
      const drawn = drag.value;
      drag.value = null;
      stop();
      if (drawn === null) return;
      const { kind, ...rest } = drawn;
      const size = rectangleBetween(rest.from, rest.to);
      if (kind === 'box') {
        if (size.width >= LEAST_BOX && size.height >= LEAST_BOX) void annotations.add(rest.volume, rest.slice, size);
      } else if (Math.hypot(size.width, size.height) >= 1) viewer.addMeasurement({ kind, ...rest });
    };
    const stop = (): void => {
      target.removeEventListener('pointermove', move);
      target.removeEventListener('pointerup', up);
      target.removeEventListener('pointercancel', stop);
      drag.value = null;
      end = undefined;
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', up);
    target.addEventListener('pointercancel', stop);
    end = stop;
  }

  let asked = 0;
  async function hover(event: PointerEvent): Promise<void> {
    const [volume, pane] = [where.volume(), where.pane()];
    if (volume === null || pane === null) return;
    viewer.active = where.index();
    const point = pane.pointAt(event);
    const mine = ++asked;
    const slice = where.slice();
    const shown = { volume, slice, component: where.component(), coil: viewer.coilOf(volume) };
    const reading = await readingAt(shown, point);
    if (mine === asked && reading !== null) viewer.cursor = { point, ...reading };
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    viewer.active = where.index();
    if (event.ctrlKey || event.metaKey) {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const at = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
      const fitted = where.pane()?.fitted();
      if (fitted !== undefined) viewer.view = zoomedAbout(viewer.view, Math.exp(-event.deltaY / 400), at, fitted);
    } else viewer.step(wheelSteps(event));
  }

  onScopeDispose(() => end?.());
  return {
    drag,
    handlers: {
      pointerdown: down,
      pointermove: (event: PointerEvent) => void hover(event),
      pointerleave: () => {
        asked++;
        viewer.cursor = null;
      },
      wheel,
      contextmenu: (event: Event) => event.preventDefault(),
      dblclick: () => (viewer.alone = viewer.alone === null ? where.index() : null),
    } as Record<string, (event: never) => void>,
  };
}
