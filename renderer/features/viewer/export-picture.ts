/**
 * A pane's picture as PNG, in the pixels of the screen.
 * @param overlays drawings above it (SVG), and short texts for the corners; none for the bare picture
 */
export async function pictureOf(
  canvas: HTMLCanvasElement,
  overlays: { drawings: readonly SVGSVGElement[]; texts: readonly string[] } | null,
): Promise<Blob> {
  const out = document.createElement('canvas');
  out.width = canvas.width;
  out.height = canvas.height;
  const context = out.getContext('2d')!;
  context.fillStyle = '#000';
  context.fillRect(0, 0, out.width, out.height);
  context.drawImage(canvas, 0, 0);
  if (overlays !== null) {
    for (const drawing of overlays.drawings) await drawSvg(context, drawing, canvas);
    const scale = canvas.width / Math.max(canvas.clientWidth, 1);
    context.font = `600 ${12 * scale}px system-ui, sans-serif`;
    context.fillStyle = '#fff';
    context.strokeStyle = '#000';
    context.lineWidth = 3 * scale;
    overlays.texts.forEach((text, i) => {
      const [x, y] = [8 * scale, (18 + 16 * i) * scale];
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    });
  }
  return new Promise((resolve, reject) => {
    out.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture could not be made.')) : resolve(blob)),
      'image/png',
    );
  });
}

/** Properties of a drawing, by the names that they have as attributes too: the page takes no styles from attributes. */
const STYLES = [
  ...['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'vector-effect', 'paint-order'],
  ...['font-family', 'font-size', 'font-weight', 'display', 'visibility'],
];

/** Draws an SVG as it is seen: what its style sheet says is written into a copy first. */
async function drawSvg(
  context: CanvasRenderingContext2D,
  drawing: SVGSVGElement,
  canvas: HTMLCanvasElement,
): Promise<void> {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawing.querySelectorAll('*'), copy.querySelectorAll('*')];
  from.forEach((element, i) => {
    const seen = getComputedStyle(element);
    for (const name of STYLES) to[i]!.setAttribute(name, seen.getPropertyValue(name));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(canvas.clientWidth));
  copy.setAttribute('height', String(canvas.clientHeight));
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
}
