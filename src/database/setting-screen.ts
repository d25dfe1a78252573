/**
 * Which settings users' SET, RESET and PRAGMA statements may touch: those of their own session that harm
 * nobody.
 */
import { SqlState, engineError } from '../core/index.ts';
import type { SqlToken } from './sql-scanner.ts';

const settings: ReadonlySet<string> = new Set([
  'timezone',
  'calendar',
  'default_collation',
  'default_order',
  'default_null_order',
  'null_order',
  'search_path',
  'schema',
]);

/** Pragmas that only tell something. */
const pragmas: ReadonlySet<string> = new Set([
  'collations',
  'database_list',
  'database_size',
  'functions',
  'platform',
  'show',
  'show_databases',
  'show_tables',
  'show_tables_expanded',
  'table_info',
  'user_agent',
  'version',
]);

/** Fails with 42501 unless the statement, whose tokens after its verb are given, keeps to the lists above. */
export function checkSetting(
  verb: 'set' | 'reset' | 'pragma',
  rest: readonly SqlToken[],
  verbToken: SqlToken,
): void {
  const scope = /^(session|local|global)$/i.test(rest[0]?.value ?? '') ? 1 : 0;
  const token = rest[scope];
  const name = token?.value.toLowerCase() ?? '';
  if (
    verb !== 'pragma' &&
    (name === 'variable' || (name === 'time' && rest[scope + 1]?.value.toLowerCase() === 'zone'))
  ) {
    return;
  }
  if (!(verb === 'pragma' ? pragmas : settings).has(name))
    throw denied(`setting "${name}"`, token ?? verbToken);
  const internal = rest.slice(scope + 1).find((value) => /(^|[,\s"'.])augur([,\s"'.]|$)/i.test(value.value));
  if (internal !== undefined) throw denied('schema "augur"', internal);
}

function denied(what: string, token: SqlToken): Error {
  return engineError(SqlState.insufficientPrivilege, `permission denied for ${what}`, {
    position: token.start,
  });
}
