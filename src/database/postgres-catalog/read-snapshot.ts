/**
 * Reads a snapshot through a session's own connection, so that a session sees its uncommitted definitions and its
 * temporary tables. Internal things stay hidden: the engine's own tables and what DuckDB itself brings.
 */
import { type Value, quoteLiteral, sqlTypeText } from '../../core/index.ts';
import type { DatabaseConnection } from '../contract.ts';
import {
  TEMPORARY_SCHEMA,
  type CatalogSnapshot,
  type SnapshotColumn,
  type SnapshotConstraint,
  type SnapshotIndex,
  type SnapshotModel,
  type SnapshotRelation,
} from './catalog-snapshot.ts';

/** Relations of the engine's own schema that users see, as views. */
const visibleInternals = ['models', 'progress'].map(quoteLiteral).join(', ');

/** The schema under the name that clients see, and which rows are for them at all. */
const schemaColumn = `CASE WHEN database_name = 'temp' THEN ${quoteLiteral(TEMPORARY_SCHEMA)} ELSE schema_name END`;
const isOurs = `database_name IN (current_database(), 'temp')`;
function visible(nameColumn: string): string {
  return `${isOurs} AND NOT starts_with(${nameColumn}, '__augur_')
    AND (schema_name <> 'augur' OR ${nameColumn} IN (${visibleInternals}))`;
}

const columnsQuery = `SELECT ${schemaColumn}, table_name, column_name, data_type, is_nullable, column_default, comment, column_index
  FROM duckdb_columns() WHERE NOT internal AND ${visible('table_name')}`;
const tablesQuery = `SELECT ${schemaColumn}, table_name, comment, schema_name = 'augur'
  FROM duckdb_tables() WHERE NOT internal AND ${visible('table_name')}`;
const viewsQuery = `SELECT ${schemaColumn}, view_name, comment, true
  FROM duckdb_views() WHERE NOT internal AND ${visible('view_name')}`;
const constraintsQuery = `SELECT ${schemaColumn}, table_name, constraint_type, constraint_column_names,
    referenced_table, referenced_column_names, expression
  FROM duckdb_constraints() WHERE constraint_type <> 'NOT NULL' AND schema_name <> 'augur' AND ${visible('table_name')}`;
const indexesQuery = `SELECT ${schemaColumn}, table_name, index_name, is_unique, CAST(expressions AS VARCHAR[])
  FROM duckdb_indexes() WHERE schema_name <> 'augur' AND ${visible('table_name')}`;
const schemasQuery = `SELECT schema_name FROM duckdb_schemas()
  WHERE database_name = current_database() AND NOT internal AND schema_name NOT IN ('augur', 'public')`;
const sequencesQuery = `SELECT ${schemaColumn}, sequence_name
  FROM duckdb_sequences() WHERE schema_name <> 'augur' AND ${isOurs} AND NOT starts_with(sequence_name, '__augur_')`;

/** One row that changes whenever any of the queries would give other rows; a few milliseconds. */
const fingerprintQuery = `SELECT concat_ws(' ', ${[
  columnsQuery,
  tablesQuery,
  viewsQuery,
  constraintsQuery,
  indexesQuery,
  schemasQuery,
  sequencesQuery,
]
  .map((query) => `(SELECT concat(count(*), ':', sum(hash(seen))) FROM (${query}) AS seen)`)
  .join(', ')})`;

/**
 * The catalogue as the connection sees it now, with the models that the caller found in the same transaction.
 * `previous`: given back when nothing changed since, which saves reading and comparing.
 */
export async function readSnapshot(
  connection: DatabaseConnection,
  models: readonly SnapshotModel[],
  previous?: CatalogSnapshot,
): Promise<CatalogSnapshot> {
  const [row] = await connection.rows(fingerprintQuery);
  const fingerprint = `${text(row?.[0])} ${JSON.stringify(models)}`;
  if (previous?.fingerprint === fingerprint) return previous;
  const relations = await readRelations(connection);
  const sequences = (await connection.rows(sequencesQuery)).map(([schemaName, name]) => ({
    schemaName: text(schemaName),
    name: text(name),
  }));
  const named = (await connection.rows(schemasQuery)).map(([name]) => text(name));
  const all = [...relations, ...models.map(modelRelation)];
  return {
    fingerprint,
    schemas: [...new Set([...named, ...[...all, ...sequences].map((item) => item.schemaName)])].sort(),
    relations: all,
    constraints: (await connection.rows(constraintsQuery)).flatMap(constraintOf),
    indexes: (await connection.rows(indexesQuery)).map(indexOf),
    sequences,
  };
}

async function readRelations(connection: DatabaseConnection): Promise<readonly SnapshotRelation[]> {
  const columns = new Map<string, SnapshotColumn[]>();
  const rows = await connection.rows(`SELECT * FROM (${columnsQuery}) ORDER BY column_index`);
  for (const [schemaName, table, ...rest] of rows) {
    const key = JSON.stringify([schemaName, table]);
    const list = columns.get(key) ?? [];
    list.push(columnOf(rest));
    columns.set(key, list);
  }
  const found = [...(await connection.rows(tablesQuery)), ...(await connection.rows(viewsQuery))];
  return found.map(([schemaName, name, comment, isView]) => ({
    kind: isView === true ? 'view' : 'table',
    schemaName: text(schemaName),
    name: text(name),
    comment: optionalText(comment),
    columns: columns.get(JSON.stringify([schemaName, name])) ?? [],
    modelType: undefined,
  }));
}

function columnOf([name, typeText, isNullable, defaultText, comment]: readonly Value[]): SnapshotColumn {
  return {
    name: text(name),
    typeText: text(typeText),
    isNotNull: isNullable === false,
    defaultText: optionalText(defaultText),
    comment: optionalText(comment),
  };
}

function modelRelation(model: SnapshotModel): SnapshotRelation {
  return {
    kind: 'model',
    schemaName: model.schemaName,
    name: model.name,
    comment: model.comment === undefined ? model.modelType : `${model.modelType}: ${model.comment}`,
    columns: model.columns.map((column) => ({
      name: column.name,
      typeText: sqlTypeText(column.type),
      isNotNull: false,
      defaultText: undefined,
      comment: undefined,
    })),
    modelType: model.modelType,
  };
}

const constraintKinds: Readonly<Record<string, SnapshotConstraint['kind']>> = {
  'PRIMARY KEY': 'primary',
  UNIQUE: 'unique',
  'FOREIGN KEY': 'foreign',
  CHECK: 'check',
};

function constraintOf(row: readonly Value[]): readonly SnapshotConstraint[] {
  const [schemaName, tableName, type, columns, referencedTable, referencedColumns, expression] = row;
  const kind = constraintKinds[text(type)];
  if (kind === undefined) return [];
  return [
    {
      kind,
      schemaName: text(schemaName),
      tableName: text(tableName),
      columns: texts(columns),
      referencedTable: optionalText(referencedTable),
      referencedColumns: texts(referencedColumns),
      expression: optionalText(expression),
    },
  ];
}

function indexOf([schemaName, tableName, name, isUnique, expressions]: readonly Value[]): SnapshotIndex {
  return {
    schemaName: text(schemaName),
    tableName: text(tableName),
    name: text(name),
    isUnique: isUnique === true,
    expressions: texts(expressions),
  };
}

function text(value: Value | undefined): string {
  return String(value ?? '');
}

function optionalText(value: Value | undefined): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : String(value);
}

function texts(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((item: Value) => text(item)) : [];
}
