import { describe, expect, it } from 'vitest';
import { postgresMessage, usefulHint } from '../../src/database/postgres-words.ts';

describe('postgresMessage', () => {
  it.each([
    ['Table with name nope does not exist', 'relation "nope" does not exist'],
    ['Referenced column "nope" not found in FROM clause', 'column "nope" does not exist'],
    ['Schema with name s does not exist', 'schema "s" does not exist'],
    ['Table with name "t" already exists', 'relation "t" already exists'],
    ['Ambiguous reference to column name "a" (use: "t.a" or "s.a")', 'column reference "a" is ambiguous'],
    ['Scalar Function with name nofunction does not exist', 'function nofunction does not exist'],
    [
      'NOT NULL constraint failed: t.a',
      'null value in column "a" of relation "t" violates not-null constraint',
    ],
    ["Could not convert string 'it''s' to INT32", 'invalid input syntax for type integer: "it\'\'s"'],
  ])('says %s as PostgreSQL would', (given, expected) => {
    expect(postgresMessage(given)).toBe(expected);
  });

  it('leaves what it does not know', () => {
    expect(postgresMessage('Something else')).toBe('Something else');
  });
});

describe('usefulHint', () => {
  it('keeps a suggestion of a user relation and drops one of a system relation', () => {
    expect(usefulHint('Did you mean "penguins"?')).toBe('Did you mean "penguins"?');
    expect(usefulHint('Did you mean "pg_index"?')).toBeUndefined();
    expect(usefulHint(undefined)).toBeUndefined();
  });
});
