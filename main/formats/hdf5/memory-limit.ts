/** Twice the largest chunk that is read; a sound file needs far less. */
const MOST_BYTES = 1 << 29;
const PAGE_BYTES = 65536;

/** Memories of modules that may not grow without end, by the view that each module keeps of its own. */
const watched: WeakRef<{ readonly HEAPU8: Uint8Array }>[] = [];
let patched = false;

/**
 * Keeps a WebAssembly module (Emscripten's, which hides its memory) from growing beyond half a gigabyte: a damaged file can
 * claim sizes for which the library inside asks. It is then told that there is no more, which it handles like any
 * other lack of memory.
 */
export function limitMemory(module: { readonly HEAPU8: Uint8Array }): void {
  watched.push(new WeakRef(module));
  if (patched) return;
  patched = true;
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    const isWatched = watched.some((reference) => reference.deref()?.HEAPU8.buffer === this.buffer);
    if (isWatched && this.buffer.byteLength + pages * PAGE_BYTES > MOST_BYTES) {
      throw new RangeError(`no more than ${MOST_BYTES} bytes for this module`);
    }
    return grow.call(this, pages);
  };
}
