/** Rows as records (kernel/record-kernel.ts): where they lie, and the pass that writes them. */
import type { Aggregator, Pass } from '../aggregate.ts';
import type { Dataset, Partition, Split } from '../dataset.ts';
import type { EncodedRows } from '../layout.ts';
import { recordLayout, type RecordLayout } from '../kernel/record-kernel.ts';
import {
  FACTS_WORKSPACE,
  learnThresholds,
  writeBins,
  type BinMapper,
  type BinRequest,
} from './bin-mapper.ts';

/** A record of every row, one `RecordLayout.bytes` long, in any order. */
const RECORD_WORKSPACE = 'tree.records';

/** Rows that are binned at a time: their numbers stay in a core's own cache. */
const BLOCK_ROWS = 1024;
/** Columns that are binned at a time: so many bins a row fit into the facts, which are scratch until later. */
const BLOCK_COLUMNS = 16;

/** Learns thresholds, allocates the records and writes them for the given splits. */
export async function learnRecords(
  aggregator: Aggregator,
  dataset: Dataset,
  request: BinRequest,
  splits: readonly Split[],
): Promise<BinMapper> {
  const mapper = await learnThresholds(aggregator, dataset, request);
  aggregator.allocate(RECORD_WORKSPACE, 'uint8', recordLayout(mapper.columns.length).bytes);
  for (const split of splits) await aggregator.run(recordPass, mapper, split);
  return mapper;
}

/** A partition's records. */
export function recordsOf(partition: Partition): Uint8Array {
  return partition.workspace(RECORD_WORKSPACE) as Uint8Array;
}

/** Writes the records of all rows, in the order of rows; their gradients and hessians are left for later. */
export const recordPass: Pass<BinMapper, null> = {
  name: 'tree.record',
  accumulate(partition, mapper, context) {
    const records = recordsOf(partition);
    const layout = recordLayout(mapper.columns.length);
    const facts = partition.workspace(FACTS_WORKSPACE);
    const scratch = new Uint8Array(facts.buffer, facts.byteOffset, facts.byteLength);
    for (let firstColumn = 0; firstColumn < layout.columnCount; firstColumn += BLOCK_COLUMNS) {
      const columns = mapper.columns.slice(firstColumn, firstColumn + BLOCK_COLUMNS);
      for (let first = 0; first < partition.rowCount; first += BLOCK_ROWS) {
        const rows = rowsFrom(partition, first, Math.min(BLOCK_ROWS, partition.rowCount - first));
        const bins = scratch.subarray(0, rows.rowCount * columns.length);
        bins.fill(0);
        writeBins(rows, columns, bins, context);
        context.kernel.writeRecordBins(bins, rows.rowCount, records, layout, first, firstColumn);
      }
    }
    numberRecords(records, layout);
    return null;
  },
  merge: () => null,
};

/** Encoded rows from one of a partition on. */
function rowsFrom({ layout, numeric, codes }: EncodedRows, first: number, rowCount: number): EncodedRows {
  const end = first + rowCount;
  const codeCount = layout.categories.length;
  return {
    layout,
    rowCount,
    numeric: numeric.subarray(first * layout.numericWidth, end * layout.numericWidth),
    codes: codes.subarray(first * codeCount, end * codeCount),
  };
}

function numberRecords(records: Uint8Array, { rowAt, bytes }: RecordLayout): void {
  const words = new Int32Array(records.buffer, records.byteOffset, records.length / 4);
  for (let row = 0; row * bytes < records.length; row++) words[(row * bytes + rowAt) / 4] = row;
}
