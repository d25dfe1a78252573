/**
 * Gram matrices of the compiled kernel (kernels/assembly/gram.ts). The matrix is too large for a thread's scratch area when
 * rows are wide: a strip of its rows is there at a time, with a few encoded rows packed into panels.
 */
import { NORMAL_EQUATION_WIDTH_MAX } from '../../core/index.ts';
import type { KernelScratch } from './kernel-scratch.ts';
import type { LinearKernel, LinearRows } from './linear-kernel.ts';
import { addCategoryGram } from './scalar-linear-kernel.ts';
import type { KernelExports } from './wasm-module.ts';

/** Columns of a panel, and panels whose rows make a strip of the matrix. */
const PANEL = 8;
const STRIP_PANELS = 16;
/** Bytes of packed rows that should stay in a core's own cache, and how many rows are packed at a time. */
const PACKED_BYTES: number = 512 * 1024;
const PACKED_ROWS = 128;
const PACKED_ROWS_MIN = 32;
/** Rows that a call brings at most, for their weights and targets. */
const CALL_ROWS = 1024;
/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 1024;

interface GramPlan {
  readonly panels: number;
  readonly stripPanels: number;
  /** Encoded rows that are packed at a time. */
  readonly packedRows: number;
  /** Distance of two panels; no multiple of a page, whose lines would share their places in the cache. */
  readonly panelBytes: number;
}

function planGram(numericWidth: number): GramPlan {
  const panels = Math.ceil((numericWidth + 1) / PANEL);
  const fitting = Math.floor(PACKED_BYTES / (8 * PANEL * panels));
  const packedRows = Math.max(PACKED_ROWS_MIN, Math.min(PACKED_ROWS, fitting));
  return {
    panels,
    stripPanels: Math.min(STRIP_PANELS, panels),
    packedRows,
    panelBytes: 8 * PANEL * (packedRows + 1),
  };
}

/** Bytes that a thread needs to add to the Gram matrix of so many numeric columns; 0 for more than one may have. */
export function gramScratchBytes(numericWidth: number): number {
  if (numericWidth > NORMAL_EQUATION_WIDTH_MAX) return 0;
  const { panels, stripPanels, panelBytes } = planGram(numericWidth);
  const stripBytes = 8 * PANEL * PANEL * stripPanels * panels;
  const vectorBytes = 8 * (2 * CALL_ROWS + 2 * PANEL * panels);
  return (panels + stripPanels) * panelBytes + stripBytes + vectorBytes + SLACK_BYTES;
}

export function wasmAddGram(compiled: KernelExports, scratch: KernelScratch): LinearKernel['addGram'] {
  return (rows, first, count, shift, weight, target, gram, moment) => {
    scratch.reset();
    addNumericGram(compiled, scratch, rows, first, count, shift, weight, target, gram, moment);
    addCategoryGram(rows, first, count, shift, weight, target, gram, moment);
  };
}

function addNumericGram(
  compiled: KernelExports,
  scratch: KernelScratch,
  { numeric, numericWidth }: LinearRows,
  first: number,
  count: number,
  shift: Float64Array,
  weight: Float64Array,
  target: Float64Array,
  gram: Float64Array,
  moment: Float64Array,
): void {
  const { panels, stripPanels, packedRows, panelBytes } = planGram(numericWidth);
  const size = numericWidth + 1;
  const shiftAt = scratch.place(shift.subarray(0, numericWidth));
  const weightAt = scratch.place(weight.subarray(0, count));
  const targetAt = scratch.place(target.subarray(0, count));
  const sums = scratch.numbers(PANEL * panels);
  const packedAt = scratch.take(panels * panelBytes);
  const weightedAt = scratch.take(stripPanels * panelBytes);
  const room = scratch.numbers(PANEL * PANEL * stripPanels * panels);
  sums.fill(0).set(moment.subarray(0, size));
  for (let panel = 0; panel < panels; panel += stripPanels) {
    const end = Math.min(panels, panel + stripPanels);
    const strip = room.subarray(0, PANEL * PANEL * (end - panel) * end);
    readStrip(gram, strip.fill(0), PANEL * panel, Math.min(size, PANEL * end), PANEL * end);
    for (let row = 0; row < count; row += packedRows) {
      const rowCount = Math.min(packedRows, count - row);
      const numericAt = numeric.byteOffset + 8 * (first + row) * numericWidth;
      const rowWeightAt = weightAt + 8 * row;
      compiled.packPanels(numericAt, numericWidth, rowCount, shiftAt, end, packedAt, panelBytes);
      const stripAt = packedAt + panel * panelBytes;
      compiled.weighPanels(stripAt, end - panel, panelBytes, rowCount, rowWeightAt, weightedAt);
      compiled.addStrip(weightedAt, packedAt, panelBytes, rowCount, panel, end, strip.byteOffset);
      // The last strip has packed all columns.
      if (end === panels) {
        const rowTargetAt = targetAt + 8 * row;
        compiled.addMoment(packedAt, end, panelBytes, rowCount, rowWeightAt, rowTargetAt, sums.byteOffset);
      }
    }
    writeStrip(strip, gram, PANEL * panel, Math.min(size, PANEL * end), PANEL * end);
  }
  moment.set(sums.subarray(0, size));
}

/** Copies packed lower rows from `first` to before `end` into the strip, whose rows are `stride` long. */
function readStrip(
  packed: Float64Array,
  strip: Float64Array,
  first: number,
  end: number,
  stride: number,
): void {
  for (let row = first; row < end; row++) {
    const start = (row * (row + 1)) / 2;
    strip.set(packed.subarray(start, start + row + 1), (row - first) * stride);
  }
}

/** The way back. */
function writeStrip(
  strip: Float64Array,
  packed: Float64Array,
  first: number,
  end: number,
  stride: number,
): void {
  for (let row = first; row < end; row++) {
    const start = (row - first) * stride;
    packed.set(strip.subarray(start, start + row + 1), (row * (row + 1)) / 2);
  }
}
