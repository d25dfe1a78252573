/**
 * From the training relation to partitions: batches come out of the database, are encoded, and written in place. Where
 * the relation's rows have numbers, all of the database's threads read them, in any order; else they are streamed.
 */
import {
  assert,
  invalidOption,
  queryCanceled,
  quoteIdentifier,
  valueAt,
  type Batch,
  type Value,
  type Vector,
} from '../../core/index.ts';
import type { FeatureEncoder, FeatureInput, RawColumn, Split, Training } from '../../ml/index.ts';
import { valueSql, type PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import type { InputStatistics } from './column-statistics.ts';
import { judgedCondition, type LabelStatistics } from './label-statistics.ts';
import { numberedRows, restPlaces, rowPlaces, type RowPlaces } from './row-places.ts';

function numbersOf(vector: Vector): Float64Array {
  const values = vector.values as Float64Array;
  const { nulls } = vector;
  if (nulls === undefined) return values;
  // The batch is ours alone, so its garbage may be written over.
  for (let row = 0; row < values.length; row++) if (nulls[row] === 1) values[row] = Number.NaN;
  return values;
}

function valuesOf<Item extends Value>(vector: Vector): readonly (Item | null)[] {
  if (vector.nulls === undefined) return vector.values as readonly Item[];
  return Array.from({ length: vector.values.length }, (_, row) => valueAt(vector, row) as Item | null);
}

function rawColumn(vector: Vector, kind: FeatureInput['kind']): RawColumn {
  switch (kind) {
    case 'number':
    case 'timestamp':
      return { kind: 'number', values: numbersOf(vector) };
    case 'text':
      if (vector.utf8 !== undefined) return { kind: 'utf8', texts: vector.utf8, nulls: vector.nulls };
      return { kind: 'text', values: valuesOf<string>(vector) };
    case 'numbers': {
      const lists = valuesOf<readonly (number | null)[]>(vector);
      return {
        kind: 'numbers',
        values: lists.map((list) => list && Float64Array.from(list, (item) => item ?? Number.NaN)),
      };
    }
    case 'texts':
      return { kind: 'texts', values: valuesOf<readonly (string | null)[]>(vector) };
  }
}

/** Weight of each class, multiplied into the row weights. Source: statements reference, 3.8. */
function classWeights(plan: PhysicalCreateModel, labels: LabelStatistics): readonly number[] | undefined {
  const { options } = plan;
  if (plan.estimator.task !== 'classification' || !options.has('CLASS_WEIGHTS')) return undefined;
  if (options.flag('AUTO_CLASS_WEIGHTS')) {
    return labels.classes.map(({ rowCount }) => labels.trainingRowCount / (rowCount * labels.classes.length));
  }
  const given = options.get('CLASS_WEIGHTS') as readonly (readonly [string, number])[] | undefined;
  if (given === undefined) return undefined;
  const byLabel = new Map(given);
  const missing = labels.classes.filter(({ text }) => !byLabel.has(text)).map(({ text }) => `'${text}'`);
  if (missing.length > 0) {
    throw invalidOption(
      `option CLASS_WEIGHTS must have an entry for every label; it lacks ${missing.join(', ')}`,
    );
  }
  return labels.classes.map(({ text }) => byLabel.get(text)!);
}

/** The training relation as found: how rows are split, labelled and read. */
export interface TrainingData {
  readonly evaluation: string;
  readonly labels: LabelStatistics;
  readonly inputs: readonly InputStatistics[];
}

interface RowReader {
  readonly encoder: FeatureEncoder;
  readonly plan: PhysicalCreateModel;
  readonly classIndexes: ReadonlyMap<string, number>;
  readonly weights: readonly number[] | undefined;
}

function labelNumbers(batch: Batch, reader: RowReader, at: number): Float64Array | undefined {
  const { plan, classIndexes } = reader;
  if (plan.initial !== undefined) return Float64Array.from(batch.columns[at]!.values as Uint8Array);
  if (plan.label === undefined) return undefined;
  const vector = batch.columns[at]!;
  if (vector.values instanceof Float64Array) return vector.values;
  return Float64Array.from(vector.values as readonly string[], (text) => classIndexes.get(text) ?? -1);
}

function rowWeights(
  batch: Batch,
  reader: RowReader,
  labels: Float64Array | undefined,
  at: number,
): Float64Array | undefined {
  const own = reader.plan.weight === undefined ? undefined : (batch.columns[at]!.values as Float64Array);
  const { weights } = reader;
  if (weights === undefined) return own;
  return Float64Array.from(labels!, (label, row) => weights[label]! * (own?.[row] ?? 1));
}

/** Classes up to which the database compares labels itself. */
const COMPARED_CLASSES_MAX = 16;
/** Label types of which equal values are written alike. */
const comparedKinds: ReadonlySet<string> = new Set(['boolean', 'int2', 'int4', 'int8', 'text', 'date']);

/** The class index as a number, or the label as a text to be looked up. */
function classSql({ label }: PhysicalCreateModel, { classes }: LabelStatistics): string {
  const { type } = label!;
  if (classes.length > COMPARED_CLASSES_MAX || !comparedKinds.has(type.kind)) return 'CAST(y AS VARCHAR)';
  const cases = classes.map(({ value }, index) => `WHEN ${valueSql(value, type)} THEN ${index}`);
  return `CAST(CASE y ${cases.join(' ')} ELSE -1 END AS DOUBLE)`;
}

function selectedColumns(
  plan: PhysicalCreateModel,
  inputs: readonly InputStatistics[],
  labels: LabelStatistics,
): readonly string[] {
  const selected = inputs.map(({ sql }) => sql);
  if (plan.initial !== undefined) selected.push('k');
  else if (plan.estimator.task === 'regression') selected.push('CAST(y AS DOUBLE)');
  else if (plan.estimator.task === 'classification') selected.push(classSql(plan, labels));
  if (plan.weight !== undefined) selected.push('w');
  return selected;
}

/** Encodes a batch, and gives what writes `rowCount` of its rows from `sourceRow` on to the split's `targetRow`. */
function encodedBatch(
  batch: Batch,
  reader: RowReader,
  training: Training,
  split: Split,
): (targetRow: number, sourceRow: number, rowCount: number) => void {
  const { plan, encoder } = reader;
  const columns = plan.inputs.map(({ input }, index) => rawColumn(batch.columns[index]!, input.kind));
  const rows = encoder.stage({ rowCount: batch.rowCount, columns });
  const hasNumber = plan.label !== undefined || plan.initial !== undefined;
  const numbers = labelNumbers(batch, reader, columns.length);
  const weights = rowWeights(batch, reader, numbers, columns.length + (hasNumber ? 1 : 0));
  return (targetRow, sourceRow, rowCount) =>
    training.memory.stage(split, targetRow, rows, numbers, weights, sourceRow, rowCount);
}

/** Calls `write` for each run of rows whose places follow one another. */
function eachRun(
  numbers: Int32Array,
  places: RowPlaces,
  write: (targetRow: number, sourceRow: number, rowCount: number) => void,
): void {
  for (let start = 0; start < numbers.length;) {
    const place = places(numbers[start]!);
    let end = start + 1;
    while (end < numbers.length && places(numbers[end]!) === place + end - start) end++;
    write(place, start, end - start);
    start = end;
  }
}

/** One split's rows: which they are, and how many. */
interface SplitRows {
  readonly split: Split;
  readonly where: string;
  readonly rowCount: number;
}

async function loadUnordered(
  { split, where, rowCount }: SplitRows,
  columns: readonly string[],
  numberSql: string,
  places: RowPlaces,
  reader: RowReader,
  training: Training,
  context: ExecutorContext,
): Promise<void> {
  const source = `${quoteIdentifier(reader.plan.relation)} WHERE ${where}`;
  let loadedCount = 0;
  await context.connection.scanUnordered([...columns, numberSql], source, (batch) => {
    if (context.signal.aborted) throw queryCanceled();
    const numbers = batch.columns[columns.length]!.values as Int32Array;
    eachRun(numbers, places, encodedBatch(batch, reader, training, split));
    loadedCount += batch.rowCount;
  });
  assert(loadedCount === rowCount, 'as many rows are loaded as were counted');
}

async function loadStreamed(
  { split, where }: SplitRows,
  columns: readonly string[],
  reader: RowReader,
  training: Training,
  context: ExecutorContext,
): Promise<void> {
  const sql = `SELECT ${columns.join(', ')} FROM ${quoteIdentifier(reader.plan.relation)} WHERE ${where}`;
  let firstRow = 0;
  for await (const batch of context.connection.scan(sql)) {
    if (context.signal.aborted) throw queryCanceled();
    encodedBatch(batch, reader, training, split)(firstRow, 0, batch.rowCount);
    firstRow += batch.rowCount;
  }
}

/**
 * Loads both splits. Gives the loop a turn after every batch, so that other sessions go on. `rowColumn`: the relation's
 * column of ascending row numbers, if there is one.
 */
export async function loadRows(
  plan: PhysicalCreateModel,
  training: Training,
  draft: FeatureEncoder,
  { inputs, labels, evaluation }: TrainingData,
  rowColumn: string | undefined,
  context: ExecutorContext,
): Promise<void> {
  const classIndexes = new Map(labels.classes.map(({ text }, index) => [text, index]));
  const reader: RowReader = { encoder: draft, plan, classIndexes, weights: classWeights(plan, labels) };
  const columns = selectedColumns(plan, inputs, labels);
  const numbered =
    rowColumn === undefined ? undefined : await numberedRows(plan.relation, rowColumn, context);
  const splits: SplitRows[] = [
    { split: 'training', where: `NOT ${evaluation}`, rowCount: labels.trainingRowCount },
  ];
  if (labels.evaluationRowCount > 0) {
    const where = judgedCondition(plan, evaluation, labels.classes);
    splits.push({ split: 'evaluation', where, rowCount: labels.evaluationRowCount });
  }
  let before: RowPlaces | undefined;
  for (const rows of splits) {
    if (numbered === undefined) await loadStreamed(rows, columns, reader, training, context);
    else {
      // Where every number is a row of one of the splits, the first one's places tell the other's.
      const isRest = before !== undefined && numbered.span === labels.trainingRowCount + rows.rowCount;
      const places = isRest
        ? restPlaces(before!)
        : await rowPlaces(plan.relation, rows.where, numbered, rows.rowCount, context);
      await loadUnordered(rows, columns, numbered.sql, places, reader, training, context);
      before = places;
    }
  }
}
