/**
 * Statements that a connection keeps prepared between runs, the least recently used going first. One is out of the store
 * while it runs, so that it is never run twice at once and never put back after an error.
 */
import duckdb from '@duckdb/node-bindings';
import { sqlTypeText, type SqlType } from '../core/index.ts';
import type { FewRows } from './few-rows.ts';
import type { StatementShape } from './statement-shape.ts';

const STATEMENT_COUNT_MAX = 64;

/** A prepared statement; `shape` is of the columns it had when it was prepared. */
export interface KeptStatement {
  readonly sql: string;
  readonly types: readonly SqlType[];
  readonly statement: duckdb.PreparedStatement;
  readonly shape: StatementShape;
  /** Undefined for a statement that is always run as it is. */
  readonly few: FewRows | undefined;
}

export function destroyKept({ statement, few }: KeptStatement): void {
  duckdb.destroy_prepare_sync(statement);
  few?.destroy();
}

export class KeptStatements {
  readonly #statements = new Map<string, KeptStatement>();

  /** Takes the statement of a text out, if it was prepared for parameters of these types. */
  take(sql: string, types: readonly SqlType[]): KeptStatement | undefined {
    const kept = this.#statements.get(sql);
    if (kept === undefined) return undefined;
    this.#statements.delete(sql);
    const isSame =
      kept.types.length === types.length &&
      kept.types.every(
        (type, index) => type === types[index] || sqlTypeText(type) === sqlTypeText(types[index]!),
      );
    if (isSame) return kept;
    destroyKept(kept);
    return undefined;
  }

  put(kept: KeptStatement): void {
    const before = this.#statements.get(kept.sql);
    if (before !== undefined) destroyKept(before);
    this.#statements.delete(kept.sql);
    this.#statements.set(kept.sql, kept);
    if (this.#statements.size <= STATEMENT_COUNT_MAX) return;
    const oldest = this.#statements.values().next().value!;
    this.#statements.delete(oldest.sql);
    destroyKept(oldest);
  }

  clear(): void {
    for (const kept of this.#statements.values()) destroyKept(kept);
    this.#statements.clear();
  }
}
