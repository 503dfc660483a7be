import type { Command } from '../../app/feature.ts';
import { WINDOW_PRESETS } from '../../imaging/index.ts';
import { messages } from '../../messages/en/index.ts';
import { LAYOUTS } from './layouts.ts';
import { TOOLS } from './tools.ts';

const m = messages.viewer;
const c = m.commands;
const command = (id: string, title: string, ...keys: string[]): Command => ({
  id: `viewer.${id}`,
  title,
  group: m.group,
  keys,
});

const TOOL_KEYS = { window: 'W', pan: 'P', zoom: 'Z', box: 'B', roi: 'O', profile: 'L', ruler: 'M' } as const;

/** Everything that can be done in the viewer, with its keys. The screen handles them while it is there. */
export const viewerCommands: Command[] = [
  command('next-slice', c.nextSlice, 'ArrowDown', 'PageDown'),
  command('previous-slice', c.previousSlice, 'ArrowUp', 'PageUp'),
  command('first-slice', c.firstSlice, 'Home'),
  command('last-slice', c.lastSlice, 'End'),
  command('next-volume', c.nextVolume, 'ArrowRight'),
  command('previous-volume', c.previousVolume, 'ArrowLeft'),
  command('cine', c.cine, 'Space'),
  command('invert', c.invert, 'I'),
  command('reset', c.reset, 'R'),
  command('fit', c.fit, '0'),
  command('one-pixel', c.onePixel, 'Shift+1', '!'),
  command('zoom-in', c.zoomIn, '+', '='),
  command('zoom-out', c.zoomOut, '-'),
  command('cycle', c.cycle, 'V'),
  command('coils', c.coils, 'C'),
  command('next-coil', c.nextCoil, ']'),
  command('previous-coil', c.previousCoil, '['),
  command('hide', c.hide, 'H'),
  command('interpolation', c.interpolation, 'N'),
  command('flip-horizontal', c.flipHorizontal, 'Shift+H'),
  command('flip-vertical', c.flipVertical, 'Shift+V'),
  command('rotate', c.rotate, 'Shift+R'),
  command('alone', c.alone, 'Enter'),
  command('reference', c.reference, 'D'),
  command('save-picture', c.savePicture, 'Mod+S'),
  command('save-picture-bare', c.savePictureBare, 'Mod+Shift+S'),
  command('save-cine', c.saveCine),
  command('save-cine-bare', c.saveCineBare),
  command('delete-box', messages.annotations.commands.delete, 'Delete', 'Backspace'),
  command('next-box', messages.annotations.commands.nextBox, 'X'),
  ...LAYOUTS.map((layout, i) => command(`layout-${layout}`, m.layouts[layout], `F${i + 1}`)),
  ...TOOLS.map((tool) => command(`tool-${tool}`, c.toolOf(m.tools[tool]), TOOL_KEYS[tool])),
  ...WINDOW_PRESETS.map(({ name }, i) => command(`preset-${i + 1}`, c.presetOf(m.presets[name]!), String(i + 1))),
];
