/** SET, RESET, SHOW, DISCARD. */
import { expect, test } from 'vitest';
import { classOf } from '../support/parser-fixture.ts';

const set = (name: string, value?: string, isLocal = false): object =>
  value === undefined ? { kind: 'set', name, isLocal } : { kind: 'set', name, value, isLocal };

test.each([
  ['SET search_path TO a, "B c"', set('search_path', 'a, B c')],
  ["SET DateStyle = 'ISO, MDY'", set('datestyle', 'ISO, MDY')],
  ['SET SESSION x.y TO on', set('x.y', 'on')],
  ['SET LOCAL statement_timeout = 100', set('statement_timeout', '100', true)],
  ['SET extra_float_digits = -1', set('extra_float_digits', '-1')],
  ["SET TIME ZONE 'UTC'", set('timezone', 'UTC')],
  ['SET LOCAL TIME ZONE LOCAL', set('timezone', undefined, true)],
  ["SET TIME ZONE INTERVAL '-8' HOUR", set('timezone', "INTERVAL '-8' HOUR")],
  ["SET NAMES 'utf8'", set('client_encoding', 'utf8')],
  ["SET SCHEMA 's'", set('search_path', 's')],
  ["SET schema = 's'", set('schema', 's')],
  ['SET ROLE r', set('role', 'r')],
  ['SET SESSION AUTHORIZATION DEFAULT', set('session_authorization')],
  ['SET x TO DEFAULT', set('x')],
  ["SET x = E'a\\nb'", set('x', 'a\nb')],
  ['RESET Work_Mem', set('work_mem')],
  ['RESET ALL', set('all')],
  ['RESET TIME ZONE', set('timezone')],
  ['SHOW TimeZone', { kind: 'show', name: 'timezone' }],
  ['SHOW TIME ZONE', { kind: 'show', name: 'timezone' }],
  ['SHOW ALL', { kind: 'show', name: 'all' }],
  ['SHOW transaction isolation level', { kind: 'show', name: 'transaction_isolation' }],
  ['SHOW server_version', { kind: 'show', name: 'server_version' }],
  ['SHOW TABLES', { kind: 'read' }],
  ['SHOW ALL TABLES', { kind: 'read' }],
  ['SHOW TABLES FROM s', { kind: 'read' }],
  ['DISCARD ALL', { kind: 'discard', what: 'all' }],
  ['DISCARD TEMPORARY', { kind: 'discard', what: 'temp' }],
])('%s', (text, expected) => {
  expect(classOf(text)).toEqual(expected);
});
