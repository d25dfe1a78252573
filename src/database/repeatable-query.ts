/**
 * Tells by its bound plan whether a query only reads a table row by row: then it gives the same rows in the same order
 * whenever it is run in a transaction, never fails on a row, and running it again costs about what reading its result
 * back would.
 */
import { quoteLiteral } from '../core/index.ts';
import type { DatabaseConnection } from './contract.ts';

const operators: ReadonlySet<string> = new Set(['LOGICAL_PROJECTION', 'LOGICAL_FILTER', 'LOGICAL_GET']);
/** Expressions that neither fail nor differ from one run to the next. Casts and functions are looked at. */
const expressions: ReadonlySet<string> = new Set([
  'BOUND_REF',
  'BOUND_COLUMN_REF',
  'BOUND_CONSTANT',
  'BOUND_COMPARISON',
  'BOUND_CONJUNCTION',
  'BOUND_OPERATOR',
  'BOUND_CASE',
  'BOUND_BETWEEN',
]);
/** Of numbers with a fraction only: whole ones may overflow. */
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', 'abs']);
const smallIntegers: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'TINYINT',
  'UTINYINT',
  'SMALLINT',
  'USMALLINT',
  'INTEGER',
]);
const numbers: ReadonlySet<string> = new Set([
  ...smallIntegers,
  'UINTEGER',
  'BIGINT',
  'UBIGINT',
  'HUGEINT',
  'UHUGEINT',
  'DECIMAL',
  'FLOAT',
  'DOUBLE',
]);

/** A node of a bound plan, as far as it is looked at. */
export interface PlanNode {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly names?: readonly string[];
  readonly alias?: unknown;
  readonly children?: readonly PlanNode[];
  readonly expressions?: readonly PlanNode[];
  readonly expression_class?: unknown;
  readonly return_type?: { readonly id?: string };
  readonly child?: PlanNode;
}

/** The bound plan of a query, if it is such a one; a query that cannot be told is none. */
export async function repeatablePlan(
  connection: Pick<DatabaseConnection, 'rows'>,
  sql: string,
): Promise<PlanNode | undefined> {
  const [row] = await connection.rows(
    `SELECT json_serialize_plan(${quoteLiteral(sql)}, skip_null := true, skip_empty := true, skip_default := true)`,
  );
  const plan = JSON.parse(String(row?.[0])) as { error?: boolean; plans?: readonly PlanNode[] };
  const root = plan.error === false && plan.plans?.length === 1 ? plan.plans[0] : undefined;
  return root !== undefined && isRepeatableNode(root) ? root : undefined;
}

/** Whether the query is such a one. */
export async function isRepeatableQuery(
  connection: Pick<DatabaseConnection, 'rows'>,
  sql: string,
): Promise<boolean> {
  return (await repeatablePlan(connection, sql)) !== undefined;
}

function isRepeatableNode(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return true;
  const { type, name, expression_class: kind } = node as PlanNode;
  if (typeof type === 'string' && type.startsWith('LOGICAL_')) {
    if (!operators.has(type) || (type === 'LOGICAL_GET' && name !== 'seq_scan')) return false;
  }
  if (typeof kind === 'string' && !isRepeatableExpression(kind, node)) return false;
  return Object.values(node).every(isRepeatableNode);
}

function isRepeatableExpression(kind: string, node: PlanNode): boolean {
  const target = node.return_type?.id ?? '';
  if (kind === 'BOUND_FUNCTION')
    return arithmetic.has(String(node.name)) && ['DOUBLE', 'FLOAT'].includes(target);
  if (kind !== 'BOUND_CAST') return expressions.has(kind);
  // A constant is cast while the query is planned: it fails then, or never.
  if (node.child?.expression_class === 'BOUND_CONSTANT') return true;
  const source = node.child?.return_type?.id ?? '';
  if (target === 'DOUBLE') return numbers.has(source);
  return target === 'BIGINT' && smallIntegers.has(source);
}
