import type { EnabledElement } from 'cornerstone-core';
import { paintGrey } from '../paint-grey.ts';
import { drawImage } from './pixel-canvas.ts';

/**
 * The `render` of a grey image. cornerstone's own makes a table of every stored value for every image, and draws by transparency: both cost more
 * than the window's line does.
 */
export function renderGrey(target: EnabledElement): void {
  const { image, viewport } = target;
  if (image === undefined || viewport === undefined) return;
  const { windowCenter, windowWidth } = viewport.voi;
  const of = [image.imageId, windowCenter, windowWidth, viewport.invert].join(' ');
  drawImage(target, of, (colours) => paintGrey(colours, image.getPixelData(), viewport.voi, viewport.invert));
}
