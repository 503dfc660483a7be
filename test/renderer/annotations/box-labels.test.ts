import { describe, expect, it } from 'vitest';
import { boxLabels, boxUnder } from '../../../renderer/features/annotations/box-labels.ts';
import type { PlacedBox } from '../../../renderer/features/annotations/box-labels.ts';
import { FEW } from '../../../renderer/imaging/words.ts';

/** A box on a pane that shows the image at twice its size. */
const placed = (top: number, left: number, size: number, label = 'Mass', selected = false): PlacedBox => ({
  box: { top, left, height: size, width: size, label },
  selected,
  x: 2 * left,
  y: 2 * top,
  width: 2 * size,
  height: 2 * size,
});
const texts = (boxes: readonly PlacedBox[], pointed?: PlacedBox): string[] =>
  [...boxLabels(boxes, pointed, 640).values()].map(({ text }) => text);

describe('labels of boxes', () => {
  it('stand above a box, below one at the upper edge, and end at the right edge of one on the right half', () => {
    const [high, right] = [placed(2, 10, 20), placed(100, 250, 30, 'Edema')];
    const labels = boxLabels([high, right], undefined, 640);
    expect(labels.get(high)).toMatchObject({ at: 20, y: 4 + 40 + 13, end: false });
    expect(labels.get(right)).toMatchObject({ at: 560, y: 196, end: true });
  });

  it('do not lie on one another: the selected one is written, then the one under the pointer, then the first', () => {
    const near = ['Mass', 'Edema', 'Cyst'].map((label, i) => placed(100 + i, 100 + i, 20, label));
    expect(texts(near)).toEqual(['Mass']);
    expect(texts(near, near[2])).toEqual(['Cyst']);
    expect(texts([near[0]!, { ...near[1]!, selected: true }, near[2]!], near[2])).toEqual(['Edema']);
  });

  it('of many boxes are those of the selected one and of the one under the pointer alone', () => {
    const many = Array.from({ length: FEW + 1 }, (_, i) => placed(30 * i, 10, 20, `${i}`));
    expect(texts(many)).toEqual([]);
    expect(texts(many.with(3, { ...many[3]!, selected: true }), many[5])).toEqual(['3', '5']);
  });
});

it('the box under the pointer is the smallest that lies there', () => {
  const [large, small] = [placed(0, 0, 100), placed(20, 20, 10)];
  expect(boxUnder([large, small], { x: 25, y: 25 })).toBe(small);
  expect(boxUnder([large, small], { x: 50, y: 25 })).toBe(large);
  expect(boxUnder([large, small], { x: 150, y: 25 })).toBeUndefined();
  expect(boxUnder([large, small], null)).toBeUndefined();
});
