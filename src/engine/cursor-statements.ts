/**
 * SQL cursors: DECLARE, FETCH, MOVE, CLOSE. A cursor is an open stream of the session's own connection, so rows are read
 * as they are fetched (psql's FETCH_COUNT, millions of rows in little memory). When another statement needs the
 * connection meanwhile, the rest of the open cursor is read into memory first.
 */
import { engineError, SqlState, type Batch, type QueryResult, type Schema } from '../core/index.ts';
import type { StatementClass } from '../parser/index.ts';
import { innerQueryClass } from './inner-query.ts';
import { RowBuffer } from './row-buffer.ts';
import type { SessionParts } from './session-parts.ts';

type CursorClass = StatementClass & { kind: 'declare-cursor' | 'fetch' | 'close-cursor' };

/** Rows of FETCH ALL in one go. */
const ALL_ROWS = Number.MAX_SAFE_INTEGER;

export class CursorStatements {
  readonly #parts: SessionParts;
  readonly #runText: (text: string, offset: number) => Promise<QueryResult>;
  readonly #cursors = new Map<string, RowBuffer>();

  constructor(parts: SessionParts, runText: (text: string, offset: number) => Promise<QueryResult>) {
    this.#parts = parts;
    this.#runText = runText;
  }

  async run(kind: CursorClass, text: string): Promise<QueryResult> {
    switch (kind.kind) {
      case 'declare-cursor':
        return this.#declare(kind, text);
      case 'fetch':
        return this.#fetch(kind);
      case 'close-cursor':
        await this.#close(kind.name);
        return { kind: 'command', tag: kind.name === undefined ? 'CLOSE CURSOR ALL' : 'CLOSE CURSOR' };
    }
  }

  /** Columns of an open cursor. */
  schema(name: string): Schema {
    return this.#find(name).schema;
  }

  /** Frees the connection for another statement. */
  async readAhead(): Promise<void> {
    for (const cursor of this.#cursors.values()) await cursor.readAhead();
  }

  async closeAll(): Promise<void> {
    for (const cursor of this.#cursors.values()) await cursor.close().catch(() => undefined);
    this.#cursors.clear();
  }

  async #declare(kind: StatementClass & { kind: 'declare-cursor' }, text: string): Promise<QueryResult> {
    const { transaction } = this.#parts;
    if (kind.isHold) throw engineError(SqlState.featureNotSupported, 'a cursor WITH HOLD is not supported');
    if (!transaction.isOpen) {
      throw engineError(
        SqlState.noActiveSqlTransaction,
        'DECLARE CURSOR can only be used in transaction blocks',
      );
    }
    if (this.#cursors.has(kind.name))
      throw engineError(SqlState.duplicateCursor, `cursor "${kind.name}" already exists`);
    innerQueryClass(text, kind.query, 'a cursor', this.#parts.parse);
    await this.readAhead();
    const result = await this.#runText(text.slice(kind.query.start, kind.query.end), kind.query.start);
    if (result.kind !== 'rows')
      throw engineError(SqlState.syntaxError, 'a cursor needs a query that returns rows', {
        position: kind.query.start,
      });
    this.#cursors.set(kind.name, new RowBuffer(result));
    return { kind: 'command', tag: 'DECLARE CURSOR' };
  }

  async #fetch(kind: StatementClass & { kind: 'fetch' }): Promise<QueryResult> {
    const cursor = this.#find(kind.name);
    const count = kind.count === 'all' ? ALL_ROWS : kind.count;
    if (kind.isMove) {
      const skipped = await cursor.take(count);
      return { kind: 'command', tag: `MOVE ${skipped.reduce((sum, batch) => sum + batch.rowCount, 0)}` };
    }
    async function* batches(): AsyncGenerator<Batch> {
      if (kind.count !== 'all') {
        yield* await cursor.take(count);
        return;
      }
      for (let part = await cursor.take(1); part.length > 0; part = await cursor.take(2048)) yield* part;
    }
    return {
      kind: 'rows',
      schema: cursor.schema,
      batches: batches(),
      tag: (rowCount) => `FETCH ${rowCount}`,
    };
  }

  async #close(name: string | undefined): Promise<void> {
    if (name === undefined) {
      await this.closeAll();
      return;
    }
    await this.#find(name).close();
    this.#cursors.delete(name);
  }

  #find(name: string): RowBuffer {
    const cursor = this.#cursors.get(name);
    if (cursor === undefined)
      throw engineError(SqlState.invalidCursorName, `cursor "${name}" does not exist`);
    return cursor;
  }
}
