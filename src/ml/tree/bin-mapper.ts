/**
 * Encoded columns as bins of one byte: what trees are grown on.
 *
 *   numeric column   bins 0 … n (n thresholds, ascending), then one bin for missing values
 *   category block   one bin a code, then one bin for "none of these"; a block of many codes is cut into
 *                    several bin columns of at most BIN_COUNT_MAX codes, each seeing the others' codes as "none"
 */
import type { EncodedRows, FeatureLayout } from '../layout.ts';
import {
  isUnweighted,
  mergeSketches,
  SampledRows,
  sketchColumn,
  sketchStride,
  thresholdsOf,
  type QuantileSketch,
} from './quantile-sketch.ts';
import type { Aggregator, Pass, PassContext } from '../aggregate.ts';
import type { Dataset, Split } from '../dataset.ts';

/** Bins of a column besides the one for missing values. */
export const BIN_COUNT_MAX = 255;

/** Bins of every row, one byte each, row-major: what histograms read. */
export const BIN_WORKSPACE = 'tree.bins';
/**
 * Two numbers of every row, one column an output: gradient and hessian, or class and weight; all but the class are
 * multiples of a request's units. Before that they are scratch of the sketches.
 */
export const FACTS_WORKSPACE = 'tree.facts';
/** The same column by column: what rows are moved by. */
export const BIN_COLUMN_WORKSPACE = 'tree.bin-columns';

/** Numeric columns that one sketch pass looks at, so that its partial stays small. */
const SKETCH_COLUMNS = 32;

/** How the bins of a column may be split. */
export type BinOrder =
  /** By a threshold. */
  | 'ascending'
  /** Categories in the order of their mean outcome, then by a cut. */
  | 'outcome'
  /** Any subset of categories. */
  | 'subset'
  /** One category against the rest. */
  | 'single';

export interface BinColumn {
  /** constant: one bin for every row, where there are no features at all. */
  readonly kind: 'numeric' | 'category' | 'constant';
  /** numeric: encoded column. category: block. */
  readonly index: number;
  /** numeric only. */
  readonly thresholds: Float64Array;
  /** category only: the code that bin 0 stands for. */
  readonly firstCode: number;
  /** Bins besides the one for missing values, which is bin number `binCount`. */
  readonly binCount: number;
  readonly order: BinOrder;
}

/** Learned bins. Survives a structured clone. */
export interface BinMapper {
  readonly columns: readonly BinColumn[];
  /**
   * First bin of each column when all are laid end to end, missing bins included; one more entry for the end.
   */
  readonly binStart: Int32Array;
}

export function binMapper(columns: readonly BinColumn[]): BinMapper {
  const binStart = new Int32Array(columns.length + 1);
  columns.forEach((column, index) => {
    binStart[index + 1] = binStart[index]! + column.binCount + 1;
  });
  return { columns, binStart };
}

interface SketchRequest {
  readonly first: number;
  readonly count: number;
  /** One of so many rows is looked at. */
  readonly stride: number;
}

/** Sketches of a range of numeric columns. */
export const sketchPass: Pass<SketchRequest, QuantileSketch[]> = {
  name: 'tree.sketch',
  accumulate(partition, { first, count, stride }, context) {
    const { numeric, weight } = partition;
    const rows = {
      numeric,
      numericWidth: partition.layout.numericWidth,
      weight,
      isUnweighted: isUnweighted(weight),
      scratch: partition.workspace(FACTS_WORKSPACE) as Float64Array,
    };
    const sample = stride > 1 ? new SampledRows(rows, stride, first, count) : undefined;
    return Array.from({ length: count }, (_, index) => {
      context.checkpoint();
      if (sample === undefined) return sketchColumn(rows, first + index, context.kernel);
      return sketchColumn(sample.column(index), 0, context.kernel);
    });
  },
  merge(left, right) {
    return left.map((sketch, index) => mergeSketches(sketch, right[index]!));
  },
};

/** Writes the bins of every row. */
export const binPass: Pass<BinMapper, null> = {
  name: 'tree.bin',
  accumulate(partition, mapper, context) {
    const columns = partition.workspace(BIN_COLUMN_WORKSPACE) as Uint8Array;
    writeBins(partition, mapper.columns, columns, context);
    context.kernel.binRows(columns, mapper.columns.length, partition.workspace(BIN_WORKSPACE) as Uint8Array);
    return null;
  },
  merge: () => null,
};

/** Bins of encoded rows, column by column. */
export function writeBins(
  rows: EncodedRows,
  columns: readonly BinColumn[],
  bins: Uint8Array,
  { kernel, checkpoint }: PassContext,
): void {
  const { numericWidth, categories } = rows.layout;
  columns.forEach((column, target) => {
    checkpoint();
    const targetBins = bins.subarray(target * rows.rowCount, (target + 1) * rows.rowCount);
    if (column.kind === 'constant') return;
    if (column.kind === 'numeric') {
      kernel.binNumbers(rows.numeric, numericWidth, column.index, column.thresholds, targetBins);
      return;
    }
    for (let row = 0; row < rows.rowCount; row++) {
      const code = rows.codes[row * categories.length + column.index]! - column.firstCode;
      targetBins[row] = code >= 0 && code < column.binCount ? code : column.binCount;
    }
  });
}

/** What decides the bins of a training. */
export interface BinRequest {
  readonly numericBins: number;
  readonly categoryOrder: (cardinality: number) => BinOrder;
  /** Pairs of facts a row that the growing of trees will need. */
  readonly outputs: number;
}

/** Learns thresholds, allocates the bins and writes them for the given splits. */
export async function learnBins(
  aggregator: Aggregator,
  dataset: Dataset,
  request: BinRequest,
  splits: readonly Split[],
): Promise<BinMapper> {
  const mapper = await learnThresholds(aggregator, dataset, request);
  aggregator.allocate(BIN_WORKSPACE, 'uint8', mapper.columns.length);
  aggregator.allocate(BIN_COLUMN_WORKSPACE, 'uint8', mapper.columns.length);
  for (const split of splits) await aggregator.run(binPass, mapper, split);
  return mapper;
}

/** Learns thresholds. Allocates the facts, and uses them as scratch. */
export async function learnThresholds(
  aggregator: Aggregator,
  dataset: Dataset,
  request: BinRequest,
): Promise<BinMapper> {
  const columns: BinColumn[] = [];
  aggregator.allocate(FACTS_WORKSPACE, 'float64', 2 * request.outputs);
  const stride = sketchStride(dataset.trainingRowCount);
  for (let first = 0; first < dataset.layout.numericWidth; first += SKETCH_COLUMNS) {
    const count = Math.min(SKETCH_COLUMNS, dataset.layout.numericWidth - first);
    const sketches = await aggregator.run(sketchPass, { first, count, stride });
    await aggregator.checkpoint();
    sketches.forEach((sketch, index) =>
      columns.push(numericColumn(first + index, sketch, request.numericBins)),
    );
  }
  columns.push(...categoryColumns(dataset.layout, request));
  if (columns.length === 0) columns.push(constantColumn);
  return binMapper(columns);
}

function numericColumn(index: number, sketch: QuantileSketch, numericBins: number): BinColumn {
  const thresholds = thresholdsOf(sketch, numericBins);
  return {
    kind: 'numeric',
    index,
    thresholds,
    firstCode: 0,
    binCount: thresholds.length + 1,
    order: 'ascending',
  };
}

const constantColumn: BinColumn = {
  kind: 'constant',
  index: 0,
  thresholds: new Float64Array(0),
  firstCode: 0,
  binCount: 1,
  order: 'ascending',
};

function categoryColumns(layout: FeatureLayout, request: BinRequest): BinColumn[] {
  return layout.categories.flatMap(({ cardinality }, index) => {
    const order = request.categoryOrder(cardinality);
    return codeRanges(cardinality).map(([firstCode, binCount]): BinColumn => ({
      kind: 'category',
      index,
      thresholds: new Float64Array(0),
      firstCode,
      binCount,
      order,
    }));
  });
}

function codeRanges(cardinality: number): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let first = 0; first < cardinality; first += BIN_COUNT_MAX) {
    ranges.push([first, Math.min(BIN_COUNT_MAX, cardinality - first)]);
  }
  return ranges;
}

/** Bin columns that a layout will have, at most: for estimates. */
export function binColumnCount(numericWidth: number, categoryCount: number, width: number): number {
  return numericWidth + categoryCount + Math.ceil((width - numericWidth) / BIN_COUNT_MAX);
}
