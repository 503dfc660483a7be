import type { Random } from '../../domain/random.ts';

const LAYERS = 128;
const TAIL = 3.442619855899;
/** Area of each layer. */
const AREA = 9.91256303526217e-3;

const edges = new Float64Array(LAYERS + 1);
const ratios = new Float64Array(LAYERS);
const heights = new Float64Array(LAYERS + 1);
{
  const density = (x: number): number => Math.exp(-0.5 * x * x);
  edges[0] = AREA / density(TAIL);
  edges[1] = TAIL;
  heights[1] = density(TAIL);
  for (let i = 2; i < LAYERS; i++) {
    edges[i] = Math.sqrt(-2 * Math.log(AREA / edges[i - 1]! + density(edges[i - 1]!)));
    heights[i] = density(edges[i]!);
  }
  heights[LAYERS] = 1;
  for (let i = 0; i < LAYERS; i++) ratios[i] = edges[i + 1]! / edges[i]!;
}

/**
 * Adds white Gaussian noise: the ziggurat method (Marsaglia & Tsang 2000) in the form of Doornik (2005), about five times as
 * fast as Box–Muller, which matters for the 26 million samples of a volume.
 */
export function addNoise(data: Float32Array, standardDeviation: number, random: Random): void {
  for (let i = 0; i < data.length; i++) data[i] = data[i]! + standardDeviation * gaussian(random);
}

function gaussian(random: Random): number {
  for (;;) {
    const bits = random.bits();
    const layer = bits & (LAYERS - 1);
    // The upper 25 bits are the uniform number; layer and number do not overlap.
    const u = (bits >>> 7) / 16777216 - 1;
    if (Math.abs(u) < ratios[layer]!) return u * edges[layer]!;
    if (layer === 0) return tail(random, u < 0);
    const x = u * edges[layer]!;
    const below = heights[layer]!;
    if (below + random.uniform() * (heights[layer + 1]! - below) < Math.exp(-0.5 * x * x)) return x;
  }
}

/** Beyond the last edge (Marsaglia 1964). */
function tail(random: Random, negative: boolean): number {
  for (;;) {
    const x = -Math.log(1 - random.uniform()) / TAIL;
    const y = -Math.log(1 - random.uniform());
    if (2 * y >= x * x) return negative ? -(TAIL + x) : TAIL + x;
  }
}
