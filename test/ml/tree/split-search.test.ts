/** The best split of a histogram against every split there is. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { fixedPoint } from '../../../src/ml/kernel/fixed-point.ts';
import { scalarTreeOperations } from '../../../src/ml/kernel/scalar-tree-kernel.ts';
import { binMapper, type BinColumn, type BinOrder } from '../../../src/ml/tree/bin-mapper.ts';
import { ClassCriterion, GradientCriterion, type Criterion } from '../../../src/ml/tree/criterion.ts';
import {
  SplitSearch,
  wholeHistogram,
  type HistogramSource,
  type Split,
} from '../../../src/ml/tree/split-search.ts';

const binCounts = [6, 4, 5];
const ROWS = 60;

interface Node {
  readonly bins: Uint8Array;
  readonly histogram: HistogramSource;
  readonly total: Float64Array;
  /** Sums of the given rows. */
  sums(rows: readonly number[]): Float64Array;
}

function columnsOf(order: BinOrder): BinColumn[] {
  return binCounts.map((binCount, index) => ({
    kind: order === 'ascending' ? 'numeric' : 'category',
    index,
    thresholds: new Float64Array(0),
    firstCode: 0,
    binCount,
    order,
  }));
}

/** A node of random rows; the last bin of each column is the missing one. */
function randomNode(seed: number, order: BinOrder, classCount: number): Node {
  const random = new Random(seed);
  const { binStart } = binMapper(columnsOf(order));
  const bins = new Uint8Array(ROWS * binCounts.length);
  for (let row = 0; row < ROWS; row++) {
    binCounts.forEach((count, column) => {
      bins[row * binCounts.length + column] = random.below(seed % 3 === 0 ? count : count + 1);
    });
  }
  const stride = classCount === 0 ? 3 : classCount + 1;
  const facts = Float64Array.from({ length: 2 * ROWS }, (_, index) => {
    if (classCount > 0) return index % 2 === 0 ? random.below(classCount) : 1 + random.below(2);
    return index % 2 === 0 ? random.normal() : 0.2 + random.uniform();
  });
  const units = fixedPoint(ROWS, 1000, 1000);
  const build = (rows: readonly number[]): Float64Array => {
    const histogram = new Float64Array(binStart.at(-1)! * stride);
    const run = { bins, order: Int32Array.from(rows), start: 0, end: rows.length, facts };
    if (classCount === 0) scalarTreeOperations.gradientHistogram([run], binStart, units, histogram, 0);
    else scalarTreeOperations.classHistogram([run], classCount, binStart, histogram, 0);
    return histogram;
  };
  const sums = (rows: readonly number[]): Float64Array => {
    const histogram = build(rows);
    const total = new Float64Array(stride);
    for (let bin = 0; bin < binStart[1]!; bin++) {
      for (let index = 0; index < stride; index++)
        total[index] = total[index]! + histogram[bin * stride + index]!;
    }
    return total;
  };
  const all = Array.from({ length: ROWS }, (_, row) => row);
  const histogram = wholeHistogram(build(all), binMapper(columnsOf(order)), stride);
  return { bins, histogram, total: sums(all), sums };
}

/** Sets of bins that may go left, the missing bin (number binCount) in or out. */
function candidates(order: BinOrder, binCount: number): number[][] {
  const bins = Array.from({ length: binCount }, (_, bin) => bin);
  if (order === 'single') return bins.map((bin) => [bin]);
  const sets =
    order === 'ascending'
      ? bins.map((last) => bins.slice(0, last + 1))
      : Array.from({ length: 2 ** binCount - 1 }, (_, code) => bins.filter((bin) => ((code + 1) >> bin) & 1));
  return sets.flatMap((set) => [set, [...set, binCount]]);
}

function gainOf(
  node: Node,
  criterion: Criterion,
  column: number,
  set: readonly number[],
  least: number,
): number {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const inSet = (row: number): boolean => set.includes(node.bins[row * binCounts.length + column]!);
  const left = node.sums(rows.filter(inSet));
  const right = node.sums(rows.filter((row) => !inSet(row)));
  if (criterion.rows(left, 0) < least || criterion.rows(right, 0) < least) return -Infinity;
  return criterion.score(left, 0) + criterion.score(right, 0) - criterion.score(node.total, 0);
}

function setOf(split: Split): number[] {
  return Array.from({ length: 256 }, (_, bin) => bin).filter(
    (bin) => (split.binSet[bin >>> 5]! >>> (bin & 31)) & 1,
  );
}

const penalty = { l1: 0.3, l2: 1 };
const none = { l1: 0, l2: 0 };
const criteria: readonly (readonly [string, number, Criterion, readonly BinOrder[]])[] = [
  ['newton', 0, new GradientCriterion('newton', penalty, 1, undefined), ['ascending', 'single']],
  ['means', 0, new GradientCriterion('newton', none, 1, undefined), ['ascending', 'single', 'outcome']],
  ['Gini', 3, new ClassCriterion('newton', none, new Float64Array(3), 1), ['ascending', 'single', 'subset']],
  [
    'entropy',
    3,
    new ClassCriterion('entropy', none, new Float64Array(3), 1),
    ['ascending', 'single', 'subset'],
  ],
];

describe.each(criteria)('%s', (_, classCount, criterion, orders) => {
  test.each([...orders])('finds the best %s split', (order) => {
    const search = new SplitSearch(binMapper(columnsOf(order)), criterion);
    for (let seed = 1; seed <= 12; seed++) {
      const node = randomNode(seed, order, classCount);
      const least = 1 + (seed % 3);
      const split = search.find(node.histogram, node.total, Int32Array.of(0, 1, 2), {
        rows: least,
        weight: 0,
      })!;
      // With means ordered categories hold the best of all subsets (Fisher, 1958), missing ones as an own
      // category.
      const gains = binCounts.flatMap((count, column) =>
        candidates(order, count).map((set) => gainOf(node, criterion, column, set, least)),
      );
      expect(split.gain).toBeCloseTo(Math.max(...gains), 9);
      expect(gainOf(node, criterion, split.column, setOf(split), least)).toBeCloseTo(split.gain, 9);
      const sums = criterion.score(split.left, 0) + criterion.score(split.right, 0);
      expect(sums - criterion.score(node.total, 0)).toBeCloseTo(split.gain, 9);
    }
  });
});

describe('a split', () => {
  const criterion = new GradientCriterion('newton', none, 1, undefined);

  test('looks at the given columns only', () => {
    const search = new SplitSearch(binMapper(columnsOf('ascending')), criterion);
    const node = randomNode(1, 'ascending', 0);
    for (const column of [0, 1, 2]) {
      const split = search.find(node.histogram, node.total, Int32Array.of(column), { rows: 1, weight: 0 });
      expect(split!.column).toBe(column);
    }
  });

  test('keeps the least weight on both sides', () => {
    const search = new SplitSearch(binMapper(columnsOf('ascending')), criterion);
    const node = randomNode(2, 'ascending', 0);
    const limits = { rows: 1, weight: 0.4 * node.total[1]! };
    const split = search.find(node.histogram, node.total, Int32Array.of(0, 1, 2), limits)!;
    expect(Math.min(split.left[1]!, split.right[1]!)).toBeGreaterThanOrEqual(limits.weight);
    const most = { rows: 1, weight: 0.51 * node.total[1]! };
    expect(search.find(node.histogram, node.total, Int32Array.of(0, 1, 2), most)).toBeUndefined();
  });

  test('is none where all rows are alike, though sums are rounded', () => {
    const mapper = binMapper(columnsOf('ascending'));
    const histogram = new Float64Array(mapper.binStart.at(-1)! * 3);
    // Gradient 0.1 and hessian 0.3 a row: no bin differs from another.
    for (let column = 0; column < 3; column++) {
      for (let bin = 0; bin < 3; bin++) {
        const rows = 7 + bin;
        histogram.set([0.1 * rows, 0.3 * rows, rows], 3 * (mapper.binStart[column]! + bin));
      }
    }
    const total = Float64Array.of(0.1 * 24, 0.3 * 24, 24);
    const search = new SplitSearch(mapper, criterion);
    const source = wholeHistogram(histogram, mapper, 3);
    expect(search.find(source, total, Int32Array.of(0, 1, 2), { rows: 1, weight: 0 })).toBeUndefined();
  });

  test('sends missing values with the heavier side where the node has none', () => {
    const mapper = binMapper([{ ...columnsOf('ascending')[0]!, binCount: 2 }]);
    const search = new SplitSearch(mapper, criterion);
    const find = (leftRows: number, rightRows: number): boolean => {
      const histogram = Float64Array.of(
        -leftRows,
        leftRows,
        leftRows,
        rightRows,
        rightRows,
        rightRows,
        0,
        0,
        0,
      );
      const total = Float64Array.of(rightRows - leftRows, leftRows + rightRows, leftRows + rightRows);
      const source = wholeHistogram(histogram, mapper, 3);
      return search.find(source, total, Int32Array.of(0), { rows: 1, weight: 0 })!.missingLeft;
    };
    expect([find(5, 3), find(3, 5)]).toEqual([true, false]);
  });
});
