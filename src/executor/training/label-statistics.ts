/** The label and the row counts of a training, checked before anything is encoded. Source: statements reference, 1.7. */
import type { ModelEntry } from '../../catalog/index.ts';
import { invalidData, present, quoteIdentifier, type Value } from '../../core/index.ts';
import { valueSql, type PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';

export interface LabelStatistics {
  readonly trainingRowCount: number;
  readonly evaluationRowCount: number;
  /** Classes of the training rows, ascending, as values and as the text that rows are matched by. */
  readonly classes: readonly { readonly value: Value; readonly text: string; readonly rowCount: number }[];
}

/** How many rows the training relation has in all. Throws 22000 when one of them has no label, or an infinite one. */
export async function relationRowCount(plan: PhysicalCreateModel, context: ExecutorContext): Promise<number> {
  const counts = ['count(*)'];
  if (plan.label !== undefined) {
    const canBeInfinite = ['float4', 'float8'].includes(plan.label.type.kind);
    counts.push('count(*) - count(y)', canBeInfinite ? 'count(*) FILTER (NOT isfinite(y))' : '0');
  }
  const [row] = await context.connection.rows(
    `SELECT ${counts.join(', ')} FROM ${quoteIdentifier(plan.relation)}`,
  );
  const [rowCount, nullCount, infiniteCount] = (row ?? []).map(Number);
  if (plan.label !== undefined) checkLabel(plan.label.name, nullCount!, infiniteCount!);
  return rowCount!;
}

function checkLabel(name: string, nullCount: number, infiniteCount: number): void {
  if (nullCount > 0) {
    throw invalidData(
      `label "${name}" is NULL in ${nullCount} row${nullCount === 1 ? '' : 's'}`,
      undefined,
      `Leave them out of the training query: WHERE ${quoteIdentifier(name)} IS NOT NULL.`,
    );
  }
  if (infiniteCount > 0) throw invalidData(`label "${name}" is NaN or infinite in ${infiniteCount} rows`);
}

async function checkWeight(plan: PhysicalCreateModel, context: ExecutorContext): Promise<void> {
  if (plan.weight === undefined) return;
  const [row] = await context.connection.rows(
    `SELECT count(*) FROM ${quoteIdentifier(plan.relation)} WHERE w IS NULL OR w < 0 OR NOT isfinite(w)`,
  );
  const badCount = Number(row![0]);
  if (badCount > 0) {
    throw invalidData(
      `row weights must be finite and at least 0, but "${plan.weight.name}" is not in ${badCount} rows`,
    );
  }
}

async function classesOf(
  plan: PhysicalCreateModel,
  evaluation: string,
  context: ExecutorContext,
): Promise<LabelStatistics['classes']> {
  if (plan.estimator.task !== 'classification') return [];
  const limit = plan.estimator.classCountMax;
  const rows = await context.connection.rows(
    `SELECT y, CAST(y AS VARCHAR), count(*) FROM ${quoteIdentifier(plan.relation)} WHERE NOT ${evaluation} ` +
      `GROUP BY y ORDER BY y LIMIT ${limit + 1}`,
  );
  if (rows.length > limit) {
    throw invalidData(
      `label "${plan.label!.name}" has more than ${limit} classes, the most that ${plan.estimator.modelType} takes`,
      undefined,
      'To predict a number, use a regressor.',
    );
  }
  const found = rows.map(([value, text, count]) => ({
    value: value!,
    text: String(text),
    rowCount: Number(count),
  }));
  return plan.previous === undefined ? found : previousClasses(plan, plan.previous, found, context);
}

/** A warm start keeps the classes of the model it goes on from, whether the new rows have them all or not. */
async function previousClasses(
  plan: PhysicalCreateModel,
  previous: ModelEntry,
  found: LabelStatistics['classes'],
  context: ExecutorContext,
): Promise<LabelStatistics['classes']> {
  const { classes, type } = present(previous.label, 'the label of a classifier');
  const texts = classes.map((value) => `CAST(${valueSql(value, type)} AS VARCHAR)`);
  const [row] = await context.connection.rows(`SELECT ${texts.join(', ')}`);
  const known = (row ?? []).map(String);
  const strange = found.find(({ text }) => !known.includes(text));
  if (strange !== undefined) {
    throw invalidData(
      `WARM_START: label "${plan.label!.name}" has the value '${strange.text}', which is no class of the existing model`,
      `Its classes are ${known.map((text) => `'${text}'`).join(', ')}.`,
    );
  }
  const counts = new Map(found.map(({ text, rowCount }) => [text, rowCount]));
  return known.map((text, index) => ({ value: classes[index]!, text, rowCount: counts.get(text) ?? 0 }));
}

/**
 * Counts and checks, of `rowCount` rows in all. Throws 22000 for bad weights, too many classes, or no row to train on.
 */
export async function labelStatistics(
  plan: PhysicalCreateModel,
  evaluation: string,
  rowCount: number,
  context: ExecutorContext,
): Promise<LabelStatistics> {
  await checkWeight(plan, context);
  const classes = await classesOf(plan, evaluation, context);
  const [trainingRowCount, evaluationRowCount] = await splitCounts(
    plan,
    evaluation,
    rowCount,
    classes,
    context,
  );
  if (trainingRowCount === 0) {
    const detail = evaluationRowCount > 0 ? 'The split puts every row into the evaluation data.' : undefined;
    throw invalidData('the training query gives no rows to train on', detail);
  }
  return { trainingRowCount, evaluationRowCount, classes };
}

async function splitCounts(
  plan: PhysicalCreateModel,
  evaluation: string,
  rowCount: number,
  classes: LabelStatistics['classes'],
  context: ExecutorContext,
): Promise<readonly [number, number]> {
  if (evaluation === 'FALSE') return [rowCount, 0];
  const [row] = await context.connection.rows(
    `SELECT count(*) FILTER (NOT ${evaluation}), count(*) FILTER (${judgedCondition(plan, evaluation, classes)}) ` +
      `FROM ${quoteIdentifier(plan.relation)}`,
  );
  return [Number(row![0]), Number(row![1])];
}

/** Evaluation rows that can be judged: those of a class that the training rows have. */
export function judgedCondition(
  plan: PhysicalCreateModel,
  evaluation: string,
  classes: LabelStatistics['classes'],
): string {
  if (plan.estimator.task !== 'classification' || evaluation === 'FALSE' || classes.length === 0)
    return evaluation;
  const relation = quoteIdentifier(plan.relation);
  return `(${evaluation} AND y IN (SELECT y FROM ${relation} WHERE NOT ${evaluation}))`;
}
