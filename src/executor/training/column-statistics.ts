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
import type { FeatureStatistics } from '../../ml/index.ts';
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
/** Number columns summarised by one query. */
const COLUMNS_A_QUERY = 40;
/** Aggregates of a number column: null count, min, max, mean, median, stddev. */
const AGGREGATES = 6;

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

/**
 * Rows up to which a median is exact. Of more rows it is that of about so many, always the same ones: selecting the
 * middle of millions would take longer than many a training.
 */
const MEDIAN_ROWS = 200_000;

/** The column where it takes part in its median. */
function medianSql(column: string, rowCount: number): string {
  if (rowCount <= MEDIAN_ROWS) return column;
  return `CASE WHEN hash(rowid) % ${Math.floor(rowCount / MEDIAN_ROWS) + 1} = 0 THEN ${column} END`;
}

/** Summaries of the number and timestamp columns, by column name. */
async function numberSummaries(
  inputs: readonly TrainingInput[],
  reader: Reader,
  rowCount: number,
): Promise<Map<string, readonly Value[]>> {
  const columns = inputs.filter(({ input }) => input.kind === 'number' || input.kind === 'timestamp');
  const summaries = new Map<string, readonly Value[]>();
  for (let first = 0; first < columns.length; first += COLUMNS_A_QUERY) {
    const part = columns.slice(first, first + COLUMNS_A_QUERY);
    const selected = part.map(({ column }) => {
      const finite = `CASE WHEN isfinite(${column}) THEN ${column} END`;
      return `count(*) - count(${column}), min(${column}), max(${column}), fsum(${column}) / count(${column}), quantile_disc(${medianSql(column, rowCount)}, 0.5), stddev_samp(${finite})`;
    });
    const [row] = await reader.rows(`SELECT ${selected.join(', ')} ${reader.source}`);
    for (const [index, { column }] of part.entries()) {
      summaries.set(column, row!.slice(index * AGGREGATES, (index + 1) * AGGREGATES));
    }
  }
  return summaries;
}

async function numberStatistics(
  input: TrainingInput,
  summary: readonly Value[],
  reader: Reader,
): Promise<InputStatistics> {
  const [nulls, minimum, maximum, mean, median, deviation] = summary;
  const nullCount = Number(nulls);
  const info: Value[] = [
    input.input.name,
    minimum!,
    maximum!,
    mean!,
    median!,
    deviation!,
    null,
    BigInt(nullCount),
    null,
  ];
  if (input.input.kind === 'number')
    return { statistics: { kind: 'number', nullCount }, sql: input.column, info };
  const years = await reader.rows(
    `SELECT DISTINCT CAST(date_part('year', make_timestamp(CAST(${input.column} * 1000000 AS BIGINT))) AS INTEGER) ${reader.source} AND ${input.column} IS NOT NULL`,
  );
  return {
    statistics: { kind: 'timestamp', nullCount, years: years.map(([year]) => Number(year)) },
    sql: input.column,
    info,
  };
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

/** Statistics of every input, in input order; `rowCount` training rows. */
export async function inputStatistics(
  plan: PhysicalCreateModel,
  evaluation: string,
  rowCount: number,
  context: ExecutorContext,
): Promise<readonly InputStatistics[]> {
  const reader = readerOf(plan, evaluation, context);
  const summaries = await numberSummaries(plan.inputs, reader, rowCount);
  const all: InputStatistics[] = [];
  for (const input of plan.inputs) {
    switch (input.input.kind) {
      case 'number':
      case 'timestamp':
        all.push(await numberStatistics(input, summaries.get(input.column)!, reader));
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

/** ML.FEATURE_INFO of the training. */
export function featureInfoTable(inputs: readonly InputStatistics[]): StoredTable {
  return { schema: featureInfoSchema, rows: inputs.map((input) => input.info) };
}
