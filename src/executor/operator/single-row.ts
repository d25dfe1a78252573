/** Scores one row without the database. */
import { batchOf, type Batch, type Parameter, type RowsResult, type Value } from '../../core/index.ts';
import { predictionsOf, readOutput, type SingleRowPlan } from '../../planner/index.ts';
import { scoreRows } from '../score-rows.ts';

/** Reads all; undefined as soon as one value is the database's to judge. */
function readAll(
  readers: SingleRowPlan['columns'],
  parameters: readonly Parameter[],
): readonly Value[] | undefined {
  const values: Value[] = [];
  for (const reader of readers) {
    const value = reader(parameters);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

async function* oneBatch(batch: Batch): AsyncGenerator<Batch> {
  yield batch;
}

/** The result; undefined when these parameters are for the general way. */
export function singleRow(plan: SingleRowPlan, parameters: readonly Parameter[]): RowsResult | undefined {
  if (parameters.length !== plan.parameterTypes.length) return undefined;
  const columns = readAll(plan.columns, parameters);
  const numbers = readAll(plan.numbers, parameters);
  const texts = readAll(plan.texts, parameters);
  if (columns === undefined || numbers === undefined || texts === undefined) return undefined;
  const { scores } = scoreRows(plan.loaded, {
    versionId: plan.loaded.entry.versionId,
    rowCount: 1,
    numbers: Float64Array.from(numbers, (value) => (value === null ? Number.NaN : Number(value))),
    numberCount: numbers.length,
    texts: { values: texts, nulls: undefined },
    textCount: texts.length,
    numberLists: [],
    numberListCount: 0,
    textLists: [],
    textListCount: 0,
  });
  const predictions = predictionsOf(plan.loaded.entry, scores, plan.classes, plan.threshold);
  if (predictions === undefined) return undefined;
  const row = [...predictions, ...columns];
  const batch = batchOf(plan.schema, [plan.output.map((reader) => readOutput(reader, row))]);
  return {
    kind: 'rows',
    schema: plan.schema,
    batches: oneBatch(batch),
    tag: (rowCount) => `SELECT ${rowCount}`,
  };
}
