/**
 * Run-time settings of a session: what clients set at connect and ask for. Names without case; unknown names with a dot
 * are custom settings, as in PostgreSQL.
 */
import { didYouMean, engineError, invalidOption, SqlState } from '../core/index.ts';

/** Version that clients see; drivers parse the number at its start. */
const SERVER_VERSION = '15.0 (Augur 0.1.0)';

interface SettingDefinition {
  readonly name: string;
  readonly initial: string;
  /** Told to clients whenever it changes (ParameterStatus). */
  readonly isReported?: boolean;
  readonly isReadOnly?: boolean;
  /** The value as kept, or undefined when it is not allowed. */
  readonly check?: (value: string) => string | undefined;
  /** What is allowed, for the message. */
  readonly allowed?: string;
}

const booleanWords: Readonly<Record<string, string>> = {
  on: 'on',
  true: 'on',
  yes: 'on',
  '1': 'on',
  t: 'on',
  off: 'off',
  false: 'off',
  no: 'off',
  '0': 'off',
  f: 'off',
};
const boolean = (value: string): string | undefined => booleanWords[value.toLowerCase()];
const choice =
  (...values: readonly string[]) =>
  (value: string): string | undefined =>
    values.find((candidate) => candidate.toLowerCase() === value.toLowerCase());

const milliseconds: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Longest duration in milliseconds: what PostgreSQL's settings, and timers, hold. */
const LONGEST = 2 ** 31 - 1;

/** A PostgreSQL duration such as `30s` in milliseconds, or undefined. */
function duration(value: string): string | undefined {
  const match = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(value);
  const unit = match === null ? undefined : milliseconds[match[2]!.toLowerCase()];
  const length = unit === undefined ? Number.NaN : Number(match![1]) * unit;
  return length <= LONGEST ? String(length) : undefined;
}

/** Milliseconds as PostgreSQL shows them: in the largest unit that divides them. */
function durationText(length: number): string {
  if (length === 0) return '0';
  const [unit] = Object.entries(milliseconds).findLast(([name, size]) => name !== '' && length % size === 0)!;
  return `${length / milliseconds[unit]!}${unit}`;
}

const integer = (value: string): string | undefined =>
  /^-?\d+$/.test(value.trim()) ? value.trim() : undefined;
const utf8 = (value: string): string | undefined =>
  ['utf8', 'utf-8', 'unicode', 'sql_ascii'].includes(value.toLowerCase().replaceAll("'", ''))
    ? 'UTF8'
    : undefined;

function timeZone(value: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone === ''
      ? undefined
      : value;
  } catch {
    return undefined;
  }
}

const definitions: readonly SettingDefinition[] = [
  { name: 'application_name', initial: '', isReported: true },
  { name: 'backslash_quote', initial: 'safe_encoding' },
  { name: 'bytea_output', initial: 'hex', check: choice('hex', 'escape'), allowed: 'hex or escape' },
  { name: 'check_function_bodies', initial: 'on', check: boolean, allowed: 'on or off' },
  { name: 'client_encoding', initial: 'UTF8', isReported: true, check: utf8, allowed: 'UTF8' },
  {
    name: 'client_min_messages',
    initial: 'notice',
    check: choice(
      'debug5',
      'debug4',
      'debug3',
      'debug2',
      'debug1',
      'debug',
      'log',
      'notice',
      'warning',
      'error',
    ),
  },
  {
    name: 'datestyle',
    initial: 'ISO, MDY',
    isReported: true,
    check: (value) => (/iso/i.test(value) || /^[mdy]{3}$/i.test(value) ? 'ISO, MDY' : undefined),
    allowed: 'ISO',
  },
  { name: 'default_table_access_method', initial: 'heap' },
  { name: 'default_tablespace', initial: '' },
  { name: 'default_transaction_isolation', initial: 'repeatable read' },
  {
    name: 'default_transaction_read_only',
    initial: 'off',
    isReported: true,
    check: boolean,
    allowed: 'on or off',
  },
  { name: 'extra_float_digits', initial: '1', check: integer, allowed: 'an integer' },
  { name: 'idle_in_transaction_session_timeout', initial: '0', check: duration, allowed: 'a duration' },
  { name: 'in_hot_standby', initial: 'off', isReported: true, isReadOnly: true },
  { name: 'integer_datetimes', initial: 'on', isReported: true, isReadOnly: true },
  {
    name: 'intervalstyle',
    initial: 'postgres',
    isReported: true,
    check: choice('postgres'),
    allowed: 'postgres',
  },
  { name: 'is_superuser', initial: 'on', isReported: true, isReadOnly: true },
  { name: 'lock_timeout', initial: '0', check: duration, allowed: 'a duration' },
  { name: 'max_identifier_length', initial: '63', isReadOnly: true },
  { name: 'row_security', initial: 'on', check: boolean, allowed: 'on or off' },
  { name: 'search_path', initial: 'public, main', check: searchPath },
  { name: 'server_encoding', initial: 'UTF8', isReported: true, isReadOnly: true },
  { name: 'server_version', initial: SERVER_VERSION, isReported: true, isReadOnly: true },
  { name: 'server_version_num', initial: '150000', isReadOnly: true },
  { name: 'session_authorization', initial: 'augur', isReported: true, isReadOnly: true },
  {
    name: 'standard_conforming_strings',
    initial: 'on',
    isReported: true,
    check: choice('on'),
    allowed: 'on',
  },
  { name: 'statement_timeout', initial: '0', check: duration, allowed: 'a duration' },
  { name: 'synchronous_commit', initial: 'on' },
  { name: 'timezone', initial: 'UTC', isReported: true, check: timeZone, allowed: 'a time zone name' },
  { name: 'transaction_isolation', initial: 'repeatable read', isReadOnly: true },
  { name: 'transaction_read_only', initial: 'off', isReadOnly: true },
  { name: 'xmloption', initial: 'content' },
];

/** Schemas of a search_path, unquoted, without `$user`. */
function schemasOf(searchPath: string): readonly string[] {
  const parts = searchPath.split(',').map((part) => part.trim().replace(/^["'](.*)["']$/, '$1'));
  return parts.filter((part) => part !== '' && part !== '$user' && part.toLowerCase() !== 'pg_catalog');
}

/** The engine's own schema is out of users' reach, by whatever name its tables are called. */
function searchPath(value: string): string | undefined {
  if (!schemasOf(value).some((schema) => schema.toLowerCase().split('.').includes('augur'))) return value;
  throw engineError(SqlState.insufficientPrivilege, 'the schema "augur" belongs to the engine');
}

/** Names as clients expect them in ParameterStatus. */
const reportedNames: Readonly<Record<string, string>> = {
  datestyle: 'DateStyle',
  intervalstyle: 'IntervalStyle',
  timezone: 'TimeZone',
};

export class Settings {
  readonly #values = new Map<string, string>();
  readonly #initial = new Map<string, string>();
  /** What SET LOCAL changed in the open block, with the values before. */
  readonly #locals = new Map<string, { readonly value: string | undefined }>();
  /** All values when the open block began. */
  #before: ReadonlyMap<string, string> | undefined;
  onChange: (name: string, value: string) => void = () => undefined;

  constructor(overrides: Readonly<Record<string, string>>) {
    for (const definition of definitions) {
      const value = overrides[definition.name] ?? definition.initial;
      this.#values.set(definition.name, value);
      this.#initial.set(definition.name, value);
    }
  }

  /** Whether a name is one of ours (others are the database's, or custom). */
  knows(name: string): boolean {
    return definitions.some((definition) => definition.name === name.toLowerCase());
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  /** The value as SHOW prints it. */
  shown(name: string): string | undefined {
    const value = this.get(name);
    const isDuration = definitions.some(
      ({ name: key, check }) => key === name.toLowerCase() && check === duration,
    );
    return isDuration ? durationText(Number(value)) : value;
  }

  /** The value in milliseconds of a duration setting. */
  milliseconds(name: string): number {
    return Number(this.get(name) ?? 0);
  }

  /** Sets; `undefined` goes back to the first value. Throws 22023, 42704 or 55P02. */
  set(name: string, value: string | undefined): void {
    const key = name.toLowerCase();
    this.#locals.delete(key);
    const definition = definitions.find((candidate) => candidate.name === key);
    if (definition === undefined) {
      this.#setCustom(key, name, value);
      return;
    }
    if (definition.isReadOnly) throw engineError('55P02', `parameter "${name}" cannot be changed`);
    const wanted = value ?? this.#initial.get(key)!;
    const kept = definition.check === undefined ? wanted : definition.check(wanted);
    if (kept === undefined) {
      throw invalidOption(
        `invalid value for parameter "${name}": "${wanted}"`,
        undefined,
        definition.allowed && `It must be ${definition.allowed}.`,
      );
    }
    this.#values.set(key, kept);
    if (definition.isReported) this.onChange(reportedNames[key] ?? key, kept);
  }

  /** Sets until the block ends. */
  setLocal(name: string, value: string | undefined): void {
    const key = name.toLowerCase();
    const before = this.#locals.get(key) ?? { value: this.#values.get(key) };
    this.set(name, value);
    this.#locals.set(key, before);
  }

  /** A block begins. */
  beginBlock(): void {
    this.#before = new Map(this.#values);
    this.#locals.clear();
  }

  /** A block ends: one that was not committed has set nothing, and what was set for the block alone goes anyway. */
  endBlock(isCommitted: boolean): void {
    const before = this.#before;
    this.#before = undefined;
    if (isCommitted) for (const [key, { value }] of this.#locals) this.#restore(key, value);
    else if (before !== undefined) {
      for (const key of new Set([...before.keys(), ...this.#values.keys()]))
        this.#restore(key, before.get(key));
    }
    this.#locals.clear();
  }

  #restore(key: string, value: string | undefined): void {
    if (this.#values.get(key) === value) return;
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    const isReported = definitions.some((definition) => definition.name === key && definition.isReported);
    if (isReported && value !== undefined) this.onChange(reportedNames[key] ?? key, value);
  }

  #setCustom(key: string, name: string, value: string | undefined): void {
    if (!key.includes('.')) {
      throw engineError(SqlState.undefinedObject, `unrecognized configuration parameter "${name}"`, {
        hint: didYouMean(
          key,
          definitions.map((definition) => definition.name),
        ),
      });
    }
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  /** Back to the first values (DISCARD ALL, RESET ALL). */
  reset(): void {
    for (const definition of definitions) {
      if (
        !definition.isReadOnly &&
        this.#values.get(definition.name) !== this.#initial.get(definition.name)
      ) {
        this.set(definition.name, undefined);
      }
    }
  }

  /** All values by name, for SHOW ALL and the catalogue. */
  entries(): ReadonlyMap<string, string> {
    return new Map([...this.#values].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** Schemas of search_path, unquoted, without `$user`. */
  searchPath(): readonly string[] {
    const named = schemasOf(this.get('search_path') ?? '');
    return named.length === 0 ? ['public'] : named;
  }
}
