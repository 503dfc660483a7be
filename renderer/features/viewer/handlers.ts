import { useCommands } from '../../app/commands.ts';
import { useHandlers } from '../../app/commands.ts';
import { useSettings } from '../../app/settings.ts';
import { useToasts } from '../../app/toasts.ts';
import { FITTED, greyComponent, isCoilComponent, WINDOW_PRESETS } from '../../imaging/index.ts';
import { messages } from '../../messages/en/index.ts';
import { useAnnotations } from '../annotations/index.ts';
import { cineArchive } from './export-cine.ts';
import { saveBlob } from '../../ui/save-blob.ts';
import { pictureOf } from './export-picture.ts';
import { LAYOUTS } from './layouts.ts';
import type { PanePlace } from './layouts.ts';
import { useViewer } from './store.ts';
import { TOOLS, zoomedAbout } from './tools.ts';

const m = messages.viewer;

/** What the commands need of the screen. */
export interface ScreenParts {
  stepVolume: (by: 1 | -1) => void;
  /** A pane, if nothing is said the active one: its picture, the element around it, and what it shows in words. */
  paneAt: (
    index?: number,
  ) => { canvas: HTMLCanvasElement; element: HTMLElement; text: string; onePixel: number } | null;
}

/** Does the viewer's commands while its screen is there. Returns them by name, for buttons. */
export function useViewerHandlers(parts: ScreenParts): (id: string) => void {
  const viewer = useViewer();
  const annotations = useAnnotations();
  const settings = useSettings();
  const toasts = useToasts();
  const zoom = (factor: number): void =>
    void (viewer.view = zoomedAbout(viewer.view, factor, { x: 0, y: 0 }, { width: 1, height: 1 }));

  async function picture(withOverlays: boolean, index?: number): Promise<Blob | null> {
    const pane = parts.paneAt(index);
    if (pane === null) return null;
    const drawings = [...pane.element.querySelectorAll('svg')].filter((svg) => svg.clientWidth > 60);
    return pictureOf(pane.canvas, withOverlays ? { drawings, texts: [pane.text] } : null);
  }

  const nameOf = ({ volume, slot }: PanePlace): string => {
    const component = viewer.components[slot]!;
    const of = viewer.volumeAt(volume);
    const shown = isCoilComponent(component) ? `${component}-${viewer.coilOf(of) + 1}` : component;
    return `${of?.id ?? 'slice'}-${shown}`;
  };
  const numbered = (name: string, slice: number): string => `${name}-${String(slice + 1).padStart(3, '0')}.png`;

  async function savePicture(withOverlays: boolean): Promise<void> {
    const blob = await picture(withOverlays);
    if (blob === null) return;
    const name = numbered(nameOf(viewer.activePlace.place), viewer.slice);
    saveBlob(blob, name);
    toasts.show({ text: m.saved(name) });
  }

  /** Every slice of the active pane, drawn in turn. Playing, or showing something else in that pane, stops it. */
  async function saveCine(withOverlays: boolean): Promise<void> {
    const { index, place } = viewer.activePlace;
    const [before, name, slices] = [viewer.slice, nameOf(place), viewer.first?.slices ?? 0];
    viewer.cine.playing = false;
    toasts.show({ text: m.savingCine(slices) });
    const archive = await cineArchive({
      slices,
      nameOf: (slice) => numbered(name, slice),
      async picture(slice) {
        viewer.goTo(slice);
        const goesOn = (): boolean => viewer.slice === slice && nameOf(place) === name && !viewer.cine.playing;
        const own = viewer.sliceOf(viewer.volumeAt(place.volume)!);
        return (await drawn(() => parts.paneAt(index)?.element, own, goesOn)) ? picture(withOverlays, index) : null;
      },
    });
    if (archive === null) {
      viewer.cine.playing = false;
      toasts.show({ text: m.cineStopped });
      return;
    }
    viewer.goTo(before);
    saveBlob(archive, `${name}.zip`);
    toasts.show({ text: m.saved(`${name}.zip`) });
  }

  function preset(index: number): void {
    const component = greyComponent(viewer.activeComponent);
    const volume = viewer.activeVolume;
    const levels = volume === null ? undefined : viewer.levels.get(viewer.windowKey(volume.id, component));
    if (levels === undefined || component === 'kspace') return;
    const { centre, width } = WINDOW_PRESETS[index]!.of(levels);
    // Real and imaginary parts lie on both sides of zero.
    const signed = component === 'real' || component === 'imaginary';
    viewer.setWindow(signed ? { centre: 0, width: 2 * (centre + width / 2) } : { centre, width }, component);
  }

  function nextBox(): void {
    const { boxes, selected } = annotations;
    if (boxes.length === 0) return;
    const next = boxes[(boxes.findIndex(({ id }) => id === selected) + 1) % boxes.length]!;
    annotations.selected = next.id;
    viewer.goTo(next.slice);
  }

  useHandlers({
    'viewer.next-slice': () => viewer.step(1),
    'viewer.previous-slice': () => viewer.step(-1),
    'viewer.first-slice': () => viewer.goTo(0),
    'viewer.last-slice': () => viewer.goTo(Infinity),
    'viewer.next-volume': () => parts.stepVolume(1),
    'viewer.previous-volume': () => parts.stepVolume(-1),
    'viewer.cine': () => void (viewer.cine.playing = !viewer.cine.playing),
    'viewer.invert': () => void (viewer.invert = !viewer.invert),
    'viewer.reset': () => viewer.reset(),
    'viewer.fit': () => void (viewer.view = { ...viewer.view, ...FITTED }),
    'viewer.one-pixel': () => void (viewer.view = { ...viewer.view, ...FITTED, zoom: parts.paneAt()?.onePixel ?? 1 }),
    'viewer.zoom-in': () => zoom(1.25),
    'viewer.zoom-out': () => zoom(0.8),
    'viewer.cycle': () => viewer.cycleComponent(),
    'viewer.coils': () => viewer.cycleCoil(),
    'viewer.next-coil': () => viewer.stepCoil(1),
    'viewer.previous-coil': () => viewer.stepCoil(-1),
    'viewer.hide': () => void (viewer.overlays.all = !viewer.overlays.all),
    'viewer.interpolation': () =>
      settings.change({ display: { interpolation: !settings.values.display.interpolation } }),
    'viewer.flip-horizontal': () => viewer.turn('flip-horizontal'),
    'viewer.flip-vertical': () => viewer.turn('flip-vertical'),
    'viewer.rotate': () => viewer.turn('rotate'),
    'viewer.alone': () => void (viewer.alone = viewer.alone === null ? viewer.active : null),
    'viewer.reference': () => void (viewer.reference = viewer.reference === null ? viewer.slice : null),
    'viewer.save-picture': () => savePicture(true),
    'viewer.save-picture-bare': () => savePicture(false),
    'viewer.save-cine': () => saveCine(true),
    'viewer.save-cine-bare': () => saveCine(false),
    'viewer.next-box': nextBox,
    'viewer.delete-box': async () => {
      if (annotations.selected !== null) await annotations.remove(annotations.selected);
    },
    ...Object.fromEntries(LAYOUTS.map((layout) => [`viewer.layout-${layout}`, () => viewer.chooseLayout(layout)])),
    ...Object.fromEntries(TOOLS.map((tool) => [`viewer.tool-${tool}`, () => void (viewer.tool = tool)])),
    ...Object.fromEntries(WINDOW_PRESETS.map((_, i) => [`viewer.preset-${i + 1}`, () => preset(i)])),
  });
  const commands = useCommands();
  return (id) => void commands.run(`viewer.${id}`).catch((thrown: unknown) => toasts.failed(thrown));
}

/** Waits until a pane has drawn a slice: its picture says which one it is. @returns false where it no longer should, or cannot */
async function drawn(pane: () => HTMLElement | undefined, slice: number, goesOn: () => boolean): Promise<boolean> {
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const element = pane();
    if (element === undefined || !goesOn() || element.querySelector('[role="alert"]') !== null) return false;
    const id = element.querySelector<HTMLElement>('[data-image]')?.dataset['image'];
    if (id?.split('/')[1] === String(slice)) break;
  }
  // cornerstone draws in the frame after.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return goesOn();
}
