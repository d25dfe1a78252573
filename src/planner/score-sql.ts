/**
 * A model's scores as SQL: a subquery over the input that calls the scoring function once a row.
 *
 *   SELECT __augur_score('version', [numbers], [texts], [number lists], [text lists]) AS "__augur_scores", * FROM (input)
 *
 * A model that takes nothing but numbers is scored by `__augur_score_numbers('version', number, …)`.
 */
import {
  isNumeric,
  quoteIdentifier,
  quoteLiteral,
  sqlTypeText,
  typeMismatch,
  undefinedColumn,
  type Column,
  type Schema,
  type SqlType,
} from '../core/index.ts';
import type { FeatureInput } from '../ml/index.ts';
import type { LoadedModel } from './context.ts';
import { featureExpressions } from './feature.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

/** Name of the score column; users' columns cannot have it. */
export const SCORES = '"__augur_scores"';

/** Lists of one kind of input, each input in the encoder's order. */
const kinds: readonly { readonly inputs: readonly FeatureInput['kind'][]; readonly type: string }[] = [
  { inputs: ['number', 'timestamp'], type: 'DOUBLE[]' },
  { inputs: ['text'], type: 'VARCHAR[]' },
  { inputs: ['numbers'], type: 'DOUBLE[][]' },
  { inputs: ['texts'], type: 'VARCHAR[][]' },
];

/** The call of the scoring function, given each input's expression by name. */
export function scoreCallSql(loaded: LoadedModel, expressions: ReadonlyMap<string, string>): string {
  const { encoder } = loaded;
  const version = quoteLiteral(loaded.entry.versionId);
  if (encoder.inputs.length > 0 && encoder.inputs.every((input) => input.kind === 'number')) {
    const numbers = encoder.inputs.map((input) => `CAST(${expressions.get(input.name)!} AS DOUBLE)`);
    return `__augur_score_numbers(${version}, ${numbers.join(', ')})`;
  }
  const lists = kinds.map(({ inputs, type }) => {
    const chosen = encoder.inputs.filter((input) => inputs.includes(input.kind));
    return `CAST([${chosen.map((input) => expressions.get(input.name)!).join(', ')}] AS ${type})`;
  });
  return `__augur_score(${version}, ${lists.join(', ')})`;
}

/** A column of the relation by name, without case. */
export function findColumn(schema: Schema, name: string): Column | undefined {
  return (
    schema.find((column) => column.name === name) ??
    schema.find((column) => column.name.toLowerCase() === name.toLowerCase())
  );
}

/** Whether an array's elements can stand for those of the training: numbers for numbers, structs for structs. */
function fitsElement(feature: SqlType, given: SqlType): boolean {
  if (isNumeric(feature)) return isNumeric(given);
  return feature.kind === 'struct'
    ? given.kind === 'struct'
    : given.kind !== 'struct' && given.kind !== 'list';
}

/** The type in words: a simple one by its name, an array or struct in full. */
function typeName({ type }: Column): string {
  return type.kind === 'list' || type.kind === 'struct' ? sqlTypeText(type) : type.kind;
}

function checkCoercion(feature: Column, given: Column, position: number): void {
  const wantsNumber = isNumeric(feature.type);
  const isInstant = (column: Column): boolean =>
    ['timestamp', 'timestamptz', 'date'].includes(column.type.kind);
  const wantsInstant = ['timestamp', 'timestamptz'].includes(feature.type.kind);
  const fits = wantsNumber
    ? isNumeric(given.type)
    : wantsInstant
      ? isInstant(given)
      : feature.type.kind === 'list'
        ? given.type.kind === 'list' && fitsElement(feature.type.element, given.type.element)
        : feature.type.kind === 'struct'
          ? given.type.kind === 'struct'
          : given.type.kind !== 'list' && given.type.kind !== 'struct';
  if (fits) return;
  throw typeMismatch(
    `feature "${feature.name}" is of type ${typeName(feature)} in the model but of type ${typeName(given)} in the input`,
    position,
    `Cast the column in the query: CAST(${quoteIdentifier(given.name)} AS …) AS ${quoteIdentifier(feature.name)}.`,
  );
}

/** The relation's column for every feature of the model; a missing one is the user's error. */
function inputColumns(loaded: LoadedModel, schema: Schema, position: number): readonly Column[] {
  const missing = loaded.entry.features.filter((feature) => findColumn(schema, feature.name) === undefined);
  if (missing.length > 0) {
    const names = missing.map((feature) => `"${feature.name}"`).join(', ');
    throw undefinedColumn(
      `the input of model "${loaded.entry.name}" lacks ${missing.length === 1 ? 'feature' : 'features'} ${names}`,
      position,
      `The model was trained on ${loaded.entry.features.map((feature) => feature.name).join(', ')}.`,
    );
  }
  return loaded.entry.features.map((feature) => {
    const given = findColumn(schema, feature.name)!;
    checkCoercion(feature, given, position);
    return given;
  });
}

/**
 * A given column as the feature's type. Numbers, texts and instants are converted further on whatever they come as; of
 * the others the text of a value depends on its type (TRUE is `true`, but 1 is `1`).
 */
function reference(feature: Column, given: Column): string {
  const name = quoteIdentifier(given.name);
  const { kind } = feature.type;
  const isConverted = isNumeric(feature.type) || ['text', 'timestamp', 'timestamptz'].includes(kind);
  const isSame = sqlTypeText(feature.type) === sqlTypeText(given.type);
  return isConverted || isSame ? name : `CAST(${name} AS ${sqlTypeText(feature.type)})`;
}

/** Each input's expression over the relation, the given columns cast to the training columns' types where they differ. */
export function boundExpressions(
  loaded: LoadedModel,
  schema: Schema,
  position: number,
): ReadonlyMap<string, string> {
  const given = inputColumns(loaded, schema, position);
  const lengths = new Map(
    loaded.encoder.inputs
      .filter((input) => input.kind === 'numbers')
      .map((input) => [
        input.name,
        loaded.encoder.columns.filter((column) => column.feature === input.name).length,
      ]),
  );
  const references = given.map((column, index) => reference(loaded.entry.features[index]!, column));
  const expressions = featureExpressions(loaded.entry.features, lengths, references);
  return new Map(expressions.map(({ input, sql }) => [input.name, sql]));
}

/** `SELECT scores, * FROM (input)`, without parentheses. */
export function scoredSql(loaded: LoadedModel, input: SqlText, schema: Schema, position: number): SqlText {
  const call = scoreCallSql(loaded, boundExpressions(loaded, schema, position));
  return new SqlTextBuilder()
    .add(`SELECT ${call} AS ${SCORES}, * FROM (`, position)
    .nest(input)
    .add(') AS "__augur_input"', position)
    .build();
}
