/**
 * A query with a bound on its rows, for such as may be run once more without it when there are more: what they say is
 * all in tables. Told by the text, and only for a grammar of which that is certain; any other has no bound.
 *
 *   query := SELECT … FROM … [WHERE …] [GROUP BY …] [HAVING …] [ORDER BY …], without a further SELECT, a call other than
 *            of the functions below, or a clause that bounds, joins by USING, samples or combines
 */
import { scanSql, type SqlToken } from './sql-scanner.ts';

/** Words of clauses after which a bound could not stand, or would mean something else. */
const otherClauses: ReadonlySet<string> = new Set(
  (
    'limit offset fetch union intersect except into for using sample tablesample qualify window with values ' +
    'pivot unpivot call describe show'
  ).split(' '),
);
/** What may stand before a parenthesis: words of the grammar, types with digits, and functions that only compute. */
const beforeParenthesis: ReadonlySet<string> = new Set(
  (
    'in and or not where on having by case when then else any all cast numeric decimal varchar count sum min max avg ' +
    'coalesce nullif lower upper length abs round floor ceil greatest least'
  ).split(' '),
);

function isBoundable(token: SqlToken, index: number, tokens: readonly SqlToken[]): boolean {
  const value = token.value.toLowerCase();
  if (token.kind === 'word') return !otherClauses.has(value) && (value === 'select') === (index === 0);
  if (token.kind !== 'symbol') return true;
  const before = tokens[index - 1];
  const isCall = value === '(' && (before?.kind === 'word' || before?.kind === 'quoted');
  return (
    value !== ';' &&
    (!isCall || (before.kind === 'word' && beforeParenthesis.has(before.value.toLowerCase())))
  );
}

/** The query, to give so many rows at most; undefined for one that cannot be told to be of that kind. */
export function boundedQuery(sql: string, rowCountMax: number): string | undefined {
  const tokens = scanSql(sql);
  const isQuery = tokens[0]?.value.toLowerCase() === 'select' && tokens.every(isBoundable);
  // What ends with a comment ends before the new line.
  return isQuery ? `${sql}\nLIMIT ${rowCountMax}` : undefined;
}
