/**
 * Appending rows: whole chunks go into a temporary table, and from there to the real one with a cast for each
 * column. That is as fast as appending directly wherever a cast is needed, gives absent columns their
 * defaults, and lets the offending field be named.
 */
import duckdb from '@duckdb/node-bindings';
import {
  BATCH_ROWS,
  type Batch,
  type Schema,
  SqlState,
  type SqlType,
  Types,
  type Value,
  type Vector,
  engineError,
  quoteIdentifier,
  sqlTypeText,
  vectorOf,
} from '../core/index.ts';
import { BatchQueue } from './batch-queue.ts';
import { withBatches, writeColumns } from './batch-source.ts';
import type { DatabaseConnection, RowAppender } from './contract.ts';
import { inputExpression, inputState, listText } from './text-input.ts';
import { carrierType } from './type-map.ts';

/** Rows kept in the temporary table at most: COPY of any length runs in bounded memory. */
const STAGED_ROWS_MAX = 32 * BATCH_ROWS;

/** What the appender needs of its connection. */
export interface AppenderHost {
  readonly connection: DatabaseConnection;
  isInTransaction(): boolean;
  /** Runs a piece of work on the DuckDB connection, alone. */
  perform<T>(work: (connection: duckdb.Connection) => Promise<T>): Promise<T>;
}

interface TargetColumn {
  readonly name: string;
  readonly type: SqlType;
  /** As DuckDB writes it: ENUM and HUGEINT have no type of ours. */
  readonly typeText: string;
}

/** Types of which DuckDB's takes any value of ours. */
const plainTypes: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  float8: 'DOUBLE',
  text: 'VARCHAR',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
};

let lastNumber = 0;

/** Opens an appender. Outside of a transaction block it is one of its own, committed by finish(). */
export async function openAppender(
  host: AppenderHost,
  table: readonly string[],
  columns: readonly string[] | undefined,
): Promise<RowAppender> {
  const target = table.map(quoteIdentifier).join('.');
  const list = columns === undefined ? '*' : columns.map(quoteIdentifier).join(', ');
  const query = `select ${list} from ${target}`;
  const schema = (await host.connection.describe(query)).schema ?? [];
  const described = await host.connection.rows(`describe ${query}`);
  const ownsTransaction = !host.isInTransaction();
  if (ownsTransaction) await host.connection.run('begin');
  const targetColumns = schema.map((column, index) => ({
    ...column,
    typeText: String(described[index]![1]),
  }));
  return new StagedAppender(host, target, targetColumns, ownsTransaction);
}

class StagedAppender implements RowAppender {
  readonly schema: Schema;
  readonly isPlain: readonly boolean[];
  readonly #host: AppenderHost;
  readonly #target: string;
  readonly #columns: readonly TargetColumn[];
  readonly #ownsTransaction: boolean;
  readonly #staging: string = `__augur_append_${++lastNumber}`;
  /** Types of the temporary table, while there is one. */
  #stagedTypes: readonly SqlType[] | undefined;
  #isText = false;
  /** Text rows that do not fill a chunk yet: clients send COPY data in pieces of any size. */
  #pendingText: (readonly (string | null)[])[] = [];
  #stagedRows = 0;
  readonly #queue: BatchQueue = new BatchQueue((batches) => this.#insertBatches(batches));
  #insertedRows = 0;
  #isOpen = true;

  constructor(
    host: AppenderHost,
    target: string,
    columns: readonly TargetColumn[],
    ownsTransaction: boolean,
  ) {
    this.#host = host;
    this.#target = target;
    this.#columns = columns;
    this.#ownsTransaction = ownsTransaction;
    this.schema = columns.map(({ name, type }) => ({ name, type }));
    this.isPlain = columns.map(({ type, typeText }) => plainTypes[type.kind] === typeText);
  }

  append(batch: Batch): Promise<void> {
    return this.#guard(async () => {
      this.#checkWidth(batch.columns.length);
      await this.#stageText();
      await this.#stage(batch.columns, batch.rowCount, false);
    });
  }

  appendParsed(batch: Batch): Promise<void> {
    return this.#guard(async () => {
      this.#checkWidth(batch.columns.length);
      await this.#stageText();
      if (batch.columns.every((column, index) => this.#isReady(column, index))) {
        await this.#flush();
        await this.#queue.push(batch);
        return;
      }
      const columns = batch.columns.map((column, index) => parsedColumn(column, this.#columns[index]!));
      await this.#stage(columns, batch.rowCount, true);
    });
  }

  appendText(rows: readonly (readonly (string | null)[])[]): Promise<void> {
    return this.#guard(async () => {
      for (const row of rows) {
        this.#checkWidth(row.length);
        this.#pendingText.push(row);
        if (this.#pendingText.length === BATCH_ROWS) await this.#stageText();
      }
    });
  }

  finish(): Promise<number> {
    return this.#guard(async () => {
      await this.#stageText();
      await this.#flush();
      await this.#queue.drain();
      if (this.#ownsTransaction) await this.#host.connection.run('commit');
      this.#isOpen = false;
      return this.#insertedRows;
    });
  }

  async abort(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#queue.abandon();
    if (this.#ownsTransaction) await this.#host.connection.run('rollback');
    else if (this.#stagedTypes !== undefined)
      await this.#host.connection.run(`drop table if exists temp.${this.#staging}`);
  }

  /** Whatever fails ends the appender and leaves nothing behind, as far as the transaction is its own. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isOpen) throw engineError(SqlState.objectNotInPrerequisiteState, 'the appender is closed');
    try {
      return await work();
    } catch (thrown) {
      const isOwner = this.#ownsTransaction && this.#host.isInTransaction();
      this.#isOpen = false;
      await this.#queue.abandon();
      if (isOwner) await this.#host.connection.run('rollback');
      throw thrown;
    }
  }

  #checkWidth(width: number): void {
    if (width === this.#columns.length) return;
    const row = this.#insertedRows + this.#stagedRows + this.#pendingText.length + 1;
    const what = width < this.#columns.length ? 'missing data' : 'extra data';
    throw engineError(
      SqlState.badCopyFileFormat,
      `${what}: row ${row} has ${width} fields, expected ${this.#columns.length}`,
    );
  }

  async #stageText(): Promise<void> {
    const rows = this.#pendingText;
    this.#pendingText = [];
    const columns = this.#columns.map((column, index) =>
      vectorOf(Types.text, textColumn(rows, column, index)),
    );
    await this.#stage(columns, rows.length, true);
  }

  async #stage(columns: readonly Vector[], rowCount: number, isText: boolean): Promise<void> {
    if (rowCount === 0) return;
    await this.#queue.drain();
    const types = columns.map((column) => column.type);
    const isSame =
      this.#stagedTypes === undefined || (isText === this.#isText && sameTypes(types, this.#stagedTypes));
    if (!isSame) await this.#flush();
    if (this.#stagedTypes === undefined) await this.#createStaging(types, isText);
    await this.#host.perform(async (connection) => {
      const appender = duckdb.appender_create_ext(connection, 'temp', 'main', this.#staging);
      const chunk = duckdb.create_data_chunk(types.map(carrierType));
      writeColumns(chunk, columns, rowCount);
      duckdb.data_chunk_set_size(chunk, rowCount);
      duckdb.append_data_chunk(appender, chunk);
      duckdb.appender_close_sync(appender);
    });
    this.#stagedRows += rowCount;
    if (this.#stagedRows >= STAGED_ROWS_MAX) await this.#flush();
  }

  async #createStaging(types: readonly SqlType[], isText: boolean): Promise<void> {
    const columns = types.map((type, index) => `c${index} ${carrierText(type)}`);
    await this.#host.connection.run(`create or replace temp table ${this.#staging} (${columns.join(', ')})`);
    this.#stagedTypes = types;
    this.#isText = isText;
  }

  async #flush(): Promise<void> {
    if (this.#stagedTypes === undefined) return;
    if (this.#isText) await this.#checkText();
    const values = this.#columns.map((column, index) => this.#expression(column, index)).join(', ');
    const source = `select ${values} from temp.${this.#staging}`;
    await this.#insert(source);
    await this.#host.connection.run(`drop table temp.${this.#staging}`);
    this.#insertedRows += this.#stagedRows;
    this.#stagedRows = 0;
    this.#stagedTypes = undefined;
  }

  async #insert(source: string): Promise<void> {
    const names = this.#columns.map((column) => quoteIdentifier(column.name)).join(', ');
    await this.#host.connection.run(`insert into ${this.#target} (${names}) ${source}`);
  }

  async #insertBatches(batches: readonly Batch[]): Promise<void> {
    const types = this.schema.map((column) => column.type);
    await withBatches(types, batches, (call) => this.#insert(`select * from ${call}`));
    for (const batch of batches) this.#insertedRows += batch.rowCount;
  }

  /** Whether a column that was parsed can go into the table as it is. */
  #isReady(column: Vector, index: number): boolean {
    return this.isPlain[index] === true && column.type.kind === this.#columns[index]!.type.kind;
  }

  #expression(column: TargetColumn, index: number): string {
    if (this.#isText && this.#stagedTypes?.[index]?.kind === 'text')
      return inputExpression(`c${index}`, column.type, column.typeText);
    return `cast(c${index} as ${column.typeText})`;
  }

  /** Whether the staged values of a column are what goes into the table. */
  #isReadAlready(index: number): boolean {
    return (
      this.#stagedTypes?.[index]?.kind !== 'text' ||
      this.#expression(this.#columns[index]!, index) === `c${index}`
    );
  }

  /** Fails with the first field that its column's type cannot take. */
  async #checkText(): Promise<void> {
    const bad = this.#columns.map((column, index) =>
      this.#isReadAlready(index)
        ? 'null'
        : `min(rowid) filter (where c${index} is not null and ${this.#expression(column, index)} is null)`,
    );
    if (bad.every((expression) => expression === 'null')) return;
    // Rows of an open transaction are numbered from a high number on.
    const query = `select min(rowid), ${bad.join(', ')} from temp.${this.#staging}`;
    const [[base = null, ...found] = []] = await this.#host.connection.rows(query);
    let first: { readonly row: bigint; readonly index: number } | undefined;
    found.forEach((row, index) => {
      if (typeof row === 'bigint' && (first === undefined || row < first.row)) first = { row, index };
    });
    if (first === undefined) return;
    const [[value = null] = []] = await this.#host.connection.rows(
      `select c${first.index} from temp.${this.#staging} where rowid = ${first.row}`,
    );
    throw inputError(
      this.#columns[first.index]!,
      String(value),
      this.#insertedRows + Number(first.row - (base as bigint)) + 1,
    );
  }
}

function inputError(column: TargetColumn, text: string, row: number): Error {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  const typeText = column.typeText.toLowerCase();
  const state = inputState(column.type, text);
  const message =
    state === SqlState.numericValueOutOfRange
      ? `value "${shown}" is out of range for type ${typeText}`
      : `invalid input syntax for type ${typeText}: "${shown}"`;
  return engineError(state, message, { detail: `Row ${row}, column "${column.name}": "${shown}".` });
}

function textColumn(
  rows: readonly (readonly (string | null)[])[],
  column: TargetColumn,
  index: number,
): Value[] {
  const isList = column.type.kind === 'list';
  return rows.map((row) => {
    const text = row[index] ?? null;
    return isList && text !== null ? listText(text) : text;
  });
}

/** Array literals are rewritten as DuckDB reads lists. */
function parsedColumn(column: Vector, target: TargetColumn): Vector {
  if (target.type.kind !== 'list') return column;
  const texts = column.values as readonly (string | null)[];
  return vectorOf(
    Types.text,
    texts.map((text) => (text === null ? null : listText(text))),
  );
}

/** Text of the carrier type: numeric, uuid and json travel as text. */
function carrierText(type: SqlType): string {
  if (type.kind === 'list') return `${carrierText(type.element)}[]`;
  if (type.kind === 'struct') {
    const fields = type.fields.map((field) => `${quoteIdentifier(field.name)} ${carrierText(field.type)}`);
    return `STRUCT(${fields.join(', ')})`;
  }
  return type.kind === 'numeric' || type.kind === 'uuid' || type.kind === 'json'
    ? 'VARCHAR'
    : sqlTypeText(type);
}

function sameTypes(left: readonly SqlType[], right: readonly SqlType[]): boolean {
  return left.every((type, index) => carrierText(type) === carrierText(right[index]!));
}
