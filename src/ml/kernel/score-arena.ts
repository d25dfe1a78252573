/**
 * A thread's memory for scoring: models in the form that the compiled kernel reads, placed when they are first scored
 * with and again after the memory was full once. At its start lies what a block of rows needs whatever the model.
 */
import { createGrowingWasmMemory, growWasmMemory, type GrowingWasmMemory } from '../parallel/wasm-memory.ts';
import { instantiateKernel, type KernelExports } from './wasm-module.ts';

/** Bytes of all models' forms unless said otherwise; a larger one is not placed. */
const ARENA_BYTES: number = 128 * 1024 * 1024;
const ALIGNMENT = 64;
/** Words by which threads share a job; then the models. */
const CONTROL_ADDRESS = 64;
const START = 256;

/** Writes a form to the memory at an address that is a multiple of 64. */
export type FormWriter = (buffer: SharedArrayBuffer, address: number) => void;

export class ScoreArena {
  readonly kernel: KernelExports;
  readonly memory: GrowingWasmMemory;
  /** Of 128 bytes by which threads share a job. */
  readonly controlAddress: number = CONTROL_ADDRESS;
  /** Addresses since the memory was last emptied. */
  #addresses = new WeakMap<object, number>();
  #next: number = START;

  readonly #bytes: number;

  /** `bytes` at most; the memory grows as it is needed. */
  constructor(bytes: number = ARENA_BYTES) {
    this.#bytes = bytes;
    this.memory = createGrowingWasmMemory(START, bytes);
    this.kernel = instantiateKernel(this.memory);
  }

  /** The memory as it is now: a longer one after something was placed. */
  get buffer(): SharedArrayBuffer {
    return this.memory.buffer;
  }

  /** Whether so many bytes can be placed. */
  takes(bytes: number): boolean {
    return bytes <= this.#bytes - START;
  }

  /** Address of what `owner` has in the memory; placed now if it is not there. */
  place(owner: object, bytes: number, write: FormWriter): number {
    const known = this.#addresses.get(owner);
    if (known !== undefined) return known;
    if (this.#next + bytes > this.#bytes) {
      this.#addresses = new WeakMap();
      this.#next = START;
    }
    const address = this.#next;
    growWasmMemory(this.memory, address + bytes);
    write(this.buffer, address);
    this.#next = Math.ceil((address + bytes) / ALIGNMENT) * ALIGNMENT;
    this.#addresses.set(owner, address);
    return address;
  }
}

let arena: ScoreArena | undefined;

/** The arena of this thread. */
export function scoreArena(): ScoreArena {
  arena ??= new ScoreArena();
  return arena;
}
