/**
 * What the database holds, as far as PostgreSQL's catalogue tells of it: names, types and keys, never rows.
 */
import type { Column } from '../../core/index.ts';

/** The schema of temporary tables, under the name PostgreSQL's own have. */
export const TEMPORARY_SCHEMA = 'pg_temp';

export interface SnapshotColumn {
  readonly name: string;
  /** DuckDB's text of the type. */
  readonly typeText: string;
  readonly isNotNull: boolean;
  /** SQL of the default, as DuckDB prints it. */
  readonly defaultText: string | undefined;
  readonly comment: string | undefined;
}

/** A table, a view, or a model (shown as a foreign table). */
export interface SnapshotRelation {
  readonly kind: 'table' | 'view' | 'model';
  readonly schemaName: string;
  readonly name: string;
  readonly comment: string | undefined;
  readonly columns: readonly SnapshotColumn[];
  /** Of a model. */
  readonly modelType: string | undefined;
}

/** A key or check of a table, in the table's schema. */
export interface SnapshotConstraint {
  readonly kind: 'primary' | 'unique' | 'foreign' | 'check';
  readonly schemaName: string;
  readonly tableName: string;
  readonly columns: readonly string[];
  /** Of a foreign key: the table, in the same schema, and its columns. */
  readonly referencedTable: string | undefined;
  readonly referencedColumns: readonly string[];
  /** Of a check, as DuckDB prints it. */
  readonly expression: string | undefined;
}

export interface SnapshotIndex {
  readonly schemaName: string;
  readonly tableName: string;
  readonly name: string;
  readonly isUnique: boolean;
  /** Quoted column names or expressions, as SQL. */
  readonly expressions: readonly string[];
}

export interface SnapshotSequence {
  readonly schemaName: string;
  readonly name: string;
}

export interface CatalogSnapshot {
  /** Equal for equal catalogues. */
  readonly fingerprint: string;
  readonly schemas: readonly string[];
  readonly relations: readonly SnapshotRelation[];
  readonly constraints: readonly SnapshotConstraint[];
  readonly indexes: readonly SnapshotIndex[];
  readonly sequences: readonly SnapshotSequence[];
}

/** A model as the catalogue of models tells of it: columns are its features, then its label. */
export interface SnapshotModel {
  readonly schemaName: string;
  readonly name: string;
  readonly modelType: string;
  readonly comment: string | undefined;
  readonly columns: readonly Column[];
}
