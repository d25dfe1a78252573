/**
 * What the parser's tests share: one statement of a text, the error of a text, trees without their places.
 */
import { EngineError } from '../../src/core/index.ts';
import type {
  CreateModelStatement,
  PlainStatement,
  Statement,
  StatementClass,
} from '../../src/parser/ast.ts';
import { parse } from '../../src/parser/parse.ts';

/** The only statement of a script. */
export function one(text: string): Statement {
  const statements = parse(text);
  if (statements.length !== 1) throw new TypeError(`${statements.length} statements in ${text}`);
  return statements[0]!;
}

export function plain(text: string): PlainStatement {
  const statement = one(text);
  if (statement.kind !== 'plain') throw new TypeError(`${statement.kind} is not plain`);
  return statement;
}

export function createModel(text: string): CreateModelStatement {
  const statement = one(text);
  if (statement.kind !== 'create-model') throw new TypeError(`${statement.kind} is not create-model`);
  return statement;
}

export function classOf(text: string): StatementClass {
  return withoutSpans(plain(text).class);
}

/** What stands at the error's position, its message and hint. */
export function failure(text: string): { message: string; state: string; at: string; hint: string } {
  try {
    parse(text);
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    const { message, state, position, hint } = thrown;
    return { message, state, at: position === undefined ? '' : text.slice(position), hint: hint ?? '' };
  }
  throw new TypeError(`no error in ${text}`);
}

const places: ReadonlySet<string> = new Set(['span', 'nameSpan', 'optionsSpan']);

/** The tree without spans, and without fields that are undefined. */
export function withoutSpans<T>(node: T): T {
  const text = JSON.stringify(node, (key, value: unknown) => (places.has(key) ? undefined : value));
  return JSON.parse(text) as T;
}
