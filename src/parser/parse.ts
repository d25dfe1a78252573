/** A script into statements: split at semicolons, ours read in full, all others kept as text and classed. */
import {
  PARAMETER_COUNT_MAX,
  STATEMENT_BYTES_MAX,
  SqlState,
  engineError,
  limitExceeded,
} from '../core/index.ts';
import type { PlainStatement, Statement } from './ast.ts';
import { Cursor } from './cursor.ts';
import { isCreateModel, parseCreateModel } from './parse-create-model.ts';
import {
  isExplainModel,
  parseAlterModel,
  parseDescribeModel,
  parseDropModel,
  parseExplainModel,
  parseExportModel,
  parseShowCreateModel,
  parseShowModels,
} from './parse-model-statement.ts';
import { parseFragment } from './parse-query.ts';
import { classify } from './statement-class.ts';
import { TokenKind } from './token.ts';
import { TokenTable } from './token-table.ts';

/**
 * script := { [statement] ";" } [statement]
 *
 * The statements of a script, in order; none for a script of white space, comments and semicolons. Every span
 * and error position is an offset into `text`. Throws EngineError: 42601 for what is not in the grammar,
 * 54000 beyond a limit.
 */
export function parse(text: string): readonly Statement[] {
  if (Buffer.byteLength(text) > STATEMENT_BYTES_MAX) {
    throw limitExceeded(`script is longer than ${STATEMENT_BYTES_MAX} bytes`, 'Load data with COPY.');
  }
  const cursor = new Cursor(new TokenTable(text));
  const statements: Statement[] = [];
  for (;;) {
    while (cursor.acceptSymbol(';')) cursor.setMode('sql');
    if (cursor.kind() === TokenKind.end) return statements;
    cursor.resetDepth();
    statements.push(parseStatement(cursor));
  }
}

/** statement := one of ours, by its first words | any other SQL */
function parseStatement(cursor: Cursor): Statement {
  if (isCreateModel(cursor)) return parseCreateModel(cursor);
  if (isExplainModel(cursor)) return parseExplainModel(cursor);
  if (cursor.areWords('ALTER', 'MODEL')) return parseAlterModel(cursor);
  if (cursor.areWords('DROP', 'MODEL')) return parseDropModel(cursor);
  if (cursor.areWords('EXPORT', 'MODEL')) return parseExportModel(cursor);
  if (cursor.areWords('SHOW', 'MODELS')) return parseShowModels(cursor);
  if (cursor.areWords('SHOW', 'CREATE', 'MODEL')) return parseShowCreateModel(cursor);
  const isDescribe = cursor.isWord('DESCRIBE') || cursor.isWord('DESC');
  if (isDescribe && cursor.isWord('MODEL', 1) && cursor.isName(2)) return parseDescribeModel(cursor);
  return parsePlain(cursor);
}

/** plain := any tokens up to a semicolon outside brackets */
function parsePlain(cursor: Cursor): PlainStatement {
  const from = cursor.index;
  const fragment = parseFragment(cursor, 'statement');
  const parameters = findParameters(cursor, from);
  const parameterCount = parameters.reduce((highest, { index }) => Math.max(highest, index), 0);
  const statementClass = classify(new Cursor(cursor.table, from, cursor.index), fragment);
  return { kind: 'plain', span: fragment.span, fragment, class: statementClass, parameterCount, parameters };
}

/** Every `$n` between two tokens. Throws for a number that no parameter can have. */
function findParameters(cursor: Cursor, from: number): PlainStatement['parameters'] {
  const parameters = [];
  const { table } = cursor;
  for (let token = from; token < cursor.index; token++) {
    if (table.kind(token) !== TokenKind.parameter) continue;
    const span = { start: table.start(token), end: table.end(token) };
    const index = Number(table.text.slice(span.start + 1, span.end));
    if (index < 1 || index > PARAMETER_COUNT_MAX) {
      const message = `there is no parameter $${index}`;
      const hint = `Parameters are numbered from 1 to ${PARAMETER_COUNT_MAX}.`;
      throw engineError(SqlState.undefinedParameter, message, { position: span.start, hint });
    }
    parameters.push({ index, span });
  }
  return parameters;
}
