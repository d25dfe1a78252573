/** A snapshot as PostgreSQL definitions: one object for each thing that is created and dropped as a whole. */
import { quoteIdentifier, quoteLiteral } from '../../core/index.ts';
import { columnType } from './column-type.ts';
import {
  TEMPORARY_SCHEMA,
  type CatalogSnapshot,
  type SnapshotColumn,
  type SnapshotConstraint,
  type SnapshotRelation,
} from './catalog-snapshot.ts';
import { NameRegister, clippedName } from './name-register.ts';

/** Columns of a relation that PostgreSQL can hold. */
const COLUMN_COUNT_MAX = 1_600;

/** One step: the first alternative that PostgreSQL accepts. */
export type MirrorStep = readonly string[];

export interface MirrorObject {
  readonly key: string;
  readonly create: readonly MirrorStep[];
  readonly drop: string;
  /** Keys of objects without which this cannot stand: it is made anew when one of them is. */
  readonly needs: readonly string[];
}

/** Where names of one schema's relations, indexes and constraints are handed out. */
class SchemaNames {
  readonly #relations = new Map<string, string>();
  readonly #registers = new Map<string, NameRegister>();

  /** A relation's, index's or sequence's name in the mirror; the same for the same relation. */
  relation(schemaName: string, name: string): string {
    const key = JSON.stringify([schemaName, name]);
    const known = this.#relations.get(key) ?? this.fresh(schemaName, name);
    this.#relations.set(key, known);
    return known;
  }

  /** A free name for something new in the schema. */
  fresh(schemaName: string, wanted: string): string {
    const register = this.#registers.get(schemaName) ?? new NameRegister();
    this.#registers.set(schemaName, register);
    return register.take(wanted);
  }

  /** Schema and relation, quoted. */
  qualified(schemaName: string, name: string): string {
    return `${quotedSchema(schemaName)}.${quoteIdentifier(this.relation(schemaName, name))}`;
  }
}

function quotedSchema(schemaName: string): string {
  return quoteIdentifier(clippedName(schemaName));
}

function relationKey(schemaName: string, name: string): string {
  return `relation ${JSON.stringify([schemaName, name])}`;
}

/** All objects, each after those it needs. */
export function mirrorObjects(snapshot: CatalogSnapshot): readonly MirrorObject[] {
  const names = new SchemaNames();
  for (const relation of snapshot.relations) names.relation(relation.schemaName, relation.name);
  const keys = snapshot.constraints.filter((constraint) => constraint.kind !== 'foreign');
  const foreignKeys = snapshot.constraints.filter((constraint) => constraint.kind === 'foreign');
  return [
    ...snapshot.schemas.flatMap(schemaObject),
    ...snapshot.sequences.map(({ schemaName, name }) => {
      const sequence = names.qualified(schemaName, name);
      return object(
        `sequence ${sequence}`,
        [[`CREATE SEQUENCE ${sequence}`]],
        `DROP SEQUENCE IF EXISTS ${sequence} CASCADE`,
      );
    }),
    ...snapshot.relations.map((relation) => relationObject(relation, keys, names)),
    ...snapshot.indexes.map((index) => {
      const table = names.qualified(index.schemaName, index.tableName);
      const name = quoteIdentifier(names.fresh(index.schemaName, index.name));
      const create = `CREATE ${index.isUnique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table}`;
      const opaque = index.expressions.map((text) => `(pg_catalog.duckdb_expression(${quoteLiteral(text)}))`);
      return object(
        `index ${quotedSchema(index.schemaName)}.${name}`,
        [[`${create} (${index.expressions.join(', ')})`, `${create} (${opaque.join(', ')})`]],
        `DROP INDEX IF EXISTS ${quotedSchema(index.schemaName)}.${name}`,
        [relationKey(index.schemaName, index.tableName)],
      );
    }),
    ...foreignKeys.map((constraint) => foreignKeyObject(constraint, names)),
  ];
}

function object(
  key: string,
  create: readonly MirrorStep[],
  drop: string,
  needs: readonly string[] = [],
): MirrorObject {
  return { key, create, drop, needs };
}

function schemaObject(name: string): readonly MirrorObject[] {
  if (name === 'public' || name === TEMPORARY_SCHEMA) return [];
  const schema = quotedSchema(name);
  return [
    object(`schema ${schema}`, [[`CREATE SCHEMA ${schema}`]], `DROP SCHEMA IF EXISTS ${schema} CASCADE`),
  ];
}

const relationKinds = { table: 'TABLE', view: 'VIEW', model: 'FOREIGN TABLE' } as const;

function relationObject(
  relation: SnapshotRelation,
  constraints: readonly SnapshotConstraint[],
  names: SchemaNames,
): MirrorObject {
  const kind = relationKinds[relation.kind];
  const name = names.qualified(relation.schemaName, relation.name);
  const columns = namedColumns(relation.columns);
  const own = constraints.filter(
    (item) => item.schemaName === relation.schemaName && item.tableName === relation.name,
  );
  return object(
    relationKey(relation.schemaName, relation.name),
    [
      [createRelation(relation, name, columns)],
      ...(relation.kind === 'table' ? columns.flatMap((column) => defaultStep(name, column)) : []),
      ...own.map((constraint) => constraintStep(constraint, name, names)),
      ...comment(`${kind} ${name}`, relation.comment),
      ...columns.flatMap((column) => comment(`COLUMN ${name}.${column.quoted}`, column.comment)),
    ],
    `DROP ${kind} IF EXISTS ${name} CASCADE`,
  );
}

interface NamedColumn extends SnapshotColumn {
  readonly quoted: string;
  readonly type: string;
}

function namedColumns(columns: readonly SnapshotColumn[]): readonly NamedColumn[] {
  const register = new NameRegister();
  return columns.slice(0, COLUMN_COUNT_MAX).map((column) => ({
    ...column,
    quoted: quoteIdentifier(register.take(column.name)),
    type: columnType(column.typeText),
  }));
}

function createRelation(relation: SnapshotRelation, name: string, columns: readonly NamedColumn[]): string {
  if (relation.kind === 'view') {
    const nulls = columns.map((column) => `NULL::${column.type} AS ${column.quoted}`);
    return `CREATE VIEW ${name} AS SELECT ${nulls.join(', ')}`;
  }
  const list = columns.map(
    (column) => `${column.quoted} ${column.type}${column.isNotNull ? ' NOT NULL' : ''}`,
  );
  if (relation.kind === 'table') return `CREATE TABLE ${name} (${list.join(', ')})`;
  const options = `OPTIONS (model_type ${quoteLiteral(relation.modelType ?? '')})`;
  return `CREATE FOREIGN TABLE ${name} (${list.join(', ')}) SERVER models ${options}`;
}

function defaultStep(table: string, column: NamedColumn): readonly MirrorStep[] {
  if (column.defaultText === undefined) return [];
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${column.quoted} SET DEFAULT`;
  const opaque = `pg_catalog.duckdb_expression(${quoteLiteral(column.defaultText)})::${column.type}`;
  return [[`${alter} (${column.defaultText})`, `${alter} ${opaque}`]];
}

/** Names as PostgreSQL would give them: table_pkey, table_column_key, table_column_check. */
function constraintStep(constraint: SnapshotConstraint, table: string, names: SchemaNames): MirrorStep {
  const columns = constraint.columns.map((name) => quoteIdentifier(clippedName(name))).join(', ');
  const stem = [constraint.tableName, ...constraint.columns].join('_');
  const add = (name: string): string =>
    `ALTER TABLE ${table} ADD CONSTRAINT ${quoteIdentifier(names.fresh(constraint.schemaName, name))}`;
  switch (constraint.kind) {
    case 'primary':
      return [`${add(`${constraint.tableName}_pkey`)} PRIMARY KEY (${columns})`];
    case 'unique':
      return [`${add(`${stem}_key`)} UNIQUE (${columns})`];
    default: {
      const check = `${add(`${stem}_check`)} CHECK`;
      const text = constraint.expression ?? 'true';
      return [
        `${check} (${text})`,
        `${check} (pg_catalog.duckdb_expression(${quoteLiteral(text)}) IS NOT NULL)`,
      ];
    }
  }
}

function foreignKeyObject(constraint: SnapshotConstraint, names: SchemaNames): MirrorObject {
  const table = names.qualified(constraint.schemaName, constraint.tableName);
  const target = names.qualified(constraint.schemaName, constraint.referencedTable ?? '');
  const stem = [constraint.tableName, ...constraint.columns, 'fkey'].join('_');
  const name = quoteIdentifier(names.fresh(constraint.schemaName, stem));
  const quoted = (columns: readonly string[]): string =>
    columns.map((column) => quoteIdentifier(clippedName(column))).join(', ');
  return object(
    `foreign key ${table} ${name}`,
    [
      [
        `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${quoted(constraint.columns)})
          REFERENCES ${target} (${quoted(constraint.referencedColumns)})`,
      ],
    ],
    `ALTER TABLE IF EXISTS ${table} DROP CONSTRAINT IF EXISTS ${name}`,
    [
      relationKey(constraint.schemaName, constraint.tableName),
      relationKey(constraint.schemaName, constraint.referencedTable ?? ''),
    ],
  );
}

function comment(target: string, text: string | undefined): readonly MirrorStep[] {
  return text === undefined ? [] : [[`COMMENT ON ${target} IS ${quoteLiteral(text)}`]];
}
