/** Classes of definitions: CREATE, DROP and ALTER of anything but a model. */
import type { Span } from '../core/index.ts';
import type { Path, StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { restSpan } from './statement-class-prepared.ts';
import { findWord } from './statement-class-query.ts';
import { TokenKind } from './token.ts';

/** Words between CREATE and the kind of object that do not change it. */
const modifiers: ReadonlySet<string> = new Set([
  'GLOBAL',
  'LOCAL',
  'TEMP',
  'TEMPORARY',
  'UNLOGGED',
  'PERSISTENT',
  'UNIQUE',
  'RECURSIVE',
  'CONSTRAINT',
  'TRUSTED',
  'PROCEDURAL',
]);

/** First words of kinds that have two. */
const firstOfTwo: ReadonlySet<string> = new Set(['MATERIALIZED', 'FOREIGN', 'EVENT']);

/** object := word, or two of them: materialized view, foreign table, event trigger */
function readObject(cursor: Cursor): string {
  while (modifiers.has(cursor.word())) cursor.index++;
  const first = cursor.word().toLowerCase();
  if (cursor.kind() !== TokenKind.end) cursor.index++;
  if (!firstOfTwo.has(first.toUpperCase()) || cursor.word() === '') return first;
  cursor.index++;
  return `${first} ${cursor.word(-1).toLowerCase()}`;
}

/** The name of the object; undefined where none stands (an index without a name) or it is no plain name. */
function readName(cursor: Cursor): Path | undefined {
  if (!cursor.isName() || hasTooManyParts(cursor)) return undefined;
  return cursor.path('a name');
}

/** Whether more dotted parts follow than a name may have, or a dot without one: the database will say so. */
function hasTooManyParts(cursor: Cursor): boolean {
  let ahead = 1;
  while (cursor.isSymbol('.', ahead) && ahead < 8) {
    const kind = cursor.kind(ahead + 1);
    if (kind !== TokenKind.word && kind !== TokenKind.quotedName) return true;
    ahead += 2;
  }
  return ahead > 5;
}

/** create := CREATE [OR REPLACE] {modifier} object [CONCURRENTLY] [IF NOT EXISTS] [name] … [AS query] */
export function classifyCreate(cursor: Cursor): StatementClass {
  const orReplace = cursor.acceptWords('OR', 'REPLACE');
  const from = cursor.index;
  const object = readObject(cursor);
  const isTemporary = hasTemporary(cursor, from);
  cursor.acceptWord('CONCURRENTLY');
  const ifExists = cursor.acceptWords('IF', 'NOT', 'EXISTS');
  const name = readName(cursor);
  const body = readBody(cursor, object);
  const isView = object.endsWith('view');
  return {
    kind: 'create',
    object,
    name,
    isCreateAs: body !== undefined && object !== 'view',
    orReplace,
    ifExists,
    renameTo: undefined,
    viewQuery: isView ? body : undefined,
    ...(isTemporary ? { isTemporary } : {}),
  };
}

/** Whether TEMP or TEMPORARY stands among the words since the token. */
function hasTemporary(cursor: Cursor, from: number): boolean {
  for (let at = from; at < cursor.index; at++) {
    if (['TEMP', 'TEMPORARY'].includes(cursor.word(at - cursor.index))) return true;
  }
  return false;
}

/** body := AS query, of tables and views */
function readBody(cursor: Cursor, object: string): Span | undefined {
  if (object !== 'table' && !object.endsWith('view')) return undefined;
  if (!findWord(cursor, 'AS')) return undefined;
  cursor.index++;
  return restSpan(cursor);
}

/** drop := DROP object [CONCURRENTLY] [IF EXISTS] name …; the first name of a list */
export function classifyDrop(cursor: Cursor): StatementClass {
  const object = readObject(cursor);
  cursor.acceptWord('CONCURRENTLY');
  const ifExists = cursor.acceptWords('IF', 'EXISTS');
  return definition('drop', object, readName(cursor), ifExists, undefined);
}

/** alter := ALTER object [IF EXISTS] [ONLY] name … [RENAME TO name] */
export function classifyAlter(cursor: Cursor): StatementClass {
  const object = readObject(cursor);
  const ifExists = cursor.acceptWords('IF', 'EXISTS');
  if (cursor.isWord('ONLY') && cursor.isName(1)) cursor.index++;
  const name = readName(cursor);
  const isRenamed = cursor.acceptWords('RENAME', 'TO') && cursor.isName();
  return definition('alter', object, name, ifExists, isRenamed ? cursor.name('a name') : undefined);
}

function definition(
  kind: 'drop' | 'alter',
  object: string,
  name: Path | undefined,
  ifExists: boolean,
  renameTo: string | undefined,
): StatementClass {
  return {
    kind,
    object,
    name,
    ifExists,
    renameTo,
    isCreateAs: false,
    orReplace: false,
    viewQuery: undefined,
  };
}
