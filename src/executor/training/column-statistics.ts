/**
 * What SQL finds out about the training rows of every input: categories with counts, years, lengths of arrays, and the
 * numbers that ML.FEATURE_INFO shows. Source: functions reference, 4.2: the training split only.
 */
import {
  CATEGORY_COUNT_MAX,
  invalidData,
  limitExceeded,
  quoteIdentifier,
  Types,
  VECTOR_LENGTH_MAX,
  type Schema,
  type Value,
} from '../../core/index.ts';
import type { StoredTable } from '../../catalog/index.ts';
import type { FeatureStatistics, NumberSummary } from '../../ml/index.ts';
import {
  denseSql,
  sparseIndexesSql,
  type PhysicalCreateModel,
  type TrainingInput,
} from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';

/** An input with its statistics, and how its column is read from the relation from now on. */
export interface InputStatistics {
  readonly statistics: FeatureStatistics;
  readonly sql: string;
  /** Its row of ML.FEATURE_INFO; empty where a summary will tell. */
  readonly info: readonly Value[];
}

const featureInfoSchema: Schema = [
  { name: 'input', type: Types.text },
  { name: 'min', type: Types.float8 },
  { name: 'max', type: Types.float8 },
  { name: 'mean', type: Types.float8 },
  { name: 'median', type: Types.float8 },
  { name: 'stddev', type: Types.float8 },
  { name: 'category_count', type: Types.int8 },
  { name: 'null_count', type: Types.int8 },
  { name: 'dimension', type: Types.int8 },
];

/** One row more than the most categories and NULL: enough to see that there are too many. */
const CATEGORY_ROWS = CATEGORY_COUNT_MAX + 2;

interface Reader {
  readonly source: string;
  rows(sql: string): Promise<readonly (readonly Value[])[]>;
}

function readerOf(plan: PhysicalCreateModel, evaluation: string, context: ExecutorContext): Reader {
  return {
    source: `FROM ${quoteIdentifier(plan.relation)} WHERE NOT ${evaluation}`,
    rows: (sql) => context.connection.rows(sql),
  };
}

/** Statistics of a number come with its encoding (see NumberSummary): SQL is not asked. */
function numberStatistics(input: TrainingInput): InputStatistics {
  return { statistics: { kind: 'number' }, sql: input.column, info: [] };
}

async function timestampStatistics(input: TrainingInput, reader: Reader): Promise<InputStatistics> {
  const seconds = `CAST(${input.column} * 1000000 AS BIGINT)`;
  const years = await reader.rows(
    `SELECT DISTINCT CAST(date_part('year', make_timestamp(${seconds})) AS INTEGER) ${reader.source}`,
  );
  const known = years.filter(([year]) => year !== null).map(([year]) => Number(year));
  const hasNull = known.length < years.length;
  return { statistics: { kind: 'timestamp', hasNull, years: known }, sql: input.column, info: [] };
}

async function textStatistics(input: TrainingInput, reader: Reader): Promise<InputStatistics> {
  const { column } = input;
  const rows = await reader.rows(
    `SELECT ${column}, count(*) ${reader.source} GROUP BY ${column} ORDER BY ${column} LIMIT ${CATEGORY_ROWS}`,
  );
  checkCategories(input.input.name, rows.length);
  const nullCount = Number(rows.find(([value]) => value === null)?.[1] ?? 0);
  const categories = rows
    .filter(([value]) => value !== null)
    .map(([value, count]) => ({ value: String(value), count: Number(count) }));
  const info = [
    input.input.name,
    null,
    null,
    null,
    null,
    null,
    BigInt(categories.length),
    BigInt(nullCount),
    null,
  ];
  return { statistics: { kind: 'text', categories, nullCount }, sql: column, info };
}

async function textsStatistics(input: TrainingInput, reader: Reader): Promise<InputStatistics> {
  const { column } = input;
  const rows = await reader.rows(
    `SELECT v, count(*) FROM (SELECT unnest(list_distinct(${column})) AS v ${reader.source}) GROUP BY v ORDER BY v LIMIT ${CATEGORY_ROWS}`,
  );
  checkCategories(input.input.name, rows.length);
  const [nulls] = await reader.rows(
    `SELECT count(*) FILTER (${column} IS NULL OR list_contains(list_transform(${column}, lambda "__e": "__e" IS NULL), TRUE)) ${reader.source}`,
  );
  const categories = rows
    .filter(([value]) => value !== null)
    .map(([value, count]) => ({ value: String(value), count: Number(count) }));
  const nullCount = Number(nulls![0]);
  const info = [
    input.input.name,
    null,
    null,
    null,
    null,
    null,
    BigInt(categories.length),
    BigInt(nullCount),
    null,
  ];
  return { statistics: { kind: 'texts', categories, nullCount }, sql: column, info };
}

/** Every element is an encoded column, so a length out of bounds would take the engine's memory. */
function checkLength(name: string, length: number): void {
  if (length <= VECTOR_LENGTH_MAX) return;
  throw limitExceeded(
    `arrays of feature "${name}" may have ${VECTOR_LENGTH_MAX} elements at most, but have ${length}`,
  );
}

function checkCategories(name: string, rowCount: number): void {
  if (rowCount < CATEGORY_ROWS) return;
  throw limitExceeded(
    `feature "${name}" has more than ${CATEGORY_COUNT_MAX} categories`,
    'Leave the column out, or put its rare values together.',
  );
}

async function numbersStatistics(
  input: TrainingInput,
  plan: PhysicalCreateModel,
  reader: Reader,
): Promise<InputStatistics> {
  const { column, sparse } = input;
  const name = input.input.name;
  const relation = quoteIdentifier(plan.relation);
  const [nulls] = await reader.rows(`SELECT count(*) FILTER (${column} IS NULL) ${reader.source}`);
  const info = (dimension: number | null): Value[] => [
    name,
    null,
    null,
    null,
    null,
    null,
    null,
    nulls![0]!,
    dimension === null ? null : BigInt(dimension),
  ];
  if (sparse !== undefined) {
    const indexes = sparseIndexesSql(sparse, column);
    const [row] = await reader.rows(
      `SELECT min(list_min(${indexes})), max(list_max(${indexes})) FROM ${relation}`,
    );
    if (row![0] !== null && Number(row![0]) < 0) {
      throw invalidData(
        `indexes of the sparse feature "${name}" must be at least 0, but one is ${String(row![0])}`,
      );
    }
    const length = row![1] === null ? 0 : Number(row![1]) + 1;
    checkLength(name, length);
    return {
      statistics: { kind: 'numbers', length },
      sql: denseSql(sparse, column, length),
      info: info(length),
    };
  }
  const [row] = await reader.rows(`SELECT min(len(${column})), max(len(${column})) FROM ${relation}`);
  const [shortest, longest] = (row ?? []).map(Number);
  if (shortest !== longest) {
    throw invalidData(
      `arrays of feature "${name}" must have one length, but have from ${shortest} to ${longest} elements`,
    );
  }
  checkLength(name, longest!);
  return { statistics: { kind: 'numbers', length: longest! }, sql: column, info: info(null) };
}

/** Statistics of every input, in input order. */
export async function inputStatistics(
  plan: PhysicalCreateModel,
  evaluation: string,
  context: ExecutorContext,
): Promise<readonly InputStatistics[]> {
  const reader = readerOf(plan, evaluation, context);
  const all: InputStatistics[] = [];
  for (const input of plan.inputs) {
    switch (input.input.kind) {
      case 'number':
        all.push(numberStatistics(input));
        break;
      case 'timestamp':
        all.push(await timestampStatistics(input, reader));
        break;
      case 'text':
        all.push(await textStatistics(input, reader));
        break;
      case 'texts':
        all.push(await textsStatistics(input, reader));
        break;
      case 'numbers':
        all.push(await numbersStatistics(input, plan, reader));
    }
  }
  return all;
}

/** A summary of no value is NULL in all but the count of NULLs. */
function summaryInfo(name: string, summary: NumberSummary): readonly Value[] {
  const { count, least, greatest, mean, median, deviation } = summary;
  const values =
    count === 0 ? [null, null, null, null, null] : [least, greatest, mean, median, deviation ?? null];
  return [name, ...values, null, BigInt(summary.nullCount), null];
}

/** ML.FEATURE_INFO of the training; `summaries` of the inputs that are numbers. */
export function featureInfoTable(
  plan: PhysicalCreateModel,
  inputs: readonly InputStatistics[],
  summaries: readonly (NumberSummary | undefined)[],
): StoredTable {
  const rows = inputs.map(({ info }, position) => {
    const summary = summaries[position];
    return summary === undefined ? info : summaryInfo(plan.inputs[position]!.input.name, summary);
  });
  return { schema: featureInfoSchema, rows };
}
