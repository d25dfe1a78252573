/**
 * Where a statement is answered: by the mirrored PostgreSQL catalogue, or by the database. PostgreSQL's own
 * parser says what the statement reads; what it cannot parse (DuckDB's own syntax) is the database's.
 */
import { loadModule, parseSync } from 'libpg-query';
import { NESTING_DEPTH_MAX } from '../../core/index.ts';
import { catalogHint, catalogRelations, functionRole, lookupTypes } from './catalog-names.ts';

export type Route = 'catalog' | 'database';

/** A node of libpg-query's tree: one-key objects for typed nodes, plain objects for their fields. */
type Tree = { readonly [key: string]: unknown };

/** What a statement was seen to read. */
interface Reading {
  catalogRelations: number;
  otherRelations: number;
  catalogCalls: number;
  unknownCalls: number;
  /** Something that only the engine or the database may do: writing, locking, acting functions. */
  isForbidden: boolean;
}

/** Loads the parser; `routeStatement` may be called after that. */
export async function loadStatementParser(): Promise<void> {
  await loadModule();
}

/** Operators and keywords that may nest without parentheses. */
const CHAIN_LENGTH_MAX = 2_000;
const chained =
  /[-+*/<>=~!@#%^&|`?:]+|\b(?:and|at|case|collate|except|in|intersect|is|join|like|not|or|union)\b/gi;

/**
 * Whether the parser's stack in WebAssembly could overflow: after a few overflows it never returns from
 * parsing. Counts in comments and strings too; no client's catalogue statement comes near.
 */
function isTooDeep(sql: string): boolean {
  let depth = 0;
  for (const bracket of sql.match(/[()[\]]/g) ?? []) {
    depth += bracket === '(' || bracket === '[' ? 1 : -1;
    if (depth > NESTING_DEPTH_MAX) return true;
  }
  let chain = 0;
  for (const _match of sql.matchAll(chained)) if (++chain > CHAIN_LENGTH_MAX) return true;
  return false;
}

/**
 * Routes one statement. Cheap for ordinary ones: only text that names something of the catalogue is parsed.
 */
export function routeStatement(sql: string): Route {
  if (!catalogHint.test(sql) || isTooDeep(sql)) return 'database';
  const statement = parseSelect(sql);
  if (statement === undefined) return 'database';
  const reading: Reading = {
    catalogRelations: 0,
    otherRelations: 0,
    catalogCalls: 0,
    unknownCalls: 0,
    isForbidden: false,
  };
  readTree(statement, reading);
  if (reading.isForbidden || reading.otherRelations > 0) return 'database';
  if (reading.catalogRelations > 0) return 'catalog';
  return reading.catalogCalls > 0 && reading.unknownCalls === 0 ? 'catalog' : 'database';
}

/** The SELECT, VALUES or WITH query that is the whole text; undefined for anything else. */
function parseSelect(sql: string): Tree | undefined {
  let parsed: Tree;
  try {
    parsed = parseSync(sql) as unknown as Tree;
  } catch {
    return undefined;
  }
  const statements = parsed['stmts'] as readonly Tree[] | undefined;
  if (statements?.length !== 1) return undefined;
  return (statements[0]!['stmt'] as Tree)['SelectStmt'] as Tree | undefined;
}

/** A part of the tree with the names of common table expressions that shadow relations in it. */
interface Scoped {
  readonly node: unknown;
  readonly shadowed: ReadonlySet<string>;
}

/** Walks the whole tree, without recursion: a long chain of operators is a deep tree. */
function readTree(root: Tree, reading: Reading): void {
  const waiting: Scoped[] = [{ node: root, shadowed: new Set() }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node } = next;
    if (Array.isArray(node)) {
      for (const item of node) waiting.push({ node: item, shadowed: next.shadowed });
    } else if (typeof node === 'object' && node !== null) {
      const fields = node as Tree;
      const shadowed = readWith(fields['withClause'] as Tree | undefined, next.shadowed, waiting);
      for (const [key, value] of Object.entries(fields)) {
        if (key === 'withClause') continue;
        readTyped(key, value as Tree, shadowed, reading);
        waiting.push({ node: value, shadowed });
      }
    }
  }
}

/** Reads common table expressions; each is in the scope of the next (all of them, when recursive). */
function readWith(
  clause: Tree | undefined,
  shadowed: ReadonlySet<string>,
  waiting: Scoped[],
): ReadonlySet<string> {
  if (clause === undefined) return shadowed;
  const expressions = (clause['ctes'] as readonly Tree[]).map((item) => item['CommonTableExpr'] as Tree);
  const names = expressions.map((expression) => expression['ctename'] as string);
  const isRecursive = clause['recursive'] === true;
  for (const [index, expression] of expressions.entries()) {
    const scope = new Set([...shadowed, ...(isRecursive ? names : names.slice(0, index))]);
    waiting.push({ node: expression['ctequery'], shadowed: scope });
  }
  return new Set([...shadowed, ...names]);
}

function readTyped(kind: string, node: Tree, shadowed: ReadonlySet<string>, reading: Reading): void {
  switch (kind) {
    case 'RangeVar':
      return readRelation(node, shadowed, reading);
    case 'FuncCall':
      return readCall(node, reading);
    case 'SQLValueFunction':
      if (/USER|ROLE|CATALOG|SCHEMA/.test(node['op'] as string)) reading.catalogCalls++;
      return;
    case 'typeName':
      if (lookupTypes.has(lastName(node['names']))) reading.catalogCalls++;
      return;
    case 'intoClause':
    case 'lockingClause':
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      reading.isForbidden = true;
  }
}

function readRelation(node: Tree, shadowed: ReadonlySet<string>, reading: Reading): void {
  const schema = node['schemaname'] as string | undefined;
  const name = node['relname'] as string;
  if (schema === undefined && shadowed.has(name)) return;
  const isCatalog =
    schema === undefined
      ? catalogRelations.has(name)
      : schema === 'pg_catalog' || schema === 'information_schema';
  if (isCatalog) reading.catalogRelations++;
  else reading.otherRelations++;
}

function readCall(node: Tree, reading: Reading): void {
  const role = functionRole(lastName(node['funcname']));
  if (role === 'acting') reading.isForbidden = true;
  else if (role === 'catalog') reading.catalogCalls++;
  else if (role === 'unknown') reading.unknownCalls++;
}

/** The last part of a possibly qualified name. */
function lastName(names: unknown): string {
  const last = (names as readonly Tree[] | undefined)?.at(-1);
  return ((last?.['String'] as Tree | undefined)?.['sval'] as string | undefined) ?? '';
}
