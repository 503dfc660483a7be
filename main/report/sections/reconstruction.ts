import { colourBar } from '../figures/map-legends.ts';
import {
  magnitudeErrorRaster,
  magnitudeErrors,
  magnitudeRaster,
  PHASE_FLOOR,
  phaseErrorRaster,
  phaseErrors,
  phaseRaster,
  upperLevel,
  whiteLevel,
} from '../figures/patch-images.ts';
import { count, decimal, meanAndSpread } from '../format.ts';
import { htmlTable } from '../html-table.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import type { ReconstructionExample, ReconstructionSection } from '../report-data.ts';
import { note, sequenceName, smallSetNote } from '../section.ts';
import { raster } from './samples.ts';

/** What the autoencoder keeps: a table for each set of patches, and examples with error maps. */
export function reconstruction({ sets, examples }: ReconstructionSection): Markup {
  return markup`<p class="prose">Patches encoded to latents and decoded again. Phase coherence γ = |Σ x̂*·x| / Σ |x̂||x| is 1 where the phases agree up to one constant; SSIM (7 × 7 window) and PSNR are of the magnitudes, for a data range of 1.</p>
${sets.map(({ name, rows }) =>
  htmlTable(
    markup`<strong>${name}.</strong> Mean ± standard deviation over patches.`,
    [
      { title: 'Sequence' },
      { title: 'Patches', kind: 'figure' },
      { title: 'Volumes', kind: 'figure' },
      { title: 'Phase coherence γ', kind: 'figure' },
      { title: 'SSIM', kind: 'figure' },
      { title: 'PSNR (dB)', kind: 'figure' },
    ],
    rows.map((row) => [
      sequenceName(row.sequence),
      count(row.patches),
      count(row.volumes),
      meanAndSpread(row.phaseCoherence, 4),
      meanAndSpread(row.ssim, 3),
      meanAndSpread(row.psnr, 1),
    ]),
  ),
)}
${smallSetNote(Math.max(0, ...sets.slice(0, 1).flatMap(({ rows }) => rows.map(({ volumes }) => volumes))))}
${examples.length === 0 ? null : exampleTable(examples)}`;
}

function exampleTable(examples: readonly ReconstructionExample[]): Markup {
  const top = upperLevel(examples.map(({ target, reconstruction: made }) => magnitudeErrors(made, target)));
  const phaseTop = upperLevel(examples.map(({ target, reconstruction: made }) => phaseErrors(made, target)));
  return markup`<div class="scroll"><table class="examples"><caption><strong>Examples.</strong> Original, decoded and error in magnitude and in phase.</caption>
<thead><tr><th scope="col" rowspan="2">Patch</th><th scope="colgroup" colspan="3" class="group">Magnitude</th><th scope="colgroup" colspan="3" class="group">Phase</th></tr>
<tr>${['Original', 'Decoded', 'Error', 'Original', 'Decoded', 'Error'].map(
    (title, k) => markup`<th scope="col" class="${k % 3 === 0 ? 'group' : ''}">${title}</th>`,
  )}</tr></thead><tbody>${examples.map((example) => exampleRow(example, top, phaseTop))}</tbody></table></div>
<div class="bars">${colourBar('error', '0', decimal(top, 3), 'Magnitude error ||x̂| − |x||')}${colourBar('error', '0', `${decimal(phaseTop, 2)} rad`, 'Phase error |arg x̂x*|')}</div>
${note(`Both scales end at the 99.5 % quantile over all examples; larger errors have the last colour. Phase errors are grey where the original is below ${100 * PHASE_FLOOR} % of the patch’s largest magnitude.`)}`;
}

function exampleRow(
  { name, target, reconstruction: made, metrics }: ReconstructionExample,
  top: number,
  phaseTop: number,
): Markup {
  const white = whiteLevel([target]);
  const images = [
    raster(magnitudeRaster(target, white), `${name}: original magnitude`),
    raster(magnitudeRaster(made, white), `${name}: decoded magnitude`),
    raster(magnitudeErrorRaster(made, target, top), `${name}: magnitude error`),
    raster(phaseRaster(target), `${name}: original phase`),
    raster(phaseRaster(made), `${name}: decoded phase`),
    raster(phaseErrorRaster(made, target, phaseTop), `${name}: phase error`),
  ];
  const { phaseCoherence, ssim, psnr } = metrics;
  return markup`<tr><th scope="row">${name}<dl class="metrics"><div><dt>γ</dt><dd>${decimal(phaseCoherence, 4)}</dd></div><div><dt>SSIM</dt><dd>${decimal(ssim, 3)}</dd></div><div><dt>PSNR</dt><dd>${psnr === null ? 'identical' : `${decimal(psnr, 1)} dB`}</dd></div></dl></th>${images.map(
    (image, k) => markup`<td class="${k % 3 === 0 ? 'group' : ''}">${image}</td>`,
  )}</tr>`;
}
