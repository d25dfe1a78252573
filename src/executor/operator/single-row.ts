/** Scores one row without the database. */
import { batchOf, type Batch, type Parameter, type Value } from '../../core/index.ts';
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

/** Numbers with NaN for those that are missing. */
function numbersOf(values: readonly Value[]): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) numbers[index] = Number(values[index] ?? Number.NaN);
  return numbers;
}

/** The result; undefined when these parameters are for the general way. */
export function singleRow(plan: SingleRowPlan, parameters: readonly Parameter[]): Batch | undefined {
  if (parameters.length !== plan.parameterTypes.length) return undefined;
  const columns = readAll(plan.columns, parameters);
  const numbers = readAll(plan.numbers, parameters);
  const texts = readAll(plan.texts, parameters);
  if (columns === undefined || numbers === undefined || texts === undefined) return undefined;
  const { scores } = scoreRows(plan.loaded, {
    versionId: plan.loaded.entry.versionId,
    rowCount: 1,
    numbers: numbersOf(numbers),
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
  return batchOf(plan.schema, [plan.output.map((reader) => readOutput(reader, row))]);
}
