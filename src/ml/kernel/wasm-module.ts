/** The compiled kernel's bytes, and one instance over a training's memory. */
import { readFileSync } from 'node:fs';
import type { WasmMemory } from '../parallel/wasm-memory.ts';

/** What kernels/assembly exports: numbers in, numbers out; addresses are byte offsets. */
export interface KernelExports {
  binNumbers(
    numeric: number,
    rows: number,
    stride: number,
    thresholds: number,
    everyThresholds: number,
    missing: number,
    bins: number,
  ): void;
  binRows(columns: number, columnCount: number, rowCount: number, rows: number): void;
  sortColumn(
    numeric: number,
    stride: number,
    rowCount: number,
    weight: number,
    values: number,
    other: number,
    counts: number,
  ): number;
  summarizeBlock(
    block: number,
    count: number,
    columns: number,
    columnCount: number,
    lows: number,
    highs: number,
    summaries: number,
    between: number,
  ): void;
  settleRows(columns: number, count: number, width: number, scaling: number, rows: number): void;
  writeRecordBins(
    columns: number,
    columnCount: number,
    rowCount: number,
    records: number,
    bytes: number,
  ): void;
  partitionRecords(
    records: number,
    count: number,
    bytes: number,
    byteAt: number,
    set: number,
    table: number,
  ): number;
  addRecordValue(
    records: number,
    count: number,
    rowAt: number,
    value: number,
    numbers: number,
    rows: number,
  ): void;
  addRecordPairs(
    records: number,
    count: number,
    rowAt: number,
    column: number,
    set: number,
    values: number,
    numbers: number,
    rows: number,
  ): void;
  addRecordLeaves(
    records: number,
    count: number,
    rowAt: number,
    column: number,
    left: number,
    sets: number,
    value: number,
    node: number,
    steps: number,
    numbers: number,
    rows: number,
  ): void;
  logisticRecords(
    records: number,
    count: number,
    rowAt: number,
    numbers: number,
    rows: number,
    weights: number,
    base: number,
    gradientScale: number,
    hessianScale: number,
    writes: boolean,
    decays: number,
    sums: number,
  ): void;
  squaredRecords(
    records: number,
    count: number,
    rowAt: number,
    numbers: number,
    weights: number,
    gradientScale: number,
    hessianScale: number,
    writes: boolean,
    sums: number,
  ): void;
  addRecords(
    bins: number,
    bytes: number,
    columnCount: number,
    count: number,
    facts: number,
    countBits: number,
    histogram: number,
    scratch: number,
  ): void;
  clearHistogram(histogram: number, columnCount: number): void;
  addGradients(
    bins: number,
    width: number,
    columnCount: number,
    order: number,
    count: number,
    facts: number,
    gradientScale: number,
    hessianScale: number,
    countBits: number,
    histogram: number,
    scratch: number,
  ): void;
  unpackHistogram(
    histogram: number,
    columnCount: number,
    binStart: number,
    gradientUnit: number,
    hessianUnit: number,
    countBits: number,
    output: number,
  ): void;
  mergeHistogram(target: number, source: number, columnCount: number): void;
  subtractHistogram(whole: number, part: number, columnCount: number): void;
  searchHistogram(
    histogram: number,
    columns: number,
    columnCount: number,
    countBits: number,
    settings: number,
    scratch: number,
    best: number,
  ): void;
  searchRecords(
    records: number,
    count: number,
    recordBytes: number,
    rowAt: number,
    columns: number,
    columnCount: number,
    countBits: number,
    settings: number,
    scratch: number,
    best: number,
  ): void;
  drawTreeRows(
    bins: number,
    columnCount: number,
    marks: number,
    facts: number,
    firstRow: number,
    rowCount: number,
    limit: number,
    seed: number,
    records: number,
    recordBytes: number,
  ): number;
  sumTreeRows(
    records: number,
    recordCount: number,
    recordBytes: number,
    columnCount: number,
    counters: number,
    histogram: number,
  ): void;
  splitTreeRows(
    records: number,
    recordCount: number,
    recordBytes: number,
    columnCount: number,
    column: number,
    lastBin: number,
    missingBin: number,
    flip: number,
    counters: number,
    histogram: number,
  ): number;
  subtractTreeRows(from: number, part: number, columnCount: number, isCounting: number): void;
  searchTreeHistogram(
    histogram: number,
    isCounting: number,
    columns: number,
    columnCount: number,
    binCounts: number,
    settings: number,
    scratch: number,
    best: number,
  ): void;
  searchTreeRows(
    records: number,
    recordCount: number,
    recordBytes: number,
    isCounting: number,
    columns: number,
    columnCount: number,
    binCounts: number,
    settings: number,
    scratch: number,
    best: number,
  ): void;
  partitionRows(bins: number, order: number, count: number, set: number, scratch: number): number;
  addLeafValues(
    bins: number,
    columnCount: number,
    rowCount: number,
    column: number,
    left: number,
    sets: number,
    value: number,
    depth: number,
    margin: number,
  ): void;
  logisticMultipliers(
    margins: number,
    label: number,
    weight: number,
    count: number,
    decays: number,
    sums: number,
  ): void;
  linearMargins(
    numeric: number,
    width: number,
    count: number,
    coefficients: number,
    intercept: number,
    outputs: number,
    margins: number,
  ): void;
  addLinearGradient(
    numeric: number,
    width: number,
    count: number,
    multipliers: number,
    outputs: number,
    gradient: number,
  ): void;
  addColumnSums(rows: number, width: number, count: number, state: number, stateBytes: number): void;
  addColumnSquares(rows: number, width: number, count: number, state: number, stateBytes: number): void;
  packPanels(
    numeric: number,
    width: number,
    count: number,
    shift: number,
    panels: number,
    packed: number,
    panelBytes: number,
  ): void;
  weighPanels(
    packed: number,
    panels: number,
    panelBytes: number,
    count: number,
    weight: number,
    weighted: number,
  ): void;
  addMoment(
    packed: number,
    panels: number,
    panelBytes: number,
    count: number,
    weight: number,
    target: number,
    moment: number,
  ): void;
  addStrip(
    weighted: number,
    packed: number,
    panelBytes: number,
    count: number,
    firstPanel: number,
    endPanel: number,
    strip: number,
  ): void;
  squaredDistances(
    numeric: number,
    width: number,
    rowCount: number,
    centroids: number,
    stride: number,
    count: number,
    output: number,
  ): void;
  scoreTrees(
    program: number,
    values: number,
    columnBytes: number,
    rowBytes: number,
    count: number,
    work: number,
    sums: number,
  ): void;
  scoreLinear(
    program: number,
    values: number,
    columnBytes: number,
    count: number,
    work: number,
    sums: number,
  ): void;
  blockRows(numeric: number, width: number, blocks: number, singles: number, lengths: number): void;
  reassign(
    numeric: number,
    width: number,
    rowCount: number,
    blocks: number,
    lengths: number,
    codes: number,
    centroids: number,
    singles: number,
    halves: number,
    count: number,
    boundSquare: number,
    boundSlope: number,
    boundBase: number,
    changes: number,
    scratch: number,
  ): void;
  logisticGradients(
    margin: number,
    label: number,
    weight: number,
    count: number,
    base: number,
    gradientScale: number,
    hessianScale: number,
    gradient: number,
    decays: number,
    sums: number,
  ): void;
}

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };

/** From source the compiled file is where the build puts it. */
function kernelAddress(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(
    isSource ? '../../../dist/kernels/kernel.wasm' : '../../kernels/kernel.wasm',
    import.meta.url,
  );
}

let compiled: object | undefined;

/** Compiles the kernel, once a thread. */
export function compileKernel(): object {
  compiled ??= new WebAssembly.Module(readFileSync(kernelAddress()));
  return compiled;
}

/** The kernel over a memory. */
export function instantiateKernel(memory: WasmMemory): KernelExports {
  return new WebAssembly.Instance(compileKernel(), { env: { memory } }).exports as KernelExports;
}
