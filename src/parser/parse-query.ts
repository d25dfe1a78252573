/**
 * Any SQL that is not ours, kept as text, with the ML calls in it found. One pass over the tokens; all it
 * understands are brackets and where a table may stand.
 */
import { quoteIdentifier, type Span } from '../core/index.ts';
import type { CommonTables, MlCall, Respelling, SqlFragment } from './ast.ts';
import { CommonTableList, startsCommonTables } from './common-table.ts';
import type { Cursor } from './cursor.ts';
import { endsFromList, startsQuery } from './keyword.ts';
import { parseMlCall } from './parse-ml-call.ts';
import { decodeName, isBacktick } from './string-value.ts';
import { TokenKind } from './token.ts';

/**
 * How the text ends: `statement` at a top-level semicolon, whatever the brackets; `query` there too, with
 * balanced brackets; `closing` before the bracket that closes what is around.
 */
export type FragmentEnd = 'statement' | 'query' | 'closing';

/** What is known of one level of brackets. */
interface Level {
  /** Whether FROM begins a list of tables here, and not a part of EXTRACT(… FROM …). */
  isQuery: boolean;
  /** Whether a comma here separates tables. */
  isFromList: boolean;
  /** The WITH list of this level. */
  commonTables?: CommonTableList;
}

/** The scan of one fragment. */
class FragmentScan {
  readonly islands: MlCall[] = [];
  readonly respellings: Respelling[] = [];
  readonly #cursor: Cursor;
  readonly #levels: Level[] = [];
  #level: Level = { isQuery: true, isFromList: false };
  /** Whether the token that comes now stands where a table may stand. */
  #isTablePlace = false;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  get depth(): number {
    return this.#levels.length;
  }

  /** Takes one token, or one whole ML call. */
  step(): void {
    switch (this.#cursor.kind()) {
      case TokenKind.symbol:
        this.#symbol(this.#cursor.text());
        break;
      case TokenKind.word:
        this.#word(this.#cursor.word());
        break;
      case TokenKind.quotedName:
        this.#quotedName(this.#cursor.text());
        break;
      default:
        this.#isTablePlace = false;
        this.#cursor.index++;
    }
  }

  /** Gives back the levels that were never closed. */
  abandon(): void {
    while (this.#levels.length > 0) this.#pop();
  }

  #symbol(symbol: string): void {
    this.#cursor.index++;
    if (symbol === '(' || symbol === '[' || symbol === '{') this.#push();
    else if (symbol === ')' || symbol === ']' || symbol === '}') this.#pop();
    else this.#isTablePlace = symbol === ',' && this.#level.isFromList;
  }

  #push(): void {
    this.#cursor.enter();
    this.#levels.push(this.#level);
    this.#level = { isQuery: startsQuery(this.#cursor.word()), isFromList: this.#isTablePlace };
  }

  #pop(): void {
    this.#isTablePlace = false;
    const outer = this.#levels.pop();
    if (outer === undefined) return;
    this.#level = outer;
    this.#cursor.leave();
    outer.commonTables?.advance(this.#cursor);
  }

  #word(word: string): void {
    if (isMlCall(this.#cursor, this.#isTablePlace)) {
      this.#isTablePlace = false;
      const scopes = this.#scopes();
      this.islands.push({ ...parseMlCall(this.#cursor, parseEnclosed), scopes });
      return;
    }
    if (!isAfterDot(this.#cursor)) this.#keyword(word);
    else this.#isTablePlace = false;
    this.#cursor.index++;
  }

  /** The WITH lists of this level and of those around it, as far as they are complete. */
  #scopes(): readonly CommonTables[] {
    return [...this.#levels, this.#level].flatMap(({ commonTables }) => commonTables?.tables ?? []);
  }

  #keyword(word: string): void {
    if (word === 'WITH' && startsCommonTables(this.#cursor))
      this.#level.commonTables = new CommonTableList(this.#cursor);
    const isTableWord =
      word === 'JOIN' ||
      (word === 'USING' && this.#level.isQuery) ||
      (word === 'FROM' && this.#level.isQuery && !isAfterDistinct(this.#cursor));
    if (isTableWord) {
      this.#level.isFromList = true;
      this.#isTablePlace = true;
    } else if (word !== 'LATERAL' && word !== 'ONLY') {
      this.#isTablePlace = false;
      if (endsFromList(word)) this.#level.isFromList = false;
      if (word === 'SELECT' || word === 'DELETE' || word === 'UPDATE' || word === 'MERGE')
        this.#level.isQuery = true;
    }
  }

  #quotedName(text: string): void {
    if (isBacktick(text)) {
      const parts = isAfterDot(this.#cursor) ? [decodeName(text)] : decodeName(text).split('.');
      const { index } = this.#cursor;
      const span = { start: this.#cursor.start(), end: this.#cursor.table.end(index) };
      this.respellings.push({ span, text: parts.map(quoteIdentifier).join('.') });
    }
    this.#isTablePlace = false;
    this.#cursor.index++;
  }
}

/** Whether the token before the current one is a dot, so that a word here is a name. */
function isAfterDot(cursor: Cursor): boolean {
  return cursor.index > 0 && cursor.isSymbol('.', -1);
}

/** IS [NOT] DISTINCT FROM. */
function isAfterDistinct(cursor: Cursor): boolean {
  return cursor.index > 0 && cursor.isWord('DISTINCT', -1);
}

/**
 * Whether an ML call begins at the current token: `ML.X(` or `AI.X(` where a table may stand, or anywhere
 * else when its first argument is MODEL m. Other `ML.X(…)` are scalar functions and stay in the text.
 */
function isMlCall(cursor: Cursor, isTablePlace: boolean): boolean {
  const isPrefix = cursor.isWord('ML') || cursor.isWord('AI');
  if (!isPrefix || isAfterDot(cursor)) return false;
  const isCall = cursor.isSymbol('.', 1) && cursor.kind(2) === TokenKind.word && cursor.isSymbol('(', 3);
  return isCall && (isTablePlace || (cursor.isWord('MODEL', 4) && cursor.isName(5)));
}

/** `#` comments of a span that are not in one of the islands, as respellings. */
function respelledComments(comments: readonly Span[], span: Span, islands: readonly MlCall[]): Respelling[] {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comments[middle]!.start < span.start) low = middle + 1;
    else high = middle;
  }
  const respellings: Respelling[] = [];
  let island = 0;
  for (let next = low; next < comments.length && comments[next]!.end <= span.end; next++) {
    while (island < islands.length && islands[island]!.span.end <= comments[next]!.start) island++;
    const isInside = island < islands.length && islands[island]!.span.start <= comments[next]!.start;
    if (!isInside) respellings.push({ span: comments[next]!, text: ' ' });
  }
  return respellings;
}

/**
 * query := token { token }, with balanced brackets, up to the end that is asked for. Brackets that a
 * `statement` leaves open or closes too often are the embedded database's to report; inside a call or a
 * statement of ours they are an error.
 */
export function parseFragment(cursor: Cursor, end: FragmentEnd): SqlFragment {
  const from = cursor.index;
  const scan = new FragmentScan(cursor);
  while (cursor.kind() !== TokenKind.end) {
    if (scan.depth === 0 && isFragmentEnd(cursor, end)) break;
    if (end !== 'statement' && cursor.isSymbol(';')) throw cursor.unexpected(unclosed);
    scan.step();
  }
  const isOpen = scan.depth > 0 || (end === 'closing' && cursor.kind() === TokenKind.end);
  if (end !== 'statement' && isOpen) throw cursor.unexpected(unclosed);
  if (end === 'query' && !cursor.isAtEnd()) throw cursor.unexpected('There is no parenthesis to close.');
  scan.abandon();
  return fragmentOf(cursor, from, scan.islands, scan.respellings);
}

/** The query inside a parenthesis that was taken, up to the one that closes it. */
function parseEnclosed(cursor: Cursor): SqlFragment {
  return parseFragment(cursor, 'closing');
}

const unclosed = 'Expected a closing parenthesis.';

function isFragmentEnd(cursor: Cursor, end: FragmentEnd): boolean {
  if (cursor.kind() !== TokenKind.symbol) return false;
  if (cursor.isSymbol(';') && end !== 'closing') return true;
  const isClosing = cursor.isSymbol(')') || cursor.isSymbol(']') || cursor.isSymbol('}');
  return isClosing && end !== 'statement';
}

/** The fragment of the tokens from `from` to the current one. */
function fragmentOf(
  cursor: Cursor,
  from: number,
  islands: readonly MlCall[],
  names: readonly Respelling[],
): SqlFragment {
  if (cursor.index === from) throw cursor.unexpected('Expected a query.');
  const span = cursor.spanFrom(from);
  const comments = respelledComments(cursor.table.hashComments, span, islands);
  const respellings = [...names, ...comments].sort((left, right) => left.span.start - right.span.start);
  const fragment = { text: cursor.table.text.slice(span.start, span.end), span, islands };
  return respellings.length === 0 ? fragment : { ...fragment, respellings };
}

/** The part of a fragment that lies in a narrower span. */
export function narrowed(fragment: SqlFragment, span: Span): SqlFragment {
  const isWithin = (inner: { readonly span: Span }): boolean =>
    inner.span.start >= span.start && inner.span.end <= span.end;
  const respellings = fragment.respellings?.filter(isWithin) ?? [];
  const { start } = fragment.span;
  const part = {
    text: fragment.text.slice(span.start - start, span.end - start),
    span,
    islands: fragment.islands.filter(isWithin),
  };
  return respellings.length === 0 ? part : { ...part, respellings };
}
