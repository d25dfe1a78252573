/** Statements that read PostgreSQL's catalogue alone: answered by the mirror, as the session's transaction sees things. */
import type { QueryResult, Schema, SqlType } from '../core/index.ts';
import {
  readSnapshot,
  type CatalogSession,
  type CatalogSnapshot,
  type SnapshotModel,
} from '../database/index.ts';
import type { PlainStatement } from '../parser/index.ts';
import type { SessionParts, StatementScope } from './session-parts.ts';

export class CatalogAnswers {
  readonly #parts: SessionParts;
  #snapshot: CatalogSnapshot | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Whether the mirror answers the statement. */
  answers(statement: PlainStatement): boolean {
    if (statement.class.kind !== 'read' || statement.fragment.islands.length > 0) return false;
    return this.#parts.parts.postgresCatalog.route(statement.fragment.text) === 'catalog';
  }

  async run(statement: PlainStatement, scope: StatementScope): Promise<QueryResult> {
    const { postgresCatalog } = this.#parts.parts;
    return postgresCatalog.run(
      statement.fragment.text,
      scope.parameters,
      scope.parameterTypes,
      await this.#session(),
    );
  }

  async describe(
    statement: PlainStatement,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<{
    readonly schema: Schema | undefined;
    readonly parameterTypes: readonly (SqlType | undefined)[];
  }> {
    const { postgresCatalog } = this.#parts.parts;
    return postgresCatalog.describe(statement.fragment.text, parameterTypes, await this.#session());
  }

  async #models(): Promise<readonly SnapshotModel[]> {
    const entries = await this.#parts.catalog.list();
    return entries.map((entry) => ({
      schemaName: entry.schemaName,
      name: entry.name,
      modelType: entry.modelType,
      comment: entry.comment,
      columns: entry.label === undefined ? entry.features : [...entry.features, entry.label],
    }));
  }

  async #session(): Promise<CatalogSession> {
    const { connection, request, databaseName, session, settings } = this.#parts;
    this.#snapshot = await readSnapshot(connection, await this.#models(), this.#snapshot);
    return {
      user: request.user,
      databaseName,
      processId: session.id,
      settings: settings.entries(),
      searchPath: settings.searchPath(),
      snapshot: this.#snapshot,
    };
  }
}
