/** Which words are reserved, begin a query, end a FROM list. */
import { expect, test } from 'vitest';
import { endsFromList, isAggregate, isReserved, needsQuotes, startsQuery } from '../../src/parser/keyword.ts';

test('words of our clauses may be names, but are printed in quotes', () => {
  for (const word of ['MODEL', 'OPTIONS', 'TRANSFORM', 'INPUT', 'OUTPUT', 'REMOTE']) {
    expect([word, isReserved(word), needsQuotes(word)]).toEqual([word, false, true]);
  }
});
test('reserved words are no names', () => {
  expect(['SELECT', 'AS', 'FROM', 'WITH', 'CHURN'].map(isReserved)).toEqual([true, true, true, true, false]);
});
test('a query begins with SELECT, FROM, VALUES and their kin', () => {
  expect(['SELECT', 'WITH', 'FROM', 'VALUES', 'INSERT'].map(startsQuery)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});
test('WHERE and its kin end a FROM list, ON does not', () => {
  expect(['WHERE', 'GROUP', 'UNION', 'ON', 'JOIN'].map(endsFromList)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
test('aggregates are told from other functions', () => {
  expect(['SUM', 'STRING_AGG', 'ABS', 'LEAST'].map(isAggregate)).toEqual([true, true, false, false]);
});
