/** The part of the WebAssembly interface that is used here; the compiler's ES library does not declare it. */

/** A shared memory: fixed size, zeroed, given to threads by reference. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** A shared memory that can become larger; its buffer is another one then, over the same bytes and more. */
export interface GrowingWasmMemory extends WasmMemory {
  grow(pages: number): number;
}

interface WasmMemoryConstructor {
  new (descriptor: { initial: number; maximum: number; shared: true }): GrowingWasmMemory;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: WasmMemoryConstructor } };

/** Bytes of one page: sizes are whole pages. */
const PAGE_BYTES = 65_536;

/** Zeroed shared memory of at least `bytes`. Throws RangeError when the machine has none. */
export function createWasmMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Shared memory of `bytes` that `growWasmMemory` can enlarge to `maximum`. Throws RangeError when there is none. */
export function createGrowingWasmMemory(bytes: number, maximum: number): GrowingWasmMemory {
  const [initial, most] = [bytes, maximum].map((size) => Math.ceil(size / PAGE_BYTES)) as [number, number];
  return new WebAssembly.Memory({ initial, maximum: most, shared: true });
}

/** Makes a memory at least so large. Throws RangeError beyond its maximum. */
export function growWasmMemory(memory: GrowingWasmMemory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
}
