/**
 * Judges a new model on its training's rows as they lie in memory, and stores what ML.EVALUATE, ML.CONFUSION_MATRIX and
 * ML.ROC_CURVE say of the same rows: the same tables as judge-training makes through SQL.
 */
import type { ModelEntry, StoredTable } from '../../catalog/index.ts';
import { present, type Value } from '../../core/index.ts';
import { judge, type Judgement, type JudgeRequest } from '../../ml/index.ts';
import { confusionSchema, metricSchema, rocSchema, type PhysicalCreateModel } from '../../planner/index.ts';

/**
 * The judgement; undefined where the rows in memory are not what ML.PREDICT would make of them: target encoding writes
 * into a row that trained what the other rows say of its category.
 */
export async function judgeEncodedRows(
  plan: PhysicalCreateModel,
  request: JudgeRequest,
): Promise<Judgement | undefined> {
  const isTargetEncoded =
    plan.encoding.category === 'target' && plan.inputs.some(({ input }) => input.kind === 'text');
  return isTargetEncoded ? undefined : judge(request);
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
