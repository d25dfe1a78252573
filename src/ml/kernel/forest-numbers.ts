/** Records and their histograms as numbers: how the plain kernel sees them. */
import { FOREST_SLOTS, type ForestLayout, type ForestSpace } from './forest-kernel.ts';

/** The pairs of numbers at the end of summing records, by record. */
export function forestFacts({ layout, records }: ForestSpace): {
  readonly facts: Float64Array;
  at(record: number): number;
} {
  const facts = new Float64Array(records.buffer, records.byteOffset, records.length >> 3);
  const width = layout.recordBytes >> 3;
  return { facts, at: (record) => (record + 1) * width - 2 };
}

/** A histogram's numbers, two a bin. */
export function histogramNumbers(layout: ForestLayout, histogram: Uint8Array): Uint32Array | Float64Array {
  const length = 2 * layout.columnCount * FOREST_SLOTS;
  return layout.isCounting
    ? new Uint32Array(histogram.buffer, histogram.byteOffset, length)
    : new Float64Array(histogram.buffer, histogram.byteOffset, length);
}
