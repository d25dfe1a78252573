/**
 * What users' statements may not do. DuckDB's own settings (sandbox.ts) keep files and network shut, but
 * leave holes: its own file can be read as data and overwritten, databases attached, settings changed, text
 * run as SQL by a function. This screen closes them by name, on the statement as its user wrote it.
 *
 * It errs towards refusing: a file function must name its files by plain literals, and the word `augur`
 * before a point always means the schema.
 */
import { resolve } from 'node:path';
import { type EngineError, SqlState, engineError } from '../core/index.ts';
import { checkSetting } from './setting-screen.ts';
import { isWithin } from './sandbox.ts';
import { type SqlToken, scanSql } from './sql-scanner.ts';

/** What the screen needs to know of the installation. */
export interface ScreenRules {
  readonly allowedPaths: readonly string[];
  /** The database's own file, absolute. */
  readonly file: string | undefined;
}

/** Relations of the schema augur that users may read. */
const readableRelations: ReadonlySet<string> = new Set(['models', 'progress']);

/** Table functions that read files. Their first argument must name the files literally. */
const fileFunctions: ReadonlySet<string> = wordSet(`
  glob parquet_bloom_probe parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata
  parquet_scan parquet_schema read_blob read_csv read_csv_auto read_json read_json_auto read_json_objects
  read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet read_text sniff_csv`);

/** Functions that run text as SQL, read memory or other databases, or change the whole instance. */
const forbiddenFunctions: ReadonlySet<string> = wordSet(`
  arrow_scan arrow_scan_dumb check_peg_parser disable_logging disable_peg_parser disable_profiling
  duckdb_secrets enable_logging enable_peg_parser enable_profiling force_checkpoint histogram_values
  json_execute_serialized_sql query query_table read_duckdb seq_scan truncate_duckdb_logs which_secret
  write_log`);

/** Statements that are refused by their first word. */
const forbiddenVerbs: ReadonlySet<string> = wordSet('attach detach install load export import use force');

/** Statements that EXPLAIN takes: what defines things must be seen, not hidden behind EXPLAIN ANALYZE. */
const explainedVerbs: ReadonlySet<string> = wordSet(`
  call copy delete describe execute from insert merge pivot select show summarize table unpivot update values
  with`);

/** Words after which a name is what a statement makes, changes or drops. */
const targetWords: ReadonlySet<string> = wordSet(
  'into update table view exists index macro function sequence type schema',
);

/** Fails with 42501, at the offending token, when the statement is not for users. */
export function screenStatement(sql: string, rules: ScreenRules): void {
  const tokens = scanSql(sql);
  let start = 0;
  for (let end = 0; end <= tokens.length; end++) {
    if (end < tokens.length && !isSymbol(tokens[end], ';')) continue;
    screenTokens(tokens.slice(start, end), rules);
    start = end + 1;
  }
}

function screenTokens(tokens: readonly SqlToken[], rules: ScreenRules): void {
  const verbAt = verbIndex(tokens);
  checkVerb(tokens, verbAt, rules);
  tokens.forEach((token, index) => {
    if (token.kind === 'string' || token.kind === 'quoted') checkOwnFile(token, rules);
    if (token.kind !== 'word' && token.kind !== 'quoted') {
      if (token.kind === 'string') checkScannedFile(tokens, index, rules);
      return;
    }
    if (isSymbol(tokens[index + 1], '(')) checkFunction(tokens, index, rules);
    else checkScannedFile(tokens, index, rules);
    if (nameOf(token) === 'augur') checkInternalRelation(tokens, index);
  });
}

/** Index of the word that says what is done, behind EXPLAIN and PREPARE … AS. */
function verbIndex(tokens: readonly SqlToken[]): number {
  let index = 0;
  while (wordAt(tokens, index) === 'explain') {
    index++;
    while (['analyze', 'verbose'].includes(wordAt(tokens, index) ?? '')) index++;
    if (isSymbol(tokens[index], '(')) index = closingIndex(tokens, index) + 1;
  }
  if (wordAt(tokens, index) === 'prepare') {
    index =
      tokens.findIndex((token, at) => at > index && token.kind === 'word' && nameOf(token) === 'as') + 1;
  }
  return index;
}

function checkVerb(tokens: readonly SqlToken[], index: number, rules: ScreenRules): void {
  const verb = wordAt(tokens, index);
  const token = tokens[index];
  if (verb === undefined || token === undefined) return;
  const rest = tokens.slice(index + 1);
  if (forbiddenVerbs.has(verb)) throw denied(`${verb.toUpperCase()} is not allowed`, token);
  if (wordAt(tokens, 0) === 'explain' && index > 0 && !explainedVerbs.has(verb)) {
    throw engineError(SqlState.featureNotSupported, `EXPLAIN ${verb.toUpperCase()} is not supported`, {
      position: token.start,
    });
  }
  if (verb === 'update' && wordAt(rest, 0) === 'extensions')
    throw denied('UPDATE EXTENSIONS is not allowed', token);
  if (verb === 'set' || verb === 'reset' || verb === 'pragma') checkSetting(verb, rest, token);
  if (verb === 'copy') checkCopy(rest, token, rules);
  if (verb === 'create' || verb === 'drop' || verb === 'alter') checkDefinition(rest);
  if (verb === 'comment' && rest.some((word) => nameOf(word) === 'augur')) {
    throw denied('the schema "augur" belongs to the engine', token);
  }
}

function checkDefinition(rest: readonly SqlToken[]): void {
  const object = rest.findIndex(
    (token) => token.kind === 'word' && /^(schema|secret|database)$/i.test(token.value),
  );
  if (object < 0 || object > 3) return;
  const kind = rest[object]!.value.toLowerCase();
  if (kind !== 'schema') throw denied(`${kind}s may not be defined`, rest[object]!);
  const name = rest.slice(object + 1).find((token) => nameOf(token) === 'augur');
  if (name !== undefined) throw denied('the schema "augur" belongs to the engine', name);
}

/**
 * COPY between a table and a file: the file by a literal, in an allowed directory. Standard input and output
 * pass.
 */
function checkCopy(rest: readonly SqlToken[], verb: SqlToken, rules: ScreenRules): void {
  let depth = 0;
  for (const [index, token] of rest.entries()) {
    if (isSymbol(token, '(')) depth++;
    if (isSymbol(token, ')')) depth--;
    const word = token.kind === 'word' ? nameOf(token) : '';
    if (depth > 0 || (word !== 'to' && word !== 'from')) continue;
    const target = rest[index + 1];
    if (target?.kind === 'word' && /^(stdin|stdout)$/i.test(target.value)) return;
    const next = rest[index + 2];
    const isAlone = next === undefined || isSymbol(next, '(') || next.kind === 'word';
    if (target?.kind !== 'string' || !isAlone)
      throw denied('COPY must name its file by a literal', target ?? verb);
    return checkPath(target, rules);
  }
}

function checkFunction(tokens: readonly SqlToken[], index: number, rules: ScreenRules): void {
  const token = tokens[index]!;
  const name = nameOf(token);
  const isLiteralHistogram = name === 'histogram' && tokens[index + 2]?.kind === 'string';
  if (name.startsWith('__augur_') || forbiddenFunctions.has(name) || isLiteralHistogram) {
    throw denied(`function "${token.value}" is not allowed`, token);
  }
  if (fileFunctions.has(name)) checkFileArgument(tokens, index + 1, rules);
}

/** The first argument: a string literal or a bracketed list of them, and nothing that computes. */
function checkFileArgument(tokens: readonly SqlToken[], open: number, rules: ScreenRules): void {
  const named = tokens[open - 1]!;
  const isList = isSymbol(tokens[open + 1], '[');
  let index = open + (isList ? 2 : 1);
  do {
    const literal = tokens[index];
    if (literal?.kind !== 'string')
      throw denied(`${named.value} must name its files by literals`, literal ?? named);
    checkPath(literal, rules);
    index++;
  } while (isList && isSymbol(tokens[index], ',') && index++ > 0);
  if (isList && isSymbol(tokens[index], ']')) index++;
  const after = tokens[index];
  if (isSymbol(after, ',') || isSymbol(after, ')')) return;
  throw denied(`${named.value} must name its files by literals`, after ?? named);
}

function checkPath(literal: SqlToken, rules: ScreenRules): void {
  const path = resolve(literal.value);
  const isAllowed =
    !/^[a-z][a-z0-9+]*:/i.test(literal.value) && rules.allowedPaths.some((root) => isWithin(path, root));
  if (!isAllowed) throw denied(`access to "${literal.value}" is not allowed`, literal);
}

/** A file named where a table could be: DuckDB reads it by its extension. */
function checkScannedFile(tokens: readonly SqlToken[], index: number, rules: ScreenRules): void {
  const token = tokens[index]!;
  const before = wordAt(tokens, index - 1);
  const isRelation = before !== undefined && /^(from|join|describe|summarize|table)$/.test(before);
  if (!isRelation || token.kind === 'word') return;
  if (/[\\/]|\.(csv|tsv|txt|json|jsonl|ndjson|parquet|db|ddb|duckdb|gz|zst)$/i.test(token.value))
    checkPath(token, rules);
}

/** The database's file, its log and its temporary directory, however they are named. */
function checkOwnFile(token: SqlToken, rules: ScreenRules): void {
  if (rules.file === undefined || !resolve(token.value).startsWith(rules.file)) return;
  if (token.value !== '') throw denied('access to the database file is not allowed', token);
}

function checkInternalRelation(tokens: readonly SqlToken[], index: number): void {
  if (!isSymbol(tokens[index + 1], '.')) return;
  const relation = tokens[index + 2];
  const token = tokens[index]!;
  const name = relation === undefined ? '' : nameOf(relation);
  // Of `main_db.augur.models` the word before the first name counts.
  let first = index;
  while (isSymbol(tokens[first - 1], '.')) first -= 2;
  const isTarget = targetWords.has(wordAt(tokens, first - 1) ?? '');
  if (readableRelations.has(name) && !isTarget) return;
  throw denied(`permission denied for relation "augur.${relation?.value ?? ''}"`, token);
}

function nameOf(token: SqlToken): string {
  return token.kind === 'string' ? '' : token.value.toLowerCase();
}

function wordAt(tokens: readonly SqlToken[], index: number): string | undefined {
  const token = tokens[index];
  return token?.kind === 'word' ? token.value.toLowerCase() : undefined;
}

function isSymbol(token: SqlToken | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.value === symbol;
}

function closingIndex(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (isSymbol(tokens[index], '(')) depth++;
    if (isSymbol(tokens[index], ')') && --depth === 0) return index;
  }
  return tokens.length;
}

function denied(message: string, token: SqlToken): EngineError {
  return engineError(SqlState.insufficientPrivilege, message, { position: token.start });
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}
