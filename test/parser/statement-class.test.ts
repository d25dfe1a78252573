/** Classing by first words: dispatch, and what stays `other`. */
import { expect, test } from 'vitest';
import { classOf } from '../support/parser-fixture.ts';

test.each([
  ['LISTEN x', 'LISTEN'],
  ['vacuum analyze t', 'VACUUM'],
  ['CHECKPOINT', 'CHECKPOINT'],
  ["ATTACH 'x' AS y", 'ATTACH'],
  ['GRANT SELECT ON t TO u', 'GRANT'],
  ['TRUNCATE t', 'TRUNCATE'],
  ['USE s', 'USE'],
  ["COMMENT ON TABLE t IS 'x'", 'COMMENT'],
  ["EXPORT DATABASE 'd'", 'EXPORT'],
  ['START', 'START'],
  ['SET VARIABLE x = 1', 'SET'],
  ['SET', 'SET'],
  ['COPY FROM DATABASE a TO b', 'COPY'],
  ["PREPARE TRANSACTION 'x'", 'PREPARE'],
  ["COMMIT PREPARED 'x'", 'COMMIT'],
  ['COMMIT AND CHAIN', 'COMMIT'],
  ['FETCH', 'FETCH'],
  ['12 apples', '12'],
  ['é', 'É'],
])('%s', (text, word) => {
  expect(classOf(text)).toEqual({ kind: 'other', word });
});
