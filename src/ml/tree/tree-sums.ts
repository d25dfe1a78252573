/** Sums of an ensemble's leaf values: by the compiled kernel for many rows, by the plain walk for a few. */
import type { EncodedRows } from '../layout.ts';
import { scoreArena, type ScoreArena } from '../kernel/score-arena.ts';
import {
  packEnsemble,
  SCORE_BLOCK_ROWS,
  writeCodes,
  writeEnsemble,
  type PackedEnsemble,
} from './packed-ensemble.ts';
import { treeCount, walkTrees, type TreeEnsemble } from './tree-ensemble.ts';

/** Rows below which the plain walk is faster, and from which on it pays to pack an ensemble. */
const PACKED_ROWS_MIN = 16;
const PACKING_ROWS_MIN = 256;
/** Numbers of a block of rows at most. */
const BLOCK_NUMBERS_MAX: number = 1024 * 1024;

/** Packed forms by ensemble; null for what cannot be packed. */
const packedForms = new WeakMap<TreeEnsemble, PackedEnsemble | null>();

function packedForm(
  ensemble: TreeEnsemble,
  rowCount: number,
  outputWidth: number,
): PackedEnsemble | undefined {
  if (rowCount < PACKED_ROWS_MIN) return undefined;
  let packed = packedForms.get(ensemble);
  if (packed === undefined) {
    if (rowCount < PACKING_ROWS_MIN) return undefined;
    const isSuited =
      treeCount(ensemble) > 0 &&
      ensemble.categorySet.length === 0 &&
      ensemble.numericWidth * SCORE_BLOCK_ROWS <= BLOCK_NUMBERS_MAX;
    packed = (isSuited ? packEnsemble(ensemble, outputWidth) : undefined) ?? null;
    if (packed !== null && !scoreArena().takes(packed.bytes)) packed = null;
    packedForms.set(ensemble, packed);
  }
  return packed ?? undefined;
}

/**
 * Adds every tree's leaf values to `output` (rowCount × outputWidth, row-major): those of tree t start at
 * column (t × leafWidth) % outputWidth. An ensemble always comes with the same outputWidth.
 */
export function addTreeValues(
  ensemble: TreeEnsemble,
  rows: EncodedRows,
  output: Float64Array,
  outputWidth: number,
): void {
  const packed = packedForm(ensemble, rows.rowCount, outputWidth);
  if (packed === undefined) walkTrees(ensemble, rows, output, outputWidth);
  else addPackedValues(scoreArena(), packed, rows, output, outputWidth);
}

function addPackedValues(
  arena: ScoreArena,
  packed: PackedEnsemble,
  rows: EncodedRows,
  output: Float64Array,
  outputWidth: number,
): void {
  const { numericWidth, leafWidth } = packed.ensemble;
  const address = arena.place(packed, packed.bytes, (buffer, start) =>
    writeEnsemble(packed, outputWidth, buffer, start),
  );
  const numbers = new Float64Array(arena.buffer, address + packed.numbers, SCORE_BLOCK_ROWS * numericWidth);
  const sums = new Float64Array(arena.buffer, address + packed.sums, SCORE_BLOCK_ROWS * outputWidth);
  for (let first = 0; first < rows.rowCount; first += SCORE_BLOCK_ROWS) {
    const count = Math.min(SCORE_BLOCK_ROWS, rows.rowCount - first);
    numbers.set(rows.numeric.subarray(first * numericWidth, (first + count) * numericWidth));
    writeCodes(arena, packed, address, numbers.byteOffset, 1, numericWidth, count);
    const target = output.subarray(first * outputWidth, (first + count) * outputWidth);
    sums.set(target);
    arena.kernel.scoreTrees(
      address + packed.codes,
      count,
      address + packed.trees,
      treeCount(packed.ensemble),
      leafWidth,
      outputWidth,
      address + packed.scratch,
      sums.byteOffset,
    );
    target.set(sums.subarray(0, count * outputWidth));
  }
}
