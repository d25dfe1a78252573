/** What a plain statement does, told by its first words: for routing, tags, transactions and name checks. */
import type { SqlFragment, StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { classifyCopy } from './statement-class-copy.ts';
import { classifyClose, classifyDeclare, classifyFetch } from './statement-class-cursor.ts';
import { classifyAlter, classifyCreate, classifyDrop } from './statement-class-definition.ts';
import { classifyDeallocate, classifyExecute, classifyPrepare } from './statement-class-prepared.ts';
import { classifyRead, classifyWith, classifyWrite } from './statement-class-query.ts';
import { classifyDiscard, classifyReset, classifySet, classifyShow } from './statement-class-setting.ts';
import {
  classifyBegin,
  classifyCommit,
  classifyRelease,
  classifyRollback,
  classifySavepoint,
} from './statement-class-transaction.ts';

/** Reads a class; the first word has been taken. Undefined: not a form it knows, so only the word counts. */
type Classifier = (cursor: Cursor, fragment: SqlFragment) => StatementClass | undefined;

const classifiers: ReadonlyMap<string, Classifier> = new Map<string, Classifier>([
  ['WITH', classifyWith],
  ['INSERT', (cursor) => classifyWrite(cursor, 'insert')],
  ['UPDATE', (cursor) => classifyWrite(cursor, 'update')],
  ['DELETE', (cursor) => classifyWrite(cursor, 'delete')],
  ['MERGE', (cursor) => classifyWrite(cursor, 'merge')],
  ['CREATE', classifyCreate],
  ['DROP', classifyDrop],
  ['ALTER', classifyAlter],
  ['BEGIN', (cursor) => classifyBegin(cursor)],
  ['START', (cursor) => (cursor.acceptWord('TRANSACTION') ? classifyBegin(cursor) : undefined)],
  ['COMMIT', classifyCommit],
  ['END', classifyCommit],
  ['ROLLBACK', classifyRollback],
  ['ABORT', classifyRollback],
  ['SAVEPOINT', classifySavepoint],
  ['RELEASE', classifyRelease],
  ['SET', classifySet],
  ['RESET', classifyReset],
  ['SHOW', classifyShow],
  ['DISCARD', classifyDiscard],
  ['COPY', classifyCopy],
  ['PREPARE', classifyPrepare],
  ['EXECUTE', classifyExecute],
  ['DEALLOCATE', classifyDeallocate],
  ['DECLARE', classifyDeclare],
  ['FETCH', (cursor) => classifyFetch(cursor, false)],
  ['MOVE', (cursor) => classifyFetch(cursor, true)],
  ['CLOSE', classifyClose],
]);

/**
 * The class of a statement whose tokens are the cursor's. Forms it does not know are `other`, by their first
 * word.
 */
export function classify(cursor: Cursor, fragment: SqlFragment): StatementClass {
  const word = cursor.word();
  if (classifyRead(cursor)) return { kind: 'read' };
  const other: StatementClass = { kind: 'other', word: word === '' ? cursor.text().toUpperCase() : word };
  const classifier = classifiers.get(word);
  if (classifier === undefined) return other;
  cursor.index++;
  return classifier(cursor, fragment) ?? other;
}
