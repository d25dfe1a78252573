/** The plain kernel and the compiled one over one memory, and a way to put arrays there. */
import { expect } from 'vitest';
import { Random } from '../../src/core/index.ts';
import type { Kernel } from '../../src/ml/kernel/kernel.ts';
import { kernelScratchBytes } from '../../src/ml/kernel/kernel-scratch.ts';
import { scalarKernel } from '../../src/ml/kernel/scalar-kernel.ts';
import { createWasmKernel } from '../../src/ml/kernel/wasm-kernel.ts';
import { gramScratchBytes } from '../../src/ml/kernel/wasm-gram.ts';
import { settlingBytes } from '../../src/ml/staged-rows.ts';
import { createWasmMemory } from '../../src/ml/parallel/wasm-memory.ts';

type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

export interface KernelPair {
  readonly plain: Kernel;
  readonly compiled: Kernel;
  readonly random: Random;
  /** A copy of an array in the memory; the oldest ones are overwritten when it is full. */
  inMemory<T extends Numbers>(array: T): T;
}

const ROWS = 4096;
/** Numeric columns of the widest test. */
const WIDTH = 300;
const MEMORY_BYTES: number = 16 * 1024 * 1024;

export function kernelPair(seed: number): KernelPair {
  const scratchBytes = kernelScratchBytes(
    WIDTH,
    ROWS,
    Math.max(settlingBytes(WIDTH), gramScratchBytes(WIDTH)),
  );
  const memory = createWasmMemory(MEMORY_BYTES);
  const first = 64 + scratchBytes;
  let next = first;
  return {
    plain: scalarKernel,
    compiled: createWasmKernel(memory, 64, scratchBytes),
    random: new Random(seed),
    inMemory<T extends Numbers>(array: T): T {
      if (next + array.byteLength > MEMORY_BYTES) next = first;
      const type = array.constructor as new (buffer: SharedArrayBuffer, address: number, length: number) => T;
      const copy = new type(memory.buffer, next, array.length);
      copy.set(array);
      next = Math.ceil((next + array.byteLength) / 64) * 64;
      return copy;
    },
  };
}

/** Both arrays hold the same numbers, -0 and NaN told from others. */
export function expectSameBits(actual: Numbers, expected: Numbers): void {
  expect(actual.length).toBe(expected.length);
  const place = expected.findIndex((value, index) => !Object.is(value, actual[index]));
  expect(place < 0 ? 'none' : `${place}: ${actual[place]} for ${expected[place]}`).toBe('none');
}
