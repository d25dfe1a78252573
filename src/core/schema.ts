/** Columns of a relation, in order. */
import type { SqlType } from './sql-type.ts';

export interface Column {
  readonly name: string;
  readonly type: SqlType;
}

export type Schema = readonly Column[];
