import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bringSlices, loadSlice } from '../../../renderer/imaging/slices.ts';

/** A worker that cannot be had, as a browser tells it: not at once. */
class AbsentWorker {
  addEventListener(type: string, heard: () => void): void {
    if (type === 'error') setTimeout(heard, 5);
  }
  postMessage(): void {}
  terminate(): void {}
}

const slice = (index: number): Float32Array => Float32Array.from({ length: 2 * 6 }, (_, i) => 100 * index + i);
let asked: string[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal('Worker', AbsentWorker);
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const index = Number(/slices\/(\d+)\?/.exec(path)?.[1]);
    return index > 50
      ? Promise.resolve(Response.json({ code: 'slice-out-of-range', sentence: 'No such slice.' }, { status: 400 }))
      : Promise.resolve(new Response(slice(index).buffer as ArrayBuffer, { headers: { 'x-type': 'complex64', 'x-shape': '1,2,3' } })); // prettier-ignore
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe('slices whose worker cannot be had', () => {
  it('are brought by the page, also those that were on their way', async () => {
    const coming = bringSlices('volume', [3, 4, 9], ['magnitude']);
    const wanted = await loadSlice('volume', 4);
    expect(wanted).toEqual({ rows: 2, columns: 3, data: slice(4) });
    await coming;
    expect((await loadSlice('volume', 9)).data).toEqual(slice(9));
    expect(asked).toHaveLength(3);
  });

  it('are refused in the words of the engine', async () => {
    const coming = bringSlices('volume', [51], ['magnitude']);
    await expect(loadSlice('volume', 51)).rejects.toMatchObject({ sentence: 'No such slice.' });
    await expect(coming).rejects.toBeDefined();
  });
});
