/**
 * The tables that hold models, in the schema augur of the database file.
 *
 *   catalog_format   the layout's version, one row
 *   model_entry      one row a model: what users may see as columns, the entry whole as text (value-codec.ts)
 *   model_artifact   one row a model: its bytes
 *   model_view       views whose text calls ML functions
 *
 * The primary keys start with `augur-`: when two sessions create the same name, the second fails at its
 * COMMIT with a duplicate key, and the database room reports those that start so as a serialization failure
 * (40001).
 */
import type { DatabaseConnection } from '../database/index.ts';
import { SqlState, engineError } from '../core/index.ts';

/** Version of the layout below, and of the entries' text. */
const CATALOG_FORMAT = 1;

const statements: readonly string[] = [
  'create table if not exists augur.catalog_format (version integer not null)',
  `create table if not exists augur.model_entry (
     name_key varchar primary key, schema_name varchar not null, model_name varchar not null,
     version_id varchar not null, version_number integer not null,
     model_type varchar not null, task varchar not null,
     created_at timestamptz not null, owner varchar not null, comment varchar, labels varchar not null,
     label_column varchar, feature_columns varchar[] not null, training_rows bigint not null,
     evaluation_rows bigint not null, options json not null, statement_text varchar not null,
     artifact_bytes bigint not null, checksum varchar not null, entry varchar not null)`,
  'create table if not exists augur.model_artifact (version_id varchar not null, bytes blob not null)',
  `create table if not exists augur.model_view (
     name_key varchar primary key, schema_name varchar not null, view_name varchar not null,
     statement_text varchar not null, models varchar not null)`,
  `create or replace view augur.models as
     select schema_name, model_name, model_type, task, version_number as version, version_id, created_at,
            owner, label_column as label, feature_columns as features, training_rows, evaluation_rows,
            options, labels::json as labels,
            comment, artifact_bytes, checksum, statement_text as statement
     from augur.model_entry`,
];

/**
 * Makes the tables and the users' view augur.models, where they are missing. Once, when the engine starts.
 */
export async function prepareCatalogTables(connection: DatabaseConnection): Promise<void> {
  for (const statement of statements) await connection.run(statement);
  const [row] = await connection.rows('select max(version) from augur.catalog_format');
  const version = row?.[0] ?? null;
  if (version === null) {
    await connection.run(`insert into augur.catalog_format values (${CATALOG_FORMAT})`);
  } else if (Number(version) > CATALOG_FORMAT) {
    throw engineError(
      SqlState.objectNotInPrerequisiteState,
      `the database was written by a newer version of the engine`,
      {
        detail: `Its catalogue has format ${String(version)}; this version reads up to ${CATALOG_FORMAT}.`,
      },
    );
  }
}
