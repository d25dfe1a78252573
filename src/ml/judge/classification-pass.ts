/**
 * Judges a classifier: how often each class is taken for which, log losses, and the probabilities of chosen classes in
 * order, apart for rows of the class and all others: area and curve under every threshold come of these.
 */
import { present } from '../../core/index.ts';
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { OrderedMerge } from '../ordered-merge.ts';
import { scoreBlocks, type ScoreSource } from './score-blocks.ts';
import { concatenated, mergeSorted, sortNumbers } from './sort-numbers.ts';

/** Least probability that a log loss sees, so that one wrong certainty does not make it infinite. */
const PROBABILITY_MIN = Number.EPSILON;

export interface ClassificationRequest extends ScoreSource {
  readonly classCount: number;
  /** Probability that the second of two classes must exceed to be predicted. */
  readonly threshold: number;
  /** Classes whose probabilities are wanted: so many from the first on. */
  readonly firstClass: number;
  readonly rankedClassCount: number;
}

/** Probabilities of one class, ascending. */
export interface RankedClass {
  /** Of rows that are of the class. */
  hits: Float64Array;
  misses: Float64Array;
}

export interface ClassificationPartial {
  /** Rows whose label is no class of the model. */
  unknownCount: number;
  /** Rows by actual and predicted class, classCount × classCount, row-major. */
  readonly confusion: Float64Array;
  /** Sum of the log losses of each class's rows. */
  readonly losses: Float64Array;
  readonly ranked: RankedClass[];
}

function predictedClass(
  scores: Float64Array,
  start: number,
  { classCount, threshold }: ClassificationRequest,
): number {
  if (classCount === 2) return scores[start + 1]! > threshold ? 1 : 0;
  let best = 0;
  for (let index = 1; index < classCount; index++) {
    if (scores[start + index]! > scores[start + best]!) best = index;
  }
  return best;
}

/** The probability of a label; of two classes the first one's is what the second one's leaves. */
function labelProbability(scores: Float64Array, start: number, label: number, classCount: number): number {
  return classCount === 2 && label === 0 ? 1 - scores[start + 1]! : scores[start + label]!;
}

function addRows(
  partial: ClassificationPartial,
  request: ClassificationRequest,
  { label }: Partition,
  scores: Float64Array,
  width: number,
  first: number,
  count: number,
): void {
  const { classCount } = request;
  const { confusion, losses } = partial;
  for (let row = 0; row < count; row++) {
    const actual = label[first + row]!;
    if (actual < 0) {
      partial.unknownCount++;
      continue;
    }
    const start = row * width;
    confusion[actual * classCount + predictedClass(scores, start, request)]!++;
    const probability = labelProbability(scores, start, actual, classCount);
    losses[actual]! -= Math.log(Math.max(probability, PROBABILITY_MIN));
  }
}

/** Fills the hits of a class from the front of its column of probabilities, the misses from the back. */
class ClassColumn {
  readonly #values: Float64Array;
  #hitCount = 0;
  #missCount = 0;

  constructor(rowCount: number) {
    this.#values = new Float64Array(rowCount);
  }

  add(
    label: Float64Array,
    ranked: number,
    scores: Float64Array,
    width: number,
    first: number,
    count: number,
  ): void {
    const values = this.#values;
    const last = values.length - 1;
    let [hits, misses] = [this.#hitCount, this.#missCount];
    for (let row = 0; row < count; row++) {
      const score = scores[row * width + ranked]!;
      const hit = label[first + row] === ranked ? 1 : 0;
      values[hit === 1 ? hits : last - misses] = score;
      hits += hit;
      misses += 1 - hit;
    }
    this.#hitCount = hits;
    this.#missCount = misses;
  }

  get hits(): Float64Array {
    return this.#values.subarray(0, this.#hitCount);
  }

  get misses(): Float64Array {
    return this.#values.subarray(this.#hitCount);
  }
}

/** A partition's counts, and its probabilities in no order. */
function judgePartition(
  partition: Partition,
  request: ClassificationRequest,
  context: PassContext,
): { readonly partial: ClassificationPartial; readonly columns: readonly ClassColumn[] } {
  const { classCount, firstClass, rankedClassCount } = request;
  const partial: ClassificationPartial = {
    unknownCount: 0,
    confusion: new Float64Array(classCount * classCount),
    losses: new Float64Array(classCount),
    ranked: [],
  };
  const columns = Array.from({ length: rankedClassCount }, () => new ClassColumn(partition.rowCount));
  scoreBlocks(request, partition, context, (scores, width, first, count) => {
    addRows(partial, request, partition, scores, width, first, count);
    columns.forEach((column, index) =>
      column.add(partition.label, firstClass + index, scores, width, first, count),
    );
  });
  return { partial, columns };
}

function addCounts(left: ClassificationPartial, right: ClassificationPartial): ClassificationPartial {
  left.unknownCount += right.unknownCount;
  for (let index = 0; index < left.confusion.length; index++)
    left.confusion[index]! += right.confusion[index]!;
  for (let index = 0; index < left.losses.length; index++) left.losses[index]! += right.losses[index]!;
  return left;
}

function judgeAll(
  partitions: readonly Partition[],
  request: ClassificationRequest,
  context: PassContext,
): ClassificationPartial {
  const judged = partitions.map((partition) => judgePartition(partition, request, context));
  // Losses are no whole numbers: they are added up in the order in which partials of partitions would be merged.
  const counts = new OrderedMerge(addCounts);
  for (const { partial } of judged) counts.add(partial);
  const merged = present(counts.finish(), 'a partition');
  for (let index = 0; index < request.rankedClassCount; index++) {
    context.checkpoint();
    const columns = judged.map((each) => each.columns[index]!);
    merged.ranked.push({
      hits: sortNumbers(concatenated(columns.map((column) => column.hits))),
      misses: sortNumbers(concatenated(columns.map((column) => column.misses))),
    });
  }
  return merged;
}

/** Sorting many partitions' probabilities at once costs less than merging what is sorted one by one. */
export const classificationPass: Pass<ClassificationRequest, ClassificationPartial> = {
  name: 'judge.classification',
  accumulate: (partition, request, context) => judgeAll([partition], request, context),
  accumulateAll: judgeAll,
  merge(left, right) {
    addCounts(left, right);
    left.ranked.forEach((ranked, index) => {
      ranked.hits = mergeSorted(ranked.hits, right.ranked[index]!.hits);
      ranked.misses = mergeSorted(ranked.misses, right.ranked[index]!.misses);
    });
    return left;
  },
};
