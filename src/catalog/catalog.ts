/** The model catalogue as a session sees it: inside the session's own transaction. */
import type { ModelEntry } from './model-entry.ts';

/** A view whose text contains ML calls: lowered again whenever a model it reads is replaced. */
export interface ModelView {
  readonly schemaName: string;
  readonly name: string;
  /** The client's CREATE VIEW statement. */
  readonly statementText: string;
  /** Models it reads, as [schema, name]. */
  readonly models: readonly (readonly [string, string])[];
}

/** What stands under a name in the namespace that models share with tables and views. */
export type RelationKind = 'table' | 'view' | 'model';

export interface Catalog {
  /** Finds by name without case; `schemaName` undefined searches the session's search path. */
  find(schemaName: string | undefined, name: string): Promise<ModelEntry | undefined>;
  /** All models, or those of a schema, by schema and name. */
  list(schemaName?: string): Promise<readonly ModelEntry[]>;
  /** The artifact's bytes, checksum verified. Fails with data-corrupted (XX001) when it does not match. */
  loadArtifact(entry: ModelEntry): Promise<Uint8Array>;
  /**
   * Adds a model, or replaces the one of its name. Fails with 42710/42P07 when `replace` is false and the
   * name is taken, or is a table's.
   */
  put(entry: ModelEntry, artifact: Uint8Array, replace: boolean): Promise<void>;
  /** Changes comment and labels. */
  annotate(
    entry: ModelEntry,
    change: { readonly comment?: string | null; readonly labels?: readonly (readonly [string, string])[] },
  ): Promise<void>;
  drop(entry: ModelEntry): Promise<void>;
  /** What a name stands for now, in the session's transaction. */
  relationKind(
    schemaName: string | undefined,
    name: string,
  ): Promise<{ readonly kind: RelationKind; readonly schemaName: string } | undefined>;
  /** Whether a schema of that name is in this database. */
  hasSchema(schemaName: string): Promise<boolean>;
  putView(view: ModelView): Promise<void>;
  dropView(schemaName: string, name: string): Promise<void>;
  listViews(): Promise<readonly ModelView[]>;
}
