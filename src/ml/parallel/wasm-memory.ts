/** The part of the WebAssembly interface that is used here; the compiler's ES library does not declare it. */

/** A shared memory: fixed size, zeroed, given to threads by reference. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

interface WasmMemoryConstructor {
  new (descriptor: { initial: number; maximum: number; shared: true }): WasmMemory;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: WasmMemoryConstructor } };

/** Bytes of one page: sizes are whole pages. */
const PAGE_BYTES = 65_536;

/** Zeroed shared memory of at least `bytes`. Throws RangeError when the machine has none. */
export function createWasmMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}
