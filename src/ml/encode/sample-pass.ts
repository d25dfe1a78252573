/** A few values of numeric columns, the same ones whoever asks: to know about where a median lies. */
import type { Pass } from '../aggregate.ts';
import { stagedBlockRows } from '../staged-rows.ts';

export interface SampleBroadcast {
  /** Numeric columns to look at. */
  readonly columns: Int32Array;
  /** Values of a column that a partition gives at most, evenly spread. */
  readonly rowCount: number;
}

/** The values of each column, NaN left out; over staged rows. */
export const samplePass: Pass<SampleBroadcast, Float64Array[]> = {
  name: 'encode.sample',
  accumulate({ numeric, rowCount, layout }, { columns, rowCount: wanted }, { checkpoint }) {
    checkpoint();
    const width = layout.numericWidth;
    const blockRows = stagedBlockRows(width);
    const count = Math.min(wanted, rowCount);
    const samples = Array.from(columns, () => new Float64Array(count));
    const found = new Uint32Array(columns.length);
    for (let step = 0; step < count; step++) {
      const row = Math.floor((step * rowCount) / count);
      const offset = row % blockRows;
      const start = (row - offset) * width + offset;
      const rows = Math.min(blockRows, rowCount - row + offset);
      for (let position = 0; position < columns.length; position++) {
        const value = numeric[start + columns[position]! * rows]!;
        if (value === value) samples[position]![found[position]!++] = value;
      }
    }
    return samples.map((values, position) => values.slice(0, found[position]));
  },
  merge(left, right) {
    return left.map((values, position) => concatenated(values, right[position]!));
  },
};

function concatenated(left: Float64Array, right: Float64Array): Float64Array {
  if (right.length === 0) return left;
  const both = new Float64Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
