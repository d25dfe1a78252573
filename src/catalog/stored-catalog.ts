/**
 * The catalogue over its tables (catalog-tables.ts), through the session's own connection: what a transaction
 * changes here is seen by itself at once, by others after COMMIT, by nobody after ROLLBACK.
 */
import { createHash } from 'node:crypto';
import {
  type Parameter,
  type SqlType,
  SqlState,
  Types,
  assert,
  duplicateObject,
  engineError,
  undefinedModel,
} from '../core/index.ts';
import type { DatabaseConnection } from '../database/index.ts';
import type { Catalog, ModelView, RelationKind } from './catalog.ts';
import type { ModelEntry } from './model-entry.ts';
import { entryColumns, entryFields, nameKey, readEntry } from './model-row.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

/** The catalogue as the session of a connection sees it. */
export function openCatalog(connection: DatabaseConnection): Catalog {
  return new StoredCatalog(connection);
}

/** SHA-256 of an artifact, as entries carry it. */
export function artifactChecksum(artifact: Uint8Array): string {
  return createHash('sha256').update(artifact).digest('hex');
}

class StoredCatalog implements Catalog {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async find(schemaName: string | undefined, name: string): Promise<ModelEntry | undefined> {
    for (const schema of await this.#schemas(schemaName)) {
      const key = nameKey('model', schema, name);
      const [row] = await this.#rows(`select ${entryFields} from augur.model_entry where name_key = $1`, key);
      if (row !== undefined) return readEntry(row);
    }
    return undefined;
  }

  async list(schemaName?: string): Promise<readonly ModelEntry[]> {
    const filter = schemaName === undefined ? '' : 'where lower(schema_name) = lower($1)';
    const order = 'order by lower(schema_name), lower(model_name)';
    const sql = `select ${entryFields} from augur.model_entry ${filter} ${order}`;
    const rows = await this.#rows(sql, ...(schemaName === undefined ? [] : [schemaName]));
    return rows.map(readEntry);
  }

  async loadArtifact(entry: ModelEntry): Promise<Uint8Array> {
    const [row] = await this.#rows(
      'select bytes from augur.model_artifact where version_id = $1',
      entry.versionId,
    );
    const artifact = row?.[0];
    if (artifact instanceof Uint8Array && artifactChecksum(artifact) === entry.artifactChecksum)
      return artifact;
    throw engineError(SqlState.dataCorrupted, `the artifact of model "${entry.name}" is corrupted`, {
      detail:
        artifact instanceof Uint8Array ? 'Its bytes do not match their checksum.' : 'Its bytes are missing.',
      hint: 'Train the model again, or restore the database file from a backup.',
    });
  }

  async put(entry: ModelEntry, artifact: Uint8Array, replace: boolean): Promise<void> {
    assert(
      artifactChecksum(artifact) === entry.artifactChecksum,
      `checksum of the artifact of "${entry.name}"`,
    );
    if (!(await this.hasSchema(entry.schemaName)))
      throw engineError(SqlState.invalidSchemaName, `schema "${entry.schemaName}" does not exist`);
    const taken = await this.relationKind(entry.schemaName, entry.name);
    if (taken !== undefined && (taken.kind !== 'model' || !replace))
      throw duplicateObject(taken.kind, entry.name);
    if (taken !== undefined) {
      const previous = await this.find(entry.schemaName, entry.name);
      if (previous !== undefined) await this.#remove(previous);
    }
    await this.#insertEntry(entry);
    await this.#connection.run(
      'insert into augur.model_artifact (version_id, bytes) values ($1, $2)',
      [entry.versionId, artifact],
      [Types.text, Types.bytea],
    );
  }

  async annotate(
    entry: ModelEntry,
    change: { readonly comment?: string | null; readonly labels?: readonly (readonly [string, string])[] },
  ): Promise<void> {
    const current = await this.find(entry.schemaName, entry.name);
    if (current?.versionId !== entry.versionId) throw undefinedModel(entry.name);
    // The row is made anew: DuckDB would let an UPDATE of a row that another transaction deletes go lost in
    // silence.
    await this.#deleteEntry(current);
    await this.#insertEntry({
      ...current,
      comment: change.comment === undefined ? current.comment : (change.comment ?? undefined),
      labels: change.labels ?? current.labels,
    });
  }

  async drop(entry: ModelEntry): Promise<void> {
    if ((await this.#remove(entry)) === 0) throw undefinedModel(entry.name);
  }

  async relationKind(
    schemaName: string | undefined,
    name: string,
  ): Promise<{ readonly kind: RelationKind; readonly schemaName: string } | undefined> {
    const found = await this.#rows(
      `select kind, schema_name from (
         select 'model' as kind, schema_name, model_name as name from augur.model_entry
         union all select 'table', if(temporary, 'temp', schema_name), table_name from duckdb_tables()
           where database_name = current_database() or temporary
         union all select 'view', if(temporary, 'temp', schema_name), view_name from duckdb_views()
           where not internal and (database_name = current_database() or temporary))
       where lower(name) = lower($1)`,
      name,
    );
    const schemas = schemaName === undefined ? ['temp', ...(await this.#schemas(undefined))] : [schemaName];
    for (const schema of schemas) {
      const row = found.find((candidate) => String(candidate[1]).toLowerCase() === schema.toLowerCase());
      if (row !== undefined) return { kind: row[0] as RelationKind, schemaName: String(row[1]) };
    }
    return undefined;
  }

  async hasSchema(schemaName: string): Promise<boolean> {
    const rows = await this.#rows(
      `select 1 from duckdb_schemas()
       where database_name = current_database() and lower(schema_name) = lower($1)`,
      schemaName,
    );
    return rows.length > 0;
  }

  async putView(view: ModelView): Promise<void> {
    await this.dropView(view.schemaName, view.name);
    const key = nameKey('view', view.schemaName, view.name);
    await this.#change('insert into augur.model_view values ($1, $2, $3, $4, $5)', [
      key,
      view.schemaName,
      view.name,
      view.statementText,
      encodeValue(view.models),
    ]);
  }

  async dropView(schemaName: string, name: string): Promise<void> {
    await this.#change('delete from augur.model_view where name_key = $1', [
      nameKey('view', schemaName, name),
    ]);
  }

  async listViews(): Promise<readonly ModelView[]> {
    const rows = await this.#rows(
      'select schema_name, view_name, statement_text, models from augur.model_view order by name_key',
    );
    return rows.map(([schemaName, name, statementText, models]) => ({
      schemaName: String(schemaName),
      name: String(name),
      statementText: String(statementText),
      models: decodeValue(String(models)) as ModelView['models'],
    }));
  }

  async #remove(entry: ModelEntry): Promise<number> {
    const removed = await this.#deleteEntry(entry);
    await this.#change('delete from augur.model_artifact where version_id = $1', [entry.versionId]);
    return removed;
  }

  #deleteEntry(entry: ModelEntry): Promise<number> {
    const key = nameKey('model', entry.schemaName, entry.name);
    return this.#change('delete from augur.model_entry where name_key = $1 and version_id = $2', [
      key,
      entry.versionId,
    ]);
  }

  async #insertEntry(entry: ModelEntry): Promise<void> {
    const names = entryColumns.map((column) => column.name).join(', ');
    const places = entryColumns.map((_, index) => `$${index + 1}`).join(', ');
    await this.#connection.run(
      `insert into augur.model_entry (${names}) values (${places})`,
      entryColumns.map((column) => column.value(entry)),
      entryColumns.map((column) => column.type),
    );
  }

  /** Schemas to look in: the one named, or those of the search path in order. */
  async #schemas(schemaName: string | undefined): Promise<readonly string[]> {
    if (schemaName !== undefined) return [schemaName];
    const [row] = await this.#rows("select current_setting('search_path')");
    const path = String(row?.[0] ?? '').split(',');
    return path
      .map((part) =>
        part
          .trim()
          .replace(/^.*\./, '')
          .replace(/^"(.*)"$/, '$1'),
      )
      .filter((part) => part !== '');
  }

  #rows(sql: string, ...values: readonly string[]): ReturnType<DatabaseConnection['rows']> {
    return this.#connection.rows(sql, values, textTypes(values));
  }

  async #change(sql: string, values: readonly Parameter[]): Promise<number> {
    const result = await this.#connection.run(sql, values, textTypes(values));
    return result.kind === 'changed' ? result.rowCount : 0;
  }
}

function textTypes(values: readonly Parameter[]): readonly SqlType[] {
  return values.map(() => Types.text);
}
