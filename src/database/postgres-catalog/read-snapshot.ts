/**
 * Reads a snapshot through a session's own connection, so that a session sees its uncommitted definitions and
 * its temporary tables. Internal things stay hidden: the engine's own tables and what DuckDB itself brings.
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
const schemaColumn = `if(database_name = 'temp', ${quoteLiteral(TEMPORARY_SCHEMA)}, schema_name)`;
const isOurs = `database_name IN (current_database(), 'temp')`;
function visible(nameColumn: string): string {
  return `${isOurs} AND NOT starts_with(${nameColumn}, '__augur_')
    AND (schema_name <> 'augur' OR ${nameColumn} IN (${visibleInternals}))`;
}

const columnsQuery = `SELECT ${schemaColumn}, table_name, column_name, data_type, is_nullable, column_default,
    comment, column_index
  FROM duckdb_columns() WHERE NOT internal AND ${visible('table_name')}`;
const tablesQuery = `SELECT ${schemaColumn}, table_name, comment, schema_name = 'augur'
  FROM duckdb_tables() WHERE NOT internal AND ${visible('table_name')}`;
const viewsQuery = `SELECT ${schemaColumn}, view_name, comment, true
  FROM duckdb_views() WHERE NOT internal AND ${visible('view_name')}`;
const constraintsQuery = `SELECT ${schemaColumn}, table_name, constraint_type, constraint_column_names,
    referenced_table, referenced_column_names, expression
  FROM duckdb_constraints() 
  WHERE constraint_type <> 'NOT NULL' AND schema_name <> 'augur' AND ${visible('table_name')}`;
const indexesQuery = `SELECT ${schemaColumn}, table_name, index_name, is_unique,
    CAST(expressions AS VARCHAR[])
  FROM duckdb_indexes() WHERE schema_name <> 'augur' AND ${visible('table_name')}`;
const schemasQuery = `SELECT schema_name FROM duckdb_schemas()
  WHERE database_name = current_database() AND NOT internal AND schema_name NOT IN ('augur', 'public')`;
const sequencesQuery = `SELECT ${schemaColumn}, sequence_name
  FROM duckdb_sequences()
  WHERE schema_name <> 'augur' AND ${isOurs} AND NOT starts_with(sequence_name, '__augur_')`;

/**
 * Sums that change whenever the queries above would give other rows; a few milliseconds. A table's text holds
 * its columns, defaults and constraints; comments and the columns of views are not in it.
 */
const fingerprintQuery = [
  `SELECT sum(hash(database_name, schema_name, table_name, comment, sql)) FROM duckdb_tables()
    WHERE NOT internal AND ${visible('table_name')}`,
  `SELECT sum(hash(database_name, schema_name, view_name, comment)) FROM duckdb_views()
    WHERE NOT internal AND ${visible('view_name')}`,
  `SELECT sum(hash(database_name, schema_name, table_name, column_name, data_type, comment))
    FROM duckdb_columns() WHERE NOT internal AND ${visible('table_name')}`,
  `SELECT sum(hash(database_name, schema_name, sql)) FROM duckdb_indexes() WHERE ${visible('table_name')}`,
  `SELECT sum(hash(schema_name)) FROM duckdb_schemas()
    WHERE NOT internal AND database_name = current_database()`,
  `SELECT sum(hash(database_name, schema_name, sequence_name)) FROM duckdb_sequences() WHERE ${isOurs}`,
].join(' UNION ALL ');

/**
 * The catalogue as the connection sees it now, with the models that the caller found in the same transaction.
 * `previous`: given back when nothing changed since, which saves reading and comparing.
 */
export async function readSnapshot(
  connection: DatabaseConnection,
  models: readonly SnapshotModel[],
  previous?: CatalogSnapshot,
): Promise<CatalogSnapshot> {
  const sums = (await connection.rows(fingerprintQuery)).map(([sum]) => text(sum));
  const fingerprint = `${sums.join(' ')} ${JSON.stringify(models)}`;
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
