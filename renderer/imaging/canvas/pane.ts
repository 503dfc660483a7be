import cornerstone from 'cornerstone-core';
import type { PhaseMap } from '../colour/phase-map.ts';
import type { Point } from '../measure.ts';
import type { Turn } from '../orientation.ts';
import type { GreyWindow } from '../window.ts';
import { storedWindow } from './images.ts';
import type { SliceImage } from './images.ts';
import { setPhaseDisplay } from './phase-renderer.ts';

/** How an image is laid on the screen: the same for panes that are linked, whatever their size. */
export interface View {
  /** 1 = the whole image just fits. */
  zoom: number;
  /** Where the image's middle lies, from the pane's middle, in widths and heights of the image as displayed. */
  pan: Point;
  turn: Turn;
}

/** How its values become colours. */
export interface Look {
  window: GreyWindow;
  invert: boolean;
  interpolate: boolean;
  phase: {
    map: PhaseMap;
    /** Added to every phase, radians. */
    offset: number;
    /** Phase fades out below this share of the largest magnitude; 0 shows all. */
    share: number;
  };
}

export const FITTED = { zoom: 1, pan: { x: 0, y: 0 } } as const;

/** Image coordinates → pixels of the pane's element (CSS), as of an SVG's `matrix(a b c d e f)`. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** One picture on the screen, drawn by cornerstone's canvas renderer. */
export class ImagePane {
  private readonly element: HTMLElement;
  private image: SliceImage | undefined;
  private view: View | undefined;
  /** Pixels of the canvas for a CSS pixel. */
  private ratio = 1;

  /** @param element without content of its own */
  constructor(element: HTMLElement) {
    this.element = element;
    cornerstone.enable(element);
    // Whoever asks a canvas for its context first says of what kind it is. cornerstone asks for one that is shown apart from the page: each
    // picture would be a frame of its own on the screen, out of step with what is drawn above it, and three frames take three times as long.
    this.canvas.getContext('2d', { alpha: false });
    this.fitCanvas();
  }

  dispose(): void {
    cornerstone.disable(this.element);
  }

  get canvas(): HTMLCanvasElement {
    return cornerstone.getEnabledElement(this.element).canvas;
  }

  show(image: SliceImage, view: View, look: Look): void {
    this.image = image;
    this.view = view;
    const { map, offset, share } = look.phase;
    setPhaseDisplay(this.element, { map, offset, threshold: share * image.largest });
    const { turn } = view;
    cornerstone.displayImage(this.element, image, {
      ...this.placement(image, view),
      voi: storedWindow(look.window, image),
      invert: look.invert && !image.color,
      pixelReplication: !look.interpolate,
      rotation: turn.rotation,
      hflip: turn.flippedHorizontally,
      vflip: turn.flippedVertically,
    });
  }

  /** After the element changed its size. */
  resize(): void {
    if (!this.fitCanvas() || this.image === undefined || this.view === undefined) return;
    cornerstone.setViewport(this.element, this.placement(this.image, this.view));
  }

  /** Width and height of the whole image on the screen at zoom 1, and the zoom at which one column is one pixel; CSS pixels. */
  get fitted(): { width: number; height: number; onePixel: number } {
    const { image, view } = this;
    if (image === undefined || view === undefined) return { width: 1, height: 1, onePixel: 1 };
    const { scale, x, y } = this.fit(image, view.turn);
    const size: [number, number] = [(image.columns * x * scale) / this.ratio, (image.rows * y * scale) / this.ratio];
    const [width, height] = view.turn.rotation % 180 === 0 ? size : [size[1], size[0]];
    return { width, height, onePixel: 1 / Math.min(scale * x, scale * y) };
  }

  matrix(): Matrix | null {
    if (this.image === undefined) return null;
    const at = (x: number, y: number): Point => cornerstone.pixelToCanvas(this.element, { x, y });
    const [origin, along, down] = [at(0, 0), at(1, 0), at(0, 1)];
    const css = (length: number): number => length / this.ratio;
    return [
      css(along.x - origin.x),
      css(along.y - origin.y),
      css(down.x - origin.x),
      css(down.y - origin.y),
      css(origin.x),
      css(origin.y),
    ];
  }

  /** A place on the element (CSS pixels from its corner) → on the image. */
  toImage({ x, y }: Point): Point {
    return cornerstone.canvasToPixel(this.element, { x: x * this.ratio, y: y * this.ratio });
  }

  /** cornerstone makes canvases of CSS pixels; ours has the screen's own, so that nothing blurs. */
  private fitCanvas(): boolean {
    const { canvas } = this;
    const width = Math.max(1, Math.round(this.element.clientWidth * devicePixelRatio));
    const height = Math.max(1, Math.round(this.element.clientHeight * devicePixelRatio));
    this.ratio = width / Math.max(this.element.clientWidth, 1);
    if (canvas.width === width && canvas.height === height) return false;
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = '100%';
    canvas.style.height = '100%';
    return true;
  }

  /** cornerstone's scale at which the turned image just fits, and how it stretches pixels that are not square. */
  private fit(image: SliceImage, turn: Turn): { scale: number; x: number; y: number } {
    const { rowPixelSpacing: row, columnPixelSpacing: column } = image;
    const [x, y] = [Math.max(column / row, 1), Math.max(row / column, 1)];
    const size = [image.columns * x, image.rows * y];
    const [width, height] = turn.rotation % 180 === 0 ? size : size.reverse();
    const scale = Math.min(this.canvas.width / width!, this.canvas.height / height!);
    return { scale, x, y };
  }

  private placement(image: SliceImage, { zoom, pan, turn }: View): { scale: number; translation: Point } {
    const { scale, x, y } = this.fit(image, turn);
    const size: [number, number] = [image.columns * x, image.rows * y];
    const [width, height] = turn.rotation % 180 === 0 ? size : [size[1], size[0]];
    // cornerstone moves before it stretches, along the axes of the screen.
    const [stretchX, stretchY] = turn.rotation % 180 === 0 ? [x, y] : [y, x];
    return { scale: scale * zoom, translation: { x: (pan.x * width) / stretchX, y: (pan.y * height) / stretchY } };
  }
}
