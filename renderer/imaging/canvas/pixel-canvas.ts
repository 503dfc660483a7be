import cornerstone from 'cornerstone-core';
import type { EnabledElement } from 'cornerstone-core';

/** A pane's image in its own pixels, before it is laid into the pane. */
interface Painted {
  canvas: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  pixels: ImageData;
  /** The same memory, a colour a number: 0xAABBGGRR. */
  colours: Uint32Array;
  of: string;
}

const paintings = new WeakMap<HTMLElement, Painted>();

/**
 * Draws an image into its pane, as the viewport says. Its colours are painted only where something about them changed.
 * @param of all that its colours depend on, in words
 * @param paint gives every pixel its colour, as 0xAABBGGRR; opaque, which is drawn several times quicker than what is not
 */
export function drawImage(target: EnabledElement, of: string, paint: (colours: Uint32Array) => void): void {
  const { canvas, element, viewport } = target;
  const image = target.image!;
  const context = canvas.getContext('2d')!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = 'black';
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (viewport === undefined) return;
  let painted = paintings.get(element);
  if (painted === undefined || painted.canvas.width !== image.columns || painted.canvas.height !== image.rows) {
    paintings.set(element, (painted = blank(image.columns, image.rows)));
  }
  if (painted.of !== of) {
    paint(painted.colours);
    painted.context.putImageData(painted.pixels, 0, 0);
    painted.of = of;
  }
  context.imageSmoothingEnabled = !viewport.pixelReplication;
  cornerstone.setToPixelCoordinateSystem(target, context);
  context.drawImage(painted.canvas, 0, 0);
}

function blank(width: number, height: number): Painted {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  // Nothing shines through, so nothing need be blended; it is painted by the processor, so it stays in its memory.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  const pixels = context.createImageData(width, height);
  return { canvas, context, pixels, colours: new Uint32Array(pixels.data.buffer), of: '' };
}
