/**
 * From a relation's columns to a model's inputs: structs are flattened, every input becomes a number, a text or an
 * array of these. Source: statements reference, 3.2 (types by column kind).
 */
import {
  invalidOption,
  isNumeric,
  quoteIdentifier,
  quoteLiteral,
  unsupported,
  type Column,
  type SqlType,
} from '../core/index.ts';
import type { FeatureInput } from '../ml/index.ts';

/** One model input and the SQL expression that gives it, over the input relation's columns. */
export interface FeatureExpression {
  readonly input: FeatureInput;
  /** DOUBLE, VARCHAR, DOUBLE[] or VARCHAR[]. Sparse vectors take their length from `lengths`. */
  readonly sql: string;
  /** For ARRAY<STRUCT<INT64, numeric>>: where `sql` comes from once its length is known. */
  readonly sparse: SparseFeature | undefined;
}

/** A sparse vector: entries of (0-based index, value). */
export interface SparseFeature {
  /** The array itself, over the relation's columns. */
  readonly sql: string;
  readonly indexField: string;
  readonly valueField: string;
}

/** Length of a sparse feature's dense form, by input name. */
export type SparseLengths = ReadonlyMap<string, number>;

/** The dense form of a sparse vector that stands in `reference`: DOUBLE[] of the given length. */
export function denseSql(sparse: SparseFeature, reference: string, length: number): string {
  const [index, value] = [sparse.indexField, sparse.valueField].map(quoteIdentifier);
  const matching = `list_filter(${reference}, lambda "__e": "__e".${index!} = "__i")`;
  const sum = `coalesce(list_sum(list_transform(${matching}, lambda "__e": CAST("__e".${value!} AS DOUBLE))), 0)`;
  return `list_transform(range(${length}), lambda "__i": ${sum})`;
}

/** The indexes of a sparse vector as a list. */
export function sparseIndexesSql(sparse: SparseFeature, reference: string): string {
  return `list_transform(${reference}, lambda "__e": "__e".${quoteIdentifier(sparse.indexField)})`;
}

function listFeature(name: string, sql: string, element: SqlType, lengths: SparseLengths): FeatureExpression {
  if (isNumeric(element)) {
    return { input: { name, kind: 'numbers' }, sql: `CAST(${sql} AS DOUBLE[])`, sparse: undefined };
  }
  if (element.kind === 'struct') {
    const [key, value] = element.fields;
    const isIndex = ['int2', 'int4', 'int8'].includes(key!.type.kind);
    const isSparse = element.fields.length === 2 && isIndex && isNumeric(value!.type);
    if (!isSparse) throw unsupportedFeature(name, 'an array of structs that are not (integer index, number)');
    const sparse = { sql, indexField: key!.name, valueField: value!.name };
    return { input: { name, kind: 'numbers' }, sql: denseSql(sparse, sql, lengths.get(name) ?? 0), sparse };
  }
  if (element.kind === 'list') throw unsupportedFeature(name, 'an array of arrays');
  return { input: { name, kind: 'texts' }, sql: `CAST(${sql} AS VARCHAR[])`, sparse: undefined };
}

function unsupportedFeature(name: string, what: string): Error {
  return unsupported(`feature "${name}": ${what}`);
}

function flattenFeature(
  name: string,
  sql: string,
  type: SqlType,
  lengths: SparseLengths,
): readonly FeatureExpression[] {
  if (isNumeric(type)) {
    return [{ input: { name, kind: 'number' }, sql: `CAST(${sql} AS DOUBLE)`, sparse: undefined }];
  }
  switch (type.kind) {
    case 'timestamp':
    case 'timestamptz':
      return [{ input: { name, kind: 'timestamp' }, sql: `epoch(${sql})`, sparse: undefined }];
    case 'list':
      return [listFeature(name, sql, type.element, lengths)];
    case 'struct':
      return type.fields.flatMap((field) => {
        if (field.type.kind === 'struct') throw unsupportedFeature(name, 'a struct inside a struct');
        const inner = `struct_extract(${sql}, ${quoteLiteral(field.name)})`;
        return flattenFeature(`${name}_${field.name}`, inner, field.type, lengths);
      });
    default:
      return [{ input: { name, kind: 'text' }, sql: `CAST(${sql} AS VARCHAR)`, sparse: undefined }];
  }
}

/**
 * The inputs of the columns, in order; `references` are SQL for the columns where they go by other names. Refuses two inputs of one name (a struct's
 * field against a column).
 */
export function featureExpressions(
  columns: readonly Column[],
  lengths: SparseLengths = new Map(),
  references: readonly string[] = columns.map((column) => quoteIdentifier(column.name)),
): readonly FeatureExpression[] {
  const expressions = columns.flatMap((column, index) =>
    flattenFeature(column.name, references[index]!, column.type, lengths),
  );
  const seen = new Set<string>();
  for (const { input } of expressions) {
    if (seen.has(input.name))
      throw invalidOption(`two features are called "${input.name}" after structs are flattened`);
    seen.add(input.name);
  }
  return expressions;
}
