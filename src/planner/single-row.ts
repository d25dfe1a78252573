/**
 * ML.PREDICT of one row that the statement itself gives: `SELECT … FROM ML.PREDICT(MODEL m, (SELECT $1 AS a, 'x' AS b))`.
 * Its plan beside the general one needs no database: the same inputs, scores, columns and types, for the statements and
 * the conversions for which that is certain. Constants are computed by the database, once, when the plan is made.
 */
import {
  listOf,
  quoteIdentifier,
  type Column,
  type Schema,
  type SqlType,
  type Value,
} from '../core/index.ts';
import type { LoadedModel } from './context.ts';
import type { BoundCall, RelationArgument } from './ml-call.ts';
import type { PhysicalSql } from './physical-plan.ts';
import { predictionColumns } from './prediction-sql.ts';
import { boundExpressions, findColumn } from './score-sql.ts';
import { outputReaders, type OutputReader } from './single-row-output.ts';
import { columnsAround, rowItems, type RowItem } from './single-row-text.ts';
import { inputReader, valueReader, type ParameterReader } from './single-row-value.ts';
import { valueSql } from './value-sql.ts';

/** One row scored without the database. */
export interface SingleRowPlan {
  /** Columns of the result, as the database described them. */
  readonly schema: Schema;
  readonly loaded: LoadedModel;
  readonly parameterTypes: readonly SqlType[];
  /** The input row's columns. */
  readonly columns: readonly ParameterReader[];
  /** The model's inputs by kind, each in the encoder's order; a missing number is null. */
  readonly numbers: readonly ParameterReader[];
  readonly texts: readonly ParameterReader[];
  /** The label's classes, as the database gives them. */
  readonly classes: readonly Value[];
  readonly threshold: number;
  readonly output: readonly OutputReader[];
}

/** What making the plan asks of the database. */
export interface SingleRowMeans {
  describe(sql: string, parameterTypes: readonly SqlType[]): Promise<{ readonly schema: Schema | undefined }>;
  rows(sql: string): Promise<readonly (readonly Value[])[]>;
  /** Whether an error would abort a transaction block. */
  readonly isInBlock: boolean;
}

/** What of the statement counts, if it is one of those. */
interface Recognised {
  readonly call: BoundCall;
  readonly relation: RelationArgument;
  readonly items: readonly RowItem[];
  readonly threshold: number;
  readonly around: NonNullable<ReturnType<typeof columnsAround>>;
}

function thresholdOf(call: BoundCall): number | undefined {
  const literal = call.given.settings.get('threshold');
  if (literal === undefined) return 0.5;
  return literal.kind === 'number' ? literal.value : undefined;
}

function hasTwins(schema: Schema): boolean {
  return new Set(schema.map(({ name }) => name.toLowerCase())).size < schema.length;
}

function recognise({ statement, calls }: PhysicalSql): Recognised | undefined {
  const { fragment } = statement;
  const [call, second] = calls;
  if (statement.class.kind !== 'read' || call?.call.name !== 'ML.PREDICT' || second !== undefined)
    return undefined;
  const query = call.call.arguments.find((argument) => argument.kind === 'query')?.fragment;
  const { relation } = call.given;
  if (query === undefined || relation === undefined || query.islands.length > 0) return undefined;
  const respellings = [...(fragment.respellings ?? []), ...(query.respellings ?? [])];
  if (respellings.length > 0 || call.call.scopes.length > 0 || hasTwins(relation.schema)) return undefined;
  const { start, end } = call.call.span;
  const around = columnsAround(
    fragment.text.slice(0, start - fragment.span.start),
    fragment.text.slice(end - fragment.span.start),
  );
  const items = rowItems(query.text);
  const threshold = thresholdOf(call);
  if (around === undefined || threshold === undefined || items?.length !== relation.schema.length)
    return undefined;
  return { call, relation, items, threshold, around };
}

/** Each input's expression over the relation, and the relation's column it is of; undefined for arrays and structs. */
function inputColumns({
  call,
  relation,
}: Recognised):
  | readonly { readonly feature: Column; readonly given: number; readonly sql: string }[]
  | undefined {
  const { model } = call.given;
  const expressions = boundExpressions(model, relation.schema, relation.position);
  const columns = model.encoder.inputs.map((input) => {
    const feature = model.entry.features.find(({ name }) => name === input.name);
    const given = findColumn(relation.schema, input.name);
    if (feature === undefined || given === undefined || !['number', 'timestamp', 'text'].includes(input.kind))
      return undefined;
    return { feature, given: relation.schema.indexOf(given), sql: expressions.get(input.name)! };
  });
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

/** The plan of a statement for which it is certain; undefined for all others. Errors are the general way's to report. */
export async function singleRowPlan(
  plan: PhysicalSql,
  parameterTypes: readonly SqlType[],
  means: SingleRowMeans,
): Promise<SingleRowPlan | undefined> {
  const recognised = recognise(plan);
  const inputs = recognised && inputColumns(recognised);
  if (recognised === undefined || inputs === undefined) return undefined;
  if (means.isInBlock && recognised.items.some(mayFail)) return undefined;
  const { call, relation, items, threshold } = recognised;
  const loaded = call.given.model;
  const { schema } = await means.describe(plan.sql.text, parameterTypes);
  const constants = await evaluateConstants(
    recognised,
    inputs.map(({ given, sql }) => ({ given, sql })),
    means,
  );
  const columns = allKnown(
    items.map(({ parameter }, index) =>
      parameter === undefined
        ? constant(constants.columns[index]!)
        : valueReader(parameter - 1, parameterTypes[parameter - 1], relation.schema[index]!.type),
    ),
  );
  const readers = allKnown(
    inputs.map(({ feature, given }, index) =>
      items[given]!.parameter === undefined
        ? constant(constants.inputs[index]!)
        : inputReader(columns?.[given], relation.schema[given]!.type, feature.type),
    ),
  );
  const row = [...predictionColumns(loaded.entry), ...relation.schema];
  const output = schema && outputReaders(recognised.around, schema, row);
  if (schema === undefined || output === undefined || columns === undefined || readers === undefined)
    return undefined;
  const isText = loaded.encoder.inputs.map(({ kind }) => kind === 'text');
  return {
    schema,
    loaded,
    parameterTypes,
    columns,
    numbers: readers.filter((_, index) => !isText[index]),
    texts: readers.filter((_, index) => isText[index]),
    classes: constants.classes,
    threshold,
    output,
  };
}

/** Whether computing a constant may fail: a literal alone cannot. */
function mayFail({ parameter, text }: RowItem): boolean {
  return parameter === undefined && /::|^cast/i.test(text);
}

function constant(value: Value): ParameterReader {
  return () => value;
}

function allKnown(readers: readonly (ParameterReader | undefined)[]): readonly ParameterReader[] | undefined {
  return readers.every((reader) => reader !== undefined) ? readers : undefined;
}

/** Values of the constant columns, of the inputs that come of them (null for the others), and of the classes. */
async function evaluateConstants(
  { call, relation, items }: Recognised,
  inputs: readonly { readonly given: number; readonly sql: string }[],
  means: SingleRowMeans,
): Promise<{
  readonly columns: readonly Value[];
  readonly inputs: readonly Value[];
  readonly classes: readonly Value[];
}> {
  const isConstant = items.map(({ parameter }) => parameter === undefined);
  const row = items.map(({ text }, index) => {
    const name = quoteIdentifier(relation.schema[index]!.name);
    return `${isConstant[index] ? text : 'NULL'} AS ${name}`;
  });
  const { label } = call.given.model.entry;
  const classes = label === undefined ? 'NULL' : valueSql(label.classes, listOf(label.type));
  const wanted = [
    classes,
    ...relation.schema.map(({ name }, index) => (isConstant[index] ? quoteIdentifier(name) : 'NULL')),
    ...inputs.map(({ given, sql }) => (isConstant[given] ? sql : 'NULL')),
  ];
  const [values] = await means.rows(`SELECT ${wanted.join(', ')} FROM (SELECT ${row.join(', ')})`);
  return {
    classes: (values![0] ?? []) as readonly Value[],
    columns: values!.slice(1, 1 + items.length),
    inputs: values!.slice(1 + items.length),
  };
}
