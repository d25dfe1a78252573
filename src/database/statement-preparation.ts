/** Preparing statements of one connection: parameters of any type, and what tells the types of parameters and columns. */
import duckdb from '@duckdb/node-bindings';
import { listOf, type Parameter, type Schema, SqlState, type SqlType, Types } from '../core/index.ts';
import type { StatementDescription } from './contract.ts';
import { fromDuckdbError } from './duckdb-error.ts';
import { castTypeOf, rewriteParameters } from './parameter-binding.ts';
import { hasUnknownColumn, parameterTypesOf, statementSchema } from './statement-shape.ts';

/** Types tried, in order, for parameters whose type neither the client nor the statement tells. */
const guessedTypes: readonly SqlType[] = [
  Types.text,
  Types.int8,
  Types.float8,
  Types.timestamp,
  listOf(Types.text),
  listOf(Types.int8),
];

export class StatementPreparation {
  readonly #connection: duckdb.Connection;

  constructor(connection: duckdb.Connection) {
    this.#connection = connection;
  }

  /** Types of a statement's parameters and columns. */
  async describe(
    sql: string,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<StatementDescription> {
    const { statement, parameterTypes: types } = await this.#prepareTyped(sql, parameterTypes);
    try {
      const schema = hasUnknownColumn(statement)
        ? await this.#describeWithNulls(sql, types)
        : statementSchema(statement, sql);
      return { parameterTypes: types, schema: schema ?? statementSchema(statement, sql) };
    } finally {
      duckdb.destroy_prepare_sync(statement);
    }
  }

  /** Prepares a statement, its parameters cast to the types that are known. */
  async prepare(sql: string, types: readonly (SqlType | undefined)[]): Promise<duckdb.PreparedStatement> {
    const { text, originalOffset } = rewriteParameters(sql, types);
    try {
      return await duckdb.prepare(this.#connection, text);
    } catch (thrown) {
      const error = fromDuckdbError(thrown, text);
      throw error.position === undefined
        ? error
        : error.shifted(originalOffset(error.position) - error.position);
    }
  }

  async #prepareTyped(
    sql: string,
    declared: readonly (SqlType | undefined)[],
  ): Promise<{ statement: duckdb.PreparedStatement; parameterTypes: readonly SqlType[] }> {
    const first = await this.prepare(sql, declared);
    const known = parameterTypesOf(first, declared);
    const isKnown = known.every((type) => type !== undefined);
    if (isKnown && !hasUnknownColumn(first)) return { statement: first, parameterTypes: known };
    duckdb.destroy_prepare_sync(first);
    let firstError: unknown;
    for (const guess of guessedTypes) {
      const types = known.map((type) => type ?? guess);
      try {
        const statement = await this.prepare(sql, types);
        const isLast = isKnown || guess === guessedTypes.at(-1);
        if (isLast || (await this.#takesTypes(sql, types))) return { statement, parameterTypes: types };
        duckdb.destroy_prepare_sync(statement);
      } catch (thrown) {
        firstError ??= thrown;
        if (isKnown) break;
      }
    }
    throw firstError;
  }

  /** Types to cast parameters to: those given, else what the statement tells. */
  async typesOf(
    sql: string,
    parameters: readonly Parameter[],
    given: readonly SqlType[],
  ): Promise<readonly SqlType[]> {
    if (parameters.length === 0) return [];
    let types = given;
    if (given.length < parameters.length) {
      const described = await this.#prepareTyped(sql, given);
      duckdb.destroy_prepare_sync(described.statement);
      types = described.parameterTypes;
    }
    return types.map((type, index) => castTypeOf(type, parameters[index] ?? null));
  }

  /** Whether functions take the types: table functions look at their parameters only when there are values. */
  async #takesTypes(sql: string, types: readonly SqlType[]): Promise<boolean> {
    const { text } = rewriteParameters(sql, types, "'1'");
    try {
      duckdb.destroy_prepare_sync(await duckdb.prepare(this.#connection, text));
      return true;
    } catch (thrown) {
      return fromDuckdbError(thrown, text).state !== SqlState.undefinedFunction;
    }
  }

  /** Columns of a statement that has a parameter in a table function, told by NULLs; undefined if they do not help. */
  async #describeWithNulls(sql: string, types: readonly SqlType[]): Promise<Schema | undefined> {
    try {
      const statement = await duckdb.prepare(this.#connection, rewriteParameters(sql, types, 'NULL').text);
      try {
        return hasUnknownColumn(statement) ? undefined : statementSchema(statement, sql);
      } finally {
        duckdb.destroy_prepare_sync(statement);
      }
    } catch {
      return undefined;
    }
  }
}
