/**
 * EXPLAIN [ANALYZE] CREATE MODEL. Without ANALYZE nothing is trained: rows are counted and categories estimated by one
 * scan of the query. With it the model is trained and stored, and the time, rows and bytes of each phase are shown.
 */
import { partitionCount, type RowsResult } from '../../core/index.ts';
import type { Estimator } from '../../ml/index.ts';
import {
  explainSchema,
  SqlTextBuilder,
  type PhysicalCreateModel,
  type PhysicalExplain,
} from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { runSql } from '../run-sql.ts';
import { iterationLimit, trainAndStore } from './create-model.ts';
import { rowsResult } from './rows.ts';

interface Counts {
  readonly rowCount: number;
  readonly classCount: number;
  /** Encoded columns of each input, in input order. */
  readonly widths: readonly number[];
}

function countSql(plan: PhysicalCreateModel): readonly string[] {
  const label =
    plan.label === undefined ? '0' : `approx_count_distinct("${plan.label.name.replaceAll('"', '""')}")`;
  const widths = plan.inputs.map(({ input, sql }) => {
    if (input.kind === 'text') return `approx_count_distinct(${sql})`;
    if (input.kind === 'numbers') return `coalesce(max(len(${sql})), 0)`;
    if (input.kind === 'texts') return `coalesce(max(len(${sql})), 0)`;
    return '1';
  });
  return ['count(*)', label, ...widths];
}

async function countRows(plan: PhysicalCreateModel, context: ExecutorContext): Promise<Counts> {
  const sql = new SqlTextBuilder()
    .add(
      `SELECT [${countSql(plan)
        .map((expression) => `CAST(${expression} AS BIGINT)`)
        .join(', ')}] FROM (`,
    )
    .nest(plan.source)
    .add(') AS "__augur_source"')
    .build();
  const result = await runSql(sql, context, context.parameters, context.parameterTypes);
  let counts: readonly number[] = [];
  if (result.kind === 'rows') {
    for await (const batch of result.batches)
      counts = (batch.columns[0]!.values[0] as unknown as readonly bigint[]).map(Number);
  }
  const [rowCount, classCount, ...widths] = counts;
  return { rowCount: rowCount!, classCount: classCount!, widths };
}

const calendarBlocks = 7;

/** How an input is encoded, in words, with its encoded columns and blocks. */
function describeInput(
  plan: PhysicalCreateModel,
  index: number,
  width: number,
): { readonly text: string; readonly numeric: number; readonly blocks: number; readonly columns: number } {
  const { kind } = plan.inputs[index]!.input;
  const { category, numeric } = plan.encoding;
  if (kind === 'number') return { text: `numeric, ${numeric}`, numeric: 1, blocks: 0, columns: 1 };
  if (kind === 'timestamp')
    return {
      text: 'timestamp, seconds and seven calendar categories',
      numeric: 1,
      blocks: calendarBlocks,
      columns: 182,
    };
  if (kind === 'text' && (category === 'label' || category === 'target'))
    return { text: `category, ${category} encoding`, numeric: 1, blocks: 0, columns: 1 };
  if (kind === 'text')
    return {
      text: `category, ${category} encoding of about ${width} categories`,
      numeric: 0,
      blocks: 1,
      columns: width,
    };
  return { text: kind === 'numbers' ? 'vector' : 'multi-hot', numeric: width, blocks: 0, columns: width };
}

const megabytes = (bytes: number): string => `${(bytes / 1048576).toFixed(1)} MB`;

function estimateLines(plan: PhysicalCreateModel, counts: Counts, threadCount: number): readonly string[] {
  const inputs = plan.inputs.map((_, index) => describeInput(plan, index, counts.widths[index]!));
  const total = (select: (input: (typeof inputs)[number]) => number): number =>
    inputs.reduce((sum, input) => sum + select(input), 0);
  const shape: Parameters<Estimator['estimate']>[0] = {
    rowCount: counts.rowCount,
    numericWidth: total((input) => input.numeric),
    categoryCount: total((input) => input.blocks),
    width: total((input) => input.columns),
    classCount: plan.estimator.task === 'classification' ? counts.classCount : 0,
    threadCount,
  };
  const estimate = plan.estimator.estimate(shape, plan.options);
  const rowBytes = shape.numericWidth * 8 + shape.categoryCount * 4 + 16;
  const split = plan.split.method === 'NO_SPLIT' ? 'no split' : `split ${plan.split.method}`;
  return [
    `  Rows: ${counts.rowCount} (${split}), partitions: ${partitionCount(counts.rowCount)}`,
    `  Features: ${plan.features.length}, encoded width: ${shape.width}`,
    ...inputs.map((input, index) => `    ${plan.inputs[index]!.input.name}: ${input.text}`),
    ...(plan.label === undefined
      ? []
      : [
          `  Label: ${plan.label.name} (${plan.label.type.kind})${shape.classCount > 0 ? `, about ${shape.classCount} classes` : ''}`,
        ]),
    `  Iterations: at most ${estimate.iterations}`,
    `  Estimated memory: ${megabytes(rowBytes * counts.rowCount + estimate.workspaceBytes + estimate.heapBytes)}`,
    `  Estimated model size: ${megabytes(estimate.modelBytes)}`,
  ];
}

async function analyzeLines(plan: PhysicalCreateModel, context: ExecutorContext): Promise<readonly string[]> {
  const { progress, trained } = await trainAndStore(plan, context);
  const phases = progress.phases.map(
    ({ phase, milliseconds, rows, bytes }) =>
      `    ${phase}: ${milliseconds.toFixed(1)} ms${rows > 0 ? `, ${rows} rows` : ''}${bytes > 0 ? `, ${bytes} bytes` : ''}`,
  );
  return [
    `  Iterations run: ${progress.iterations.length} of at most ${iterationLimit(plan)}`,
    `  Model size: ${trained.artifact.byteLength} bytes`,
    '  Phases:',
    ...phases,
  ];
}

export async function explain(plan: PhysicalExplain, context: ExecutorContext): Promise<RowsResult> {
  const training = plan.plan;
  const lines = [
    `Create Model ${training.schemaName}.${training.name} (${training.estimator.modelType})`,
    ...estimateLines(training, await countRows(training, context), context.pool.threadCount),
    ...(plan.isAnalyze ? await analyzeLines(training, context) : []),
  ];
  return rowsResult(
    explainSchema,
    lines.map((line) => [line]),
    'EXPLAIN',
  );
}
