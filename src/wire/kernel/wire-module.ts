/** The wire's compiled kernel (kernels/wire) and the memory it works in: one for the process, which has one thread here. */
import { readFileSync } from 'node:fs';
import { internalError } from '../../core/index.ts';
import { powersOfFive, powersOfTen } from './powers-of-ten.ts';

/** What kernels/wire exports; what ends in `At` is a byte address. */
interface WireExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  freeAt(): number;
  powersOfTenAt(): number;
  writtenTo(): number;
  putDataRows(
    columnsAt: number,
    columnCount: number,
    firstRow: number,
    lastRow: number,
    at: number,
    limit: number,
  ): number;
  powersOfFiveAt(): number;
  readLines(
    columnsAt: number,
    columnCount: number,
    rowCountMax: number,
    at: number,
    limit: number,
    formatAt: number,
    heapAt: number,
  ): number;
  stopReason(): number;
  stopColumn(): number;
  readTo(): number;
  readLineCount(): number;
  heapUsedTo(): number;
  putCopyRows(
    columnsAt: number,
    columnCount: number,
    firstRow: number,
    lastRow: number,
    formatAt: number,
    at: number,
    limit: number,
  ): number;
}

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: Readonly<Record<string, (...values: never) => number>> },
  ) => { readonly exports: unknown };
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };
const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

/** From source the compiled file is where the build puts it. */
function kernelAddress(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? '../../../dist/kernels/wire.wasm' : '../../kernels/wire.wasm', import.meta.url);
}

/** The kernel's memory as a stack of areas that `reset` empties. */
export class WireKernel {
  readonly exports: WireExports;
  readonly #freeAt: number;
  #topAt: number;
  #bytes: Buffer;
  /** What the areas hold now, for whoever put it there to recognise. */
  content: object | undefined;

  constructor() {
    const compiled = new WebAssembly.Module(readFileSync(kernelAddress()));
    const abort = (): never => {
      throw internalError('the kernel of the wire gave up');
    };
    const longDouble = (at: number, length: number): number =>
      Number(this.bytes.toString('latin1', at, at + length));
    this.exports = new WebAssembly.Instance(compiled, { env: { abort, longDouble } }).exports as WireExports;
    this.#freeAt = Math.ceil(this.exports.freeAt() / ALIGNMENT) * ALIGNMENT;
    this.#topAt = this.#freeAt;
    this.#bytes = Buffer.from(this.exports.memory.buffer);
    this.bytes.set(powersOfTen(), this.exports.powersOfTenAt());
    this.bytes.set(powersOfFive(), this.exports.powersOfFiveAt());
  }

  /** The whole memory; a new view whenever it has grown. */
  get bytes(): Buffer {
    const { buffer } = this.exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = Buffer.from(buffer);
    return this.#bytes;
  }

  reset(): void {
    this.#topAt = this.#freeAt;
    this.content = undefined;
  }

  /** The address of an area of so many bytes. */
  reserve(byteCount: number): number {
    const at = this.#topAt;
    this.#topAt = Math.ceil((at + byteCount) / ALIGNMENT) * ALIGNMENT;
    const missing = this.#topAt - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** The address of a copy of these bytes. */
  put(view: ArrayBufferView): number {
    const at = this.reserve(view.byteLength);
    this.bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at);
    return at;
  }
}

let kernel: WireKernel | undefined;

/** The kernel, compiled when it is first needed. */
export function wireKernel(): WireKernel {
  kernel ??= new WireKernel();
  return kernel;
}
