/** What a prepared statement gives: rows of a schema, or a count. */
import duckdb from '@duckdb/node-bindings';
import { type RowsResult, type Schema, type SqlType, Types } from '../core/index.ts';
import { scanSql } from './sql-scanner.ts';
import { sqlTypeOf } from './type-map.ts';

const { StatementType } = duckdb;

export interface StatementShape {
  /** Names of the columns; undefined when there are no rows to give. */
  readonly names: readonly string[] | undefined;
  /** Whether rows may be fetched while the statement still runs. */
  readonly isStreamable: boolean;
  /** What the statement does to the transaction block. */
  readonly transaction: 'begin' | 'end' | undefined;
  readonly tag: RowsResult['tag'];
}

const changingTypes: ReadonlyMap<duckdb.StatementType, string> = new Map([
  [StatementType.INSERT, 'INSERT 0'],
  [StatementType.UPDATE, 'UPDATE'],
  [StatementType.DELETE, 'DELETE'],
  [StatementType.MERGE_INTO, 'MERGE'],
]);

/** Kinds of statement whose columns are rows for the client, where these are not DuckDB's own Success. */
const rowTypes: ReadonlySet<duckdb.StatementType> = new Set([
  StatementType.SELECT,
  StatementType.EXPLAIN,
  StatementType.PRAGMA,
  StatementType.CALL,
  StatementType.EXECUTE,
  StatementType.RELATION,
  StatementType.LOGICAL_PLAN,
]);

/** The shape of a statement that was prepared from `sql`. */
export function statementShape(statement: duckdb.PreparedStatement, sql: string): StatementShape {
  const type = duckdb.prepared_statement_type(statement);
  const verb = changingTypes.get(type);
  const givesRows = verb === undefined ? rowTypes.has(type) && !isSuccessOnly(statement) : hasReturning(sql);
  return {
    names: givesRows ? namesOf(statement) : undefined,
    isStreamable: type === StatementType.SELECT,
    transaction: type === StatementType.TRANSACTION ? transactionVerb(sql) : undefined,
    tag: (rowCount) => `${verb ?? 'SELECT'} ${rowCount}`,
  };
}

/**
 * Columns of a prepared statement with their types; undefined when there are no rows to give. DuckDB copies the types of
 * all columns to tell that of one, so whoever has a result should ask the result.
 */
export function statementSchema(statement: duckdb.PreparedStatement, sql: string): Schema | undefined {
  return statementShape(statement, sql).names?.map((name, index) => ({
    name,
    type: sqlTypeOf(duckdb.prepared_statement_column_logical_type(statement, index)) ?? Types.text,
  }));
}

function namesOf(statement: duckdb.PreparedStatement): readonly string[] {
  return Array.from({ length: duckdb.prepared_statement_column_count(statement) }, (_, index) =>
    columnName(duckdb.prepared_statement_column_name(statement, index)),
  );
}

/** Names that DuckDB makes up, as PostgreSQL's clients know them. */
function columnName(name: string): string {
  if (name === 'count_star()') return 'count';
  return /^CAST\(\$\d+ AS /i.test(name) ? '?column?' : name;
}

/** DuckDB reports success of a command as a column; of an EXECUTE of DML, its count. */
function isSuccessOnly(statement: duckdb.PreparedStatement): boolean {
  const type = duckdb.prepared_statement_type(statement);
  if (type === StatementType.SELECT || duckdb.prepared_statement_column_count(statement) !== 1) return false;
  const name = duckdb.prepared_statement_column_name(statement, 0);
  return name === 'Success' || (name === 'Count' && type === StatementType.EXECUTE);
}

function hasReturning(sql: string): boolean {
  return scanSql(sql).some((token) => token.kind === 'word' && token.value.toLowerCase() === 'returning');
}

function transactionVerb(sql: string): 'begin' | 'end' {
  const verb = scanSql(sql)[0]?.value.toLowerCase();
  return verb === 'begin' || verb === 'start' ? 'begin' : 'end';
}

/** Each parameter's type: as declared, or as the statement tells; undefined where neither does. */
export function parameterTypesOf(
  statement: duckdb.PreparedStatement,
  declared: readonly (SqlType | undefined)[],
): (SqlType | undefined)[] {
  return Array.from({ length: duckdb.nparams(statement) }, (_, index) => {
    if (declared[index] !== undefined) return declared[index];
    if (duckdb.param_type(statement, index + 1) === duckdb.Type.INVALID) return undefined;
    return sqlTypeOf(duckdb.param_logical_type(statement, index + 1));
  });
}

/** Whether a column's type hangs on a parameter of which nothing is known yet. */
export function hasUnknownColumn(statement: duckdb.PreparedStatement): boolean {
  // Only a parameter can be unknown, and telling types takes long for very many columns.
  if (duckdb.nparams(statement) === 0) return false;
  const count = duckdb.prepared_statement_column_count(statement);
  for (let index = 0; index < count; index++) {
    if (duckdb.prepared_statement_column_type(statement, index) === duckdb.Type.INVALID) return true;
  }
  return false;
}
