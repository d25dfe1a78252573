/** Transactions and savepoints. */
import { expect, test } from 'vitest';
import { classOf } from '../support/parser-fixture.ts';

test.each([
  ['BEGIN', { kind: 'begin', isReadOnly: false }],
  ['begin work', { kind: 'begin', isReadOnly: false }],
  ['BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY', { kind: 'begin', isReadOnly: true }],
  ['BEGIN READ WRITE', { kind: 'begin', isReadOnly: false }],
  ['START TRANSACTION READ ONLY', { kind: 'begin', isReadOnly: true }],
  ['COMMIT', { kind: 'commit' }],
  ['COMMIT WORK AND NO CHAIN', { kind: 'commit' }],
  ['END TRANSACTION', { kind: 'commit' }],
  ['ROLLBACK', { kind: 'rollback' }],
  ['ABORT WORK', { kind: 'rollback' }],
  ['SAVEPOINT "S p"', { kind: 'savepoint', verb: 'savepoint', name: 'S p' }],
  ['RELEASE SAVEPOINT s', { kind: 'savepoint', verb: 'release', name: 's' }],
  ['RELEASE s', { kind: 'savepoint', verb: 'release', name: 's' }],
  ['ROLLBACK TO s', { kind: 'savepoint', verb: 'rollback-to', name: 's' }],
  ['ROLLBACK WORK TO SAVEPOINT s', { kind: 'savepoint', verb: 'rollback-to', name: 's' }],
  ['SET TRANSACTION READ ONLY', { kind: 'set-transaction', isReadOnly: true }],
  ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', { kind: 'set-transaction' }],
  ['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE', { kind: 'set-transaction', isReadOnly: false }],
])('%s', (text, expected) => {
  expect(classOf(text)).toEqual(expected);
});
