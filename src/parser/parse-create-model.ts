/** CREATE MODEL: the whole grammar of BigQuery ML, and those of its rules that need no schema. */
import type { EngineError, Span } from '../core/index.ts';
import { syntaxError } from '../core/index.ts';
import type { ColumnDefinition, CreateModelStatement, OptionNode, SqlFragment } from './ast.ts';
import { checkCreateModel } from './check-create-model.ts';
import type { Cursor } from './cursor.ts';
import { parseOptions } from './parse-options.ts';
import { narrowed, parseFragment } from './parse-query.ts';
import { parseTransform } from './parse-transform.ts';

type Clauses = {
  -readonly [
    Key in 'inputOutput' | 'transform' | 'remote' | 'options' | 'optionsSpan'
  ]: CreateModelStatement[Key];
};
type Training = Pick<CreateModelStatement, 'query' | 'namedQueries'>;

/** Words between CREATE and MODEL. */
const scopes: ReadonlySet<string> = new Set(['TEMP', 'TEMPORARY', 'PUBLIC', 'PRIVATE']);

/** Whether CREATE [OR REPLACE] [scope] MODEL stands at the cursor, `ahead` tokens on. */
export function isCreateModel(cursor: Cursor, ahead = 0): boolean {
  if (!cursor.isWord('CREATE', ahead)) return false;
  let next = ahead + 1;
  if (cursor.isWord('OR', next) && cursor.isWord('REPLACE', next + 1)) next += 2;
  if (scopes.has(cursor.word(next))) next++;
  return cursor.isWord('MODEL', next);
}

/**
 * create_model := CREATE [OR REPLACE] [TEMP | TEMPORARY] MODEL [IF NOT EXISTS] path
 *                 [input_output] [transform] [remote] [options] [as_clause]
 */
export function parseCreateModel(cursor: Cursor): CreateModelStatement {
  const from = cursor.index;
  cursor.expectWord('CREATE');
  const orReplace = cursor.acceptWords('OR', 'REPLACE');
  const isTemporary = parseScope(cursor);
  cursor.expectWord('MODEL');
  cursor.setMode('model');
  const ifNotExists = cursor.acceptWords('IF', 'NOT', 'EXISTS');
  const name = cursor.modelPath();
  if (orReplace && ifNotExists) {
    throw syntaxError('CREATE MODEL cannot have both OR REPLACE and IF NOT EXISTS', cursor.table.start(from));
  }
  const clauses = parseClauses(cursor);
  const training = parseTraining(cursor);
  cursor.expectEnd();
  const kind = 'create-model';
  const head = { kind, span: cursor.spanFrom(from), orReplace, isTemporary, ifNotExists, name } as const;
  const statement = { ...head, ...clauses, ...training };
  checkCreateModel(statement);
  return statement;
}

/** scope := TEMP | TEMPORARY | PUBLIC | PRIVATE; the last two are grammatical and always refused */
function parseScope(cursor: Cursor): boolean {
  const word = cursor.word();
  if (!scopes.has(word)) return false;
  if (word === 'PUBLIC' || word === 'PRIVATE') {
    throw syntaxError(`CREATE ${word} MODEL is not allowed`, cursor.start(), `Leave out ${word}.`);
  }
  cursor.index++;
  return true;
}

/** clauses := [input_output] [transform] [remote] [options], the first two in either order */
function parseClauses(cursor: Cursor): Clauses {
  const clauses: Clauses = {
    inputOutput: undefined,
    transform: undefined,
    remote: undefined,
    options: [],
    optionsSpan: undefined,
  };
  if (cursor.isWord('TRANSFORM')) clauses.transform = parseTransformClause(cursor);
  if (cursor.isWord('INPUT')) clauses.inputOutput = parseInputOutput(cursor);
  if (cursor.isWord('TRANSFORM')) {
    if (clauses.transform !== undefined) throw cursor.unexpected('There is one TRANSFORM clause.');
    clauses.transform = parseTransformClause(cursor);
  }
  clauses.remote = parseRemote(cursor);
  const from = cursor.index;
  if (cursor.acceptWord('OPTIONS')) {
    clauses.options = parseOptions(cursor);
    clauses.optionsSpan = cursor.spanFrom(from);
  }
  if (!cursor.isAtEnd() && !cursor.isWord('AS')) throw unexpectedClause(cursor, clauses.options);
  return clauses;
}

/** The error about what stands after the clauses, with the mistake that is likely behind it. */
function unexpectedClause(cursor: Cursor, options: readonly OptionNode[]): EngineError {
  const order = 'Clauses come in this order: TRANSFORM, INPUT and OUTPUT, REMOTE, OPTIONS, AS.';
  if (cursor.isWord('TRANSFORM')) return cursor.unexpected('TRANSFORM comes before OPTIONS.');
  if (cursor.isWord('OUTPUT')) return cursor.unexpected('OUTPUT(…) stands after INPUT(…).');
  if (cursor.isSymbol('=', 1)) return cursor.unexpected('Options are given as OPTIONS(name = value, …).');
  if (cursor.isWord('SELECT')) return cursor.unexpected('The query stands after AS.');
  return cursor.unexpected(options.length === 0 ? `Expected TRANSFORM, OPTIONS or AS. ${order}` : order);
}

function parseTransformClause(cursor: Cursor): CreateModelStatement['transform'] {
  const from = cursor.index;
  cursor.expectWord('TRANSFORM');
  const items = parseTransform(cursor);
  return { items, span: cursor.spanFrom(from) };
}

/** input_output := INPUT "(" column {"," column} ")" OUTPUT "(" column {"," column} ")" */
function parseInputOutput(cursor: Cursor): CreateModelStatement['inputOutput'] {
  const from = cursor.index;
  cursor.expectWord('INPUT');
  const input = parseColumns(cursor);
  cursor.expectWord('OUTPUT', 'INPUT(…) is followed by OUTPUT(…).');
  const output = parseColumns(cursor);
  return { input, output, span: cursor.spanFrom(from) };
}

function parseColumns(cursor: Cursor): readonly ColumnDefinition[] {
  cursor.expectSymbol('(', 'Expected a list of columns: (name type, …).');
  const columns: ColumnDefinition[] = [];
  do columns.push(parseColumn(cursor));
  while (cursor.acceptSymbol(','));
  cursor.expectSymbol(')', 'Expected "," or ")" after a column.');
  return columns;
}

/** column := name type */
function parseColumn(cursor: Cursor): ColumnDefinition {
  const from = cursor.index;
  const name = cursor.name('a column name');
  const typeFrom = cursor.index;
  let depth = 0;
  while (depth > 0 || !(cursor.isSymbol(',') || cursor.isSymbol(')'))) {
    if (cursor.isAtEnd()) throw cursor.unexpected('Expected a closing parenthesis.');
    if (cursor.isSymbol('(') || cursor.isSymbol('<')) depth++;
    else if (cursor.isSymbol(')') || cursor.isSymbol('>')) depth--;
    cursor.index++;
  }
  if (cursor.index === typeFrom) throw cursor.unexpected(`Expected the type of column "${name}".`);
  return { name, typeText: cursor.textBetween(typeFrom, cursor.index), span: cursor.spanFrom(from) };
}

/** remote := REMOTE [WITH CONNECTION (path | DEFAULT)] | WITH CONNECTION (path | DEFAULT) */
function parseRemote(cursor: Cursor): CreateModelStatement['remote'] {
  const from = cursor.index;
  const isRemote = cursor.acceptWord('REMOTE');
  const hasConnection = cursor.acceptWords('WITH', 'CONNECTION');
  if (!isRemote && !hasConnection) return undefined;
  const isDefault = hasConnection && cursor.acceptWord('DEFAULT');
  const connection = hasConnection && !isDefault ? cursor.path('a connection name') : undefined;
  return { connection: isDefault ? 'default' : connection, isRemote, span: cursor.spanFrom(from) };
}

/** as_clause := AS query | AS "(" name AS "(" query ")" {"," name AS "(" query ")"} ")" */
function parseTraining(cursor: Cursor): Training {
  if (!cursor.acceptWord('AS')) return { query: undefined, namedQueries: undefined };
  const isNamed =
    cursor.isSymbol('(') && !cursor.isWord('SELECT', 1) && cursor.isName(1) && cursor.isWord('AS', 2);
  if (isNamed) return { query: undefined, namedQueries: parseNamedQueries(cursor) };
  return { query: parseTrainingQuery(cursor), namedQueries: undefined };
}

function parseNamedQueries(cursor: Cursor): NonNullable<Training['namedQueries']> {
  cursor.index++;
  const queries = [];
  do {
    const from = cursor.index;
    const name = cursor.name('the name of a query');
    const nameSpan = cursor.spanFrom(from);
    cursor.expectWord('AS');
    cursor.expectSymbol('(', `The query named "${name}" stands in parentheses.`);
    const query = parseFragment(cursor, 'closing');
    cursor.expectSymbol(')');
    queries.push({ name, nameSpan, query });
  } while (cursor.acceptSymbol(','));
  cursor.expectSymbol(')', 'Expected "," or ")" after a named query.');
  return queries;
}

/** The query after AS, without the parentheses that enclose all of it. */
function parseTrainingQuery(cursor: Cursor): SqlFragment {
  const from = cursor.index;
  const whole = parseFragment(cursor, 'query');
  let first = from;
  let last = cursor.index - 1;
  while (isEnclosed(cursor, first, last)) [first, last] = [first + 1, last - 1];
  const span: Span = { start: cursor.table.start(first), end: cursor.table.end(last) };
  return first === from ? whole : narrowed(whole, span);
}

/** Whether the tokens [first, last] are one pair of parentheses with something inside. */
function isEnclosed(cursor: Cursor, first: number, last: number): boolean {
  const { table } = cursor;
  const symbol = (index: number): string => table.text.slice(table.start(index), table.end(index));
  if (last - first < 2 || symbol(first) !== '(' || symbol(last) !== ')') return false;
  let depth = 0;
  for (let index = first; index < last; index++) {
    if (table.end(index) - table.start(index) !== 1) continue;
    if (symbol(index) === '(') depth++;
    else if (symbol(index) === ')') depth--;
    if (depth === 0) return false;
  }
  return true;
}
