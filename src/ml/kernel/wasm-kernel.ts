/**
 * The compiled kernel behind the interface of the plain one. Rows and per-row arrays must lie in the training's memory;
 * whatever else an operation reads or writes goes through a thread's scratch area.
 */
import type { Kernel } from './kernel.ts';
import { KernelScratch } from './kernel-scratch.ts';
import { scalarKernel } from './scalar-kernel.ts';
import type { WasmMemory } from '../parallel/wasm-memory.ts';
import { wasmColumnOperations } from './wasm-column-kernel.ts';
import { wasmDistanceOperations } from './wasm-distance-kernel.ts';
import { wasmForestOperations } from './wasm-forest-kernel.ts';
import { wasmLinearOperations } from './wasm-linear-kernel.ts';
import { instantiateKernel } from './wasm-module.ts';
import { wasmNodeSearchOperations } from './wasm-node-search.ts';
import { wasmRecordOperations } from './wasm-record-kernel.ts';
import { wasmTreeOperations } from './wasm-tree-kernel.ts';

/** A kernel over a memory, with `scratchBytes` from `scratchAddress` on that no other thread uses. */
export function createWasmKernel(memory: WasmMemory, scratchAddress: number, scratchBytes: number): Kernel {
  const compiled = instantiateKernel(memory);
  const scratch = new KernelScratch(memory.buffer, scratchAddress, scratchBytes);
  return {
    ...scalarKernel,
    ...wasmColumnOperations(compiled, scratch),
    ...wasmLinearOperations(compiled, scratch),
    ...wasmDistanceOperations(compiled, scratch),
    ...wasmTreeOperations(compiled, scratch),
    ...wasmRecordOperations(compiled, scratch),
    ...wasmNodeSearchOperations(compiled, scratch),
    ...wasmForestOperations(compiled),
    kernelName: 'wasm',
  };
}
