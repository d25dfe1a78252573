/**
 * Judges a new model on the rows of its training, which lie encoded in memory: a pass that scores them on every thread
 * and keeps sums, and, for medians and ranks, a number a row.
 */
import { present } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { ModelArtifact } from '../artifact.ts';
import type { Dataset, Split } from '../dataset.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { Model, Task } from '../estimator.ts';
import { binaryMetrics, multiclassMetrics } from './classification-metrics.ts';
import { classificationPass, type ClassificationPartial, type RankedClass } from './classification-pass.ts';
import { clusteringMetrics } from './clustering-metrics.ts';
import { clusteringPass, type ClusteringPartial } from './clustering-pass.ts';
import type { Judgement } from './judgement.ts';
import { areaUnderCurve, rocCurve } from './rank-curve.ts';
import { regressionMetrics } from './regression-metrics.ts';
import { regressionPass } from './regression-pass.ts';
import type { ScoreSource } from './score-blocks.ts';

/** Probability above which a row is of the second of two classes. */
const THRESHOLD = 0.5;
/** Bytes of probabilities that one pass gives back at most, beyond those of one class. */
const RANKED_BYTES_MAX = 128 * 2 ** 20;

/** A model with what judges it. */
export interface JudgeRequest {
  readonly model: Model;
  /** What `model.toArtifact()` gave. */
  readonly artifact: ModelArtifact;
  readonly encoder: FeatureEncoder;
  readonly dataset: Dataset;
  readonly aggregator: Aggregator;
  /** Whether rows have changed since the model learned from them, so that scores it kept are of other rows. */
  readonly hasChangedRows?: boolean;
}

/** Classes whose probabilities one pass gives back. */
function classesAPass(rowCount: number, classCount: number): number {
  if (classCount <= 2) return 1;
  return Math.min(classCount, Math.max(1, Math.floor(RANKED_BYTES_MAX / (8 * Math.max(1, rowCount)))));
}

/** Bytes outside the shared memory that judging so many rows takes: numbers as they come, and once more in order. */
export function judgingBytes(task: Task, rowCount: number, classCount: number): number {
  if (task === 'clustering') return 0;
  return rowCount * 16 * (task === 'classification' ? classesAPass(rowCount, classCount) : 1);
}

/** Rows of the split that judges: the evaluation rows if there are any. */
function judgedSplit({ evaluationRowCount, trainingRowCount }: Dataset): { split: Split; rowCount: number } {
  return evaluationRowCount > 0
    ? { split: 'evaluation', rowCount: evaluationRowCount }
    : { split: 'training', rowCount: trainingRowCount };
}

const sourceOf = ({ artifact, model, hasChangedRows }: JudgeRequest): ScoreSource => ({
  artifact,
  kept: hasChangedRows === true ? undefined : model.keptScores,
});

async function judgeRegression(request: JudgeRequest): Promise<Judgement> {
  const { split } = judgedSplit(request.dataset);
  const sums = await request.aggregator.run(regressionPass, sourceOf(request), split);
  return { metrics: regressionMetrics(sums), confusion: [], curve: undefined, classRowCounts: [] };
}

/** Counts, and each ranked class in turn, so that no more than a few classes' probabilities are held at once. */
async function rankClasses(
  judged: JudgeRequest,
  firstClass: number,
  visit: (ranked: RankedClass) => void,
): Promise<ClassificationPartial> {
  const { aggregator, dataset } = judged;
  const source = sourceOf(judged);
  const { split, rowCount } = judgedSplit(dataset);
  const { classCount } = dataset;
  const step = classesAPass(rowCount, classCount);
  let counts: ClassificationPartial | undefined;
  for (let first = firstClass; first < classCount; first += step) {
    const rankedClassCount = Math.min(step, classCount - first);
    const request = { ...source, classCount, threshold: THRESHOLD, firstClass: first, rankedClassCount };
    const partial = await aggregator.run(classificationPass, request, split);
    partial.ranked.splice(0).forEach(visit);
    counts ??= partial;
  }
  return present(counts, 'a classifier has a class');
}

async function judgeClassification(request: JudgeRequest): Promise<Judgement | undefined> {
  const { classCount } = request.dataset;
  const isBinary = classCount === 2;
  const areas: (number | null)[] = [];
  let curve: Judgement['curve'];
  const counts = await rankClasses(request, isBinary ? 1 : 0, (ranked) => {
    areas.push(areaUnderCurve(ranked));
    if (isBinary) curve = rocCurve(ranked);
  });
  if (counts.unknownCount > 0) return undefined;
  const confusion = Array.from({ length: classCount }, (_, actual) => [
    ...counts.confusion.subarray(actual * classCount, (actual + 1) * classCount),
  ]);
  const classRowCounts = confusion.map((row) => row.reduce((total, count) => total + count, 0));
  const metrics = isBinary ? binaryMetrics(counts, areas[0]!) : multiclassMetrics(counts, areas);
  return { metrics, confusion, curve, classRowCounts };
}

async function clusterFacts(request: JudgeRequest): Promise<ClusteringPartial> {
  const { model, aggregator, dataset } = request;
  const { split } = judgedSplit(dataset);
  const known = split === 'training' ? model.trainingClusters : undefined;
  if (known === undefined) return aggregator.run(clusteringPass, sourceOf(request), split);
  return {
    sizes: Float64Array.from(known, ({ size }) => size),
    squaredDistances: Float64Array.from(known, ({ size, radius }) => size * radius * radius),
  };
}

async function judgeClustering(request: JudgeRequest): Promise<Judgement> {
  const table = request.model.table(
    { name: 'centroid_distances', standardize: true, classLabels: [] },
    request.encoder,
  );
  const distances = present(table, 'the distances between centroids').rows.map((row) => row.map(Number));
  const metrics = clusteringMetrics(await clusterFacts(request), distances);
  return { metrics, confusion: [], curve: undefined, classRowCounts: [] };
}

/**
 * The judgement on the evaluation rows, or on the training rows where no others are. Undefined when rows have labels
 * that no class stands for: those are not known here. The same bits for any number of threads.
 */
export async function judge(request: JudgeRequest): Promise<Judgement | undefined> {
  switch (request.model.task) {
    case 'regression':
      return judgeRegression(request);
    case 'classification':
      return judgeClassification(request);
    case 'clustering':
      return judgeClustering(request);
  }
}
