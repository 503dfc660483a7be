import { phaseWheel, colourBar } from '../figures/map-legends.ts';
import { magnitudeRaster, phaseRaster, whiteLevel } from '../figures/patch-images.ts';
import { pngDataUri } from '../figures/png.ts';
import type { Raster } from '../figures/png.ts';
import { decimal } from '../format.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { CaptionedImage, SampleGroup } from '../report-data.ts';
import { absent, note } from '../section.ts';

/** Real beside synthetic patches of each sequence, magnitude above phase. */
export function samples(groups: readonly SampleGroup[]): Markup {
  if (groups.length === 0) return absent('No patches were chosen to be shown.');
  return markup`<div class="legend-row">${phaseWheel()}<div><p class="prose">Each pair shows one patch: <strong>magnitude</strong> in grey above <strong>phase</strong> in a cyclic colour map. Phase is shown as it is, neither unwrapped nor smoothed; its constant part is arbitrary from patch to patch. Real and synthetic patches of a sequence share one grey scale. Patches were drawn at random, not chosen.</p>${colourBar('grey', '0', 'white level of the sequence', 'Magnitude')}</div></div>
${groups.map(sampleGroup)}
${note('Looking alike on a page is not evidence: what a classifier finds is in the section on realism.')}`;
}

function sampleGroup({ sequence, real, synthetic }: SampleGroup): Markup {
  const white = whiteLevel((real.length > 0 ? real : synthetic).map(({ image }) => image));
  const strip = (name: string, images: readonly CaptionedImage[]): Markup =>
    markup`<div><h4>${name} <span class="muted">n = ${images.length}</span></h4>${
      images.length === 0
        ? markup`<p class="absent">None.</p>`
        : markup`<div class="patches">${images.map((each, k) => patchPair(each, `${sequence}, ${name.toLowerCase()} patch ${k + 1}`, white))}</div>`
    }</div>`;
  return markup`<section class="sample-group"><h3>${sequence} <span class="muted">white = ${decimal(white, 2)} of the slice’s largest magnitude</span></h3><div class="side-by-side">${strip('Real', real)}${strip('Synthetic', synthetic)}</div></section>`;
}

function patchPair({ image, caption }: CaptionedImage, name: string, white: number): Markup {
  const described = caption === undefined ? name : `${name} (${caption})`;
  return markup`<figure class="patch">${raster(magnitudeRaster(image, white), `${described}: magnitude`)}${raster(phaseRaster(image), `${described}: phase`)}${
    caption === undefined ? null : markup`<figcaption>${caption}</figcaption>`
  }</figure>`;
}

/** An image enlarged by a whole factor to about 96 pixels, so that every pixel of the patch has one size. */
export function raster(image: Raster, description: string): Markup {
  const scale = Math.max(1, Math.round(96 / image.width));
  return markup`<img class="raster" src="${pngDataUri(image)}" alt="${description}" width="${scale * image.width}" height="${scale * image.height}">`;
}
