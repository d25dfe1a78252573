/**
 * Judges a new model on its training's rows as they lie in memory, and stores what ML.EVALUATE, ML.CONFUSION_MATRIX and
 * ML.ROC_CURVE say of the same rows: the same tables as judge-training makes through SQL.
 */
import type { ModelEntry, StoredTable } from '../../catalog/index.ts';
import { present, type Value } from '../../core/index.ts';
import { judge, refillTargets, type Judgement, type JudgeRequest } from '../../ml/index.ts';
import { confusionSchema, metricSchema, rocSchema, type PhysicalCreateModel } from '../../planner/index.ts';

/** Whether training rows must become, before they are judged, what ML.PREDICT makes of them. */
export function isRefilledToJudge(plan: PhysicalCreateModel, evaluationRowCount: number): boolean {
  return (
    evaluationRowCount === 0 &&
    plan.encoding.category === 'target' &&
    plan.inputs.some(({ input }) => input.kind === 'text')
  );
}

/**
 * The judgement; undefined where rows in memory do not tell. Target encoding writes into a row that trained what other
 * rows say of its category; it gets the statistics of all rows first.
 */
export async function judgeEncodedRows(
  plan: PhysicalCreateModel,
  request: JudgeRequest,
): Promise<Judgement | undefined> {
  const hasChangedRows = isRefilledToJudge(plan, request.dataset.evaluationRowCount);
  if (hasChangedRows) await refillTargets(request.encoder, request.aggregator);
  return judge({ ...request, hasChangedRows });
}

function confusionTable(entry: ModelEntry, { confusion, classRowCounts }: Judgement): StoredTable {
  const { classes, type } = present(entry.label, 'the label of a classifier');
  const rows = classes.flatMap((label, index): (readonly Value[])[] =>
    classRowCounts[index]! > 0 ? [[label, ...confusion[index]!.map(BigInt)]] : [],
  );
  return { schema: confusionSchema(entry, type), rows };
}

function curveTable({ curve, classRowCounts }: Judgement): StoredTable {
  const [negatives, positives] = classRowCounts as readonly [number, number];
  const rows = present(curve, 'the curve of two classes').map(
    ({ threshold, truePositives, falsePositives }): Value[] => [
      threshold,
      positives === 0 ? null : truePositives / positives,
      negatives === 0 ? null : falsePositives / negatives,
      BigInt(truePositives),
      BigInt(falsePositives),
      BigInt(negatives - falsePositives),
      BigInt(positives - truePositives),
    ],
  );
  return { schema: rocSchema, rows };
}

/** evaluate, and for classifiers confusion_matrix and roc_curve (two classes). */
export function judgementTables(entry: ModelEntry, judgement: Judgement): Record<string, StoredTable> {
  const evaluate = { schema: metricSchema(entry), rows: [judgement.metrics] };
  if (entry.task !== 'classification') return { evaluate };
  const tables = { evaluate, confusion_matrix: confusionTable(entry, judgement) };
  return judgement.curve === undefined ? tables : { ...tables, roc_curve: curveTable(judgement) };
}
