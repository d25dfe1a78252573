/** A training from query to model: read, encode, fit, judge. Nothing is stored here. */
import { randomUUID } from 'node:crypto';
import type { ModelEntry } from '../../catalog/index.ts';
import { SqlState } from '../../core/index.ts';
import {
  draftEncoder,
  encodeArtifact,
  finishEncoder,
  judgingBytes,
  targetCodeBytesPerRow,
  whileAttaching,
  type FeatureEncoder,
  type Judgement,
  type Model,
  type NumberSummary,
  type Training,
} from '../../ml/index.ts';
import type { LoadedModel, PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { artifactChecksum } from './artifact-checksum.ts';
import { featureInfoTable, inputStatistics } from './column-statistics.ts';
import { evaluationCondition } from './data-split.ts';
import { isRefilledToJudge, judgeEncodedRows, judgementTables } from './judge-encoded-rows.ts';
import { judgeTraining } from './judge-training.ts';
import { judgedCondition, labelStatistics, relationRowCount } from './label-statistics.ts';
import { loadRows, type TrainingData } from './load-rows.ts';
import { trainingInfoTable } from './training-info.ts';
import type { TrainingProgress } from './training-progress.ts';
import { withTrainingRelation } from './training-relation.ts';

/** What is ready to be stored. */
export interface TrainedModel {
  readonly entry: ModelEntry;
  readonly artifact: Uint8Array;
}

async function readData(plan: PhysicalCreateModel, context: ExecutorContext): Promise<TrainingData> {
  const rowCount = await relationRowCount(plan, context);
  const evaluation = await evaluationCondition(plan, rowCount, context);
  const labels = await labelStatistics(plan, evaluation, rowCount, context);
  return { evaluation, labels, inputs: await inputStatistics(plan, evaluation, context) };
}

function openTraining(
  plan: PhysicalCreateModel,
  data: TrainingData,
  encoder: FeatureEncoder,
  context: ExecutorContext,
): Training {
  const { layout } = encoder;
  const { trainingRowCount, evaluationRowCount, classes } = data.labels;
  const shape = {
    rowCount: trainingRowCount + evaluationRowCount,
    numericWidth: layout.numericWidth,
    categoryCount: layout.categories.length,
    width: layout.width,
    classCount: classes.length,
    threadCount: context.pool.threadCount,
  };
  const { workspaceBytes, heapBytes } = plan.estimator.estimate(shape, plan.options);
  const codeBytes = isRefilledToJudge(plan, evaluationRowCount) ? targetCodeBytesPerRow(encoder) : 0;
  return context.pool.openTraining({
    layout,
    trainingRowCount,
    evaluationRowCount,
    hasLabel: plan.label !== undefined || plan.initial !== undefined,
    classCount: classes.length,
    classRowCounts: classes.map(({ rowCount }) => rowCount),
    signal: context.signal,
    workspaceBytes: workspaceBytes + codeBytes * shape.rowCount,
    heapBytes: Math.max(heapBytes, judgingBytes(plan.estimator.task, shape.rowCount, shape.classCount)),
  });
}

/** The encoder to begin with: a warm start keeps the vocabulary and scaling of the model it goes on from. */
function firstEncoder(
  plan: PhysicalCreateModel,
  data: TrainingData,
  previous: LoadedModel | undefined,
): FeatureEncoder {
  if (previous !== undefined) return previous.encoder.unscaled();
  const statistics = data.inputs.map((input) => input.statistics);
  return draftEncoder(
    plan.inputs.map(({ input }) => input),
    statistics,
    plan.encoding,
    data.labels.classes.length,
  );
}

/** What a fit gives. */
interface Fitted {
  readonly model: Model;
  readonly encoder: FeatureEncoder;
  /** Of the training rows, one an input; undefined where the input is no number. */
  readonly summaries: readonly (NumberSummary | undefined)[];
  readonly artifact: Uint8Array;
  /** Undefined where only SQL can judge. */
  readonly judgement: Judgement | undefined;
}

async function fit(
  plan: PhysicalCreateModel,
  data: TrainingData,
  rowColumn: string | undefined,
  progress: TrainingProgress,
  context: ExecutorContext,
): Promise<Fitted> {
  const previous = plan.previous && (await context.models.load(plan.previous, context.catalog));
  const draft = firstEncoder(plan, data, previous);
  const training = openTraining(plan, data, draft, context);
  try {
    progress.enter('encoding', data.labels.trainingRowCount + data.labels.evaluationRowCount);
    const { aggregator, dataset } = training;
    await whileAttaching(aggregator, () => loadRows(plan, training, draft, data, rowColumn, context));
    const { encoder, summaries } = await finishEncoder(
      draft,
      plan.encoding,
      aggregator,
      dataset,
      previous?.encoder,
      isRefilledToJudge(plan, dataset.evaluationRowCount),
    );
    progress.enter(
      'training',
      dataset.trainingRowCount + dataset.evaluationRowCount,
      training.memory.holder.buffer.byteLength,
    );
    const model = await plan.estimator.fit({
      dataset,
      options: plan.options,
      aggregator,
      encoder,
      seed: plan.options.has('SEED') ? plan.options.number('SEED') : 0,
      previous: previous?.model,
      report: (iteration) => progress.report(iteration),
      warn: (message) => context.notice({ severity: 'WARNING', state: SqlState.warning, message }),
    });
    const modelArtifact = model.toArtifact();
    const artifact = encodeArtifact(modelArtifact);
    progress.enter('evaluating', 0, artifact.byteLength);
    const judgement = await judgeEncodedRows(plan, {
      model,
      artifact: modelArtifact,
      encoder,
      dataset,
      aggregator,
    });
    return { model, encoder, summaries, artifact, judgement };
  } finally {
    training.dispose();
  }
}

function entryOf(
  plan: PhysicalCreateModel,
  data: TrainingData,
  { encoder, summaries, artifact }: Fitted,
  progress: TrainingProgress,
  context: ExecutorContext,
): ModelEntry {
  const { label, estimator } = plan;
  return {
    schemaName: plan.schemaName,
    name: plan.name,
    versionId: randomUUID(),
    versionNumber: 1,
    modelType: estimator.modelType,
    task: estimator.task,
    createdAt: BigInt(Date.now()) * 1000n,
    owner: context.user,
    comment: undefined,
    labels: [],
    options: plan.options.toJson(),
    writtenOptions: plan.options.writtenNames,
    statementText: plan.statementText,
    features: plan.features,
    label: label && { ...label, classes: data.labels.classes.map(({ value }) => value) },
    trainingRowCount: data.labels.trainingRowCount,
    evaluationRowCount: data.labels.evaluationRowCount,
    encoder: encoder.toJson(),
    tables: {
      training_info: trainingInfoTable(estimator.task, progress.iterations, plan.previous),
      feature_info: featureInfoTable(plan, data.inputs, summaries),
    },
    artifactBytes: artifact.byteLength,
    artifactChecksum: artifactChecksum(artifact),
  };
}

/** Scores the rows again, through SQL. */
async function judgeBySql(
  plan: PhysicalCreateModel,
  data: TrainingData,
  loaded: LoadedModel,
  context: ExecutorContext,
): Promise<ModelEntry['tables']> {
  const { labels, evaluation, inputs } = data;
  const where =
    labels.evaluationRowCount > 0 ? judgedCondition(plan, evaluation, labels.classes) : `NOT ${evaluation}`;
  const release = context.models.keep(loaded.entry.versionId);
  try {
    return await judgeTraining(plan, loaded, inputs, where, context);
  } finally {
    release();
  }
}

async function trainOnRelation(
  plan: PhysicalCreateModel,
  rowColumn: string | undefined,
  progress: TrainingProgress,
  context: ExecutorContext,
): Promise<TrainedModel> {
  const data = await readData(plan, context);
  const fitted = await fit(plan, data, rowColumn, progress, context);
  const { model, encoder, artifact, judgement } = fitted;
  const entry = entryOf(plan, data, fitted, progress, context);
  const loaded: LoadedModel = { entry, model, encoder };
  context.models.add(loaded);
  const tables =
    judgement === undefined
      ? await judgeBySql(plan, data, loaded, context)
      : judgementTables(entry, judgement);
  return { entry: { ...entry, tables: { ...entry.tables, ...tables } }, artifact };
}

/** Trains; the new model is in the cache, judged, and not yet in the catalogue. */
export function train(
  plan: PhysicalCreateModel,
  progress: TrainingProgress,
  context: ExecutorContext,
): Promise<TrainedModel> {
  context.pool.warmUp();
  return withTrainingRelation(plan, context, (rowColumn) =>
    trainOnRelation(plan, rowColumn, progress, context),
  );
}
