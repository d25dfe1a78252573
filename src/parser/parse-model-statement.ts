/**
 * Statements about a model that stands: ALTER, DROP, EXPORT, SHOW, DESCRIBE, and EXPLAIN of one to be made.
 */
import { unsupported } from '../core/index.ts';
import type {
  AlterModelStatement,
  DescribeModelStatement,
  DropModelStatement,
  ExplainModelStatement,
  ExportModelStatement,
  ShowCreateModelStatement,
  ShowModelsStatement,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isCreateModel, parseCreateModel } from './parse-create-model.ts';
import { parseOptions } from './parse-options.ts';
import { decodeString } from './string-value.ts';
import { TokenKind } from './token.ts';

/** alter_model := ALTER MODEL [IF EXISTS] path SET OPTIONS "(" option {"," option} ")" */
export function parseAlterModel(cursor: Cursor): AlterModelStatement {
  const from = cursor.index;
  cursor.index += 2;
  cursor.setMode('model');
  const ifExists = cursor.acceptWords('IF', 'EXISTS');
  const name = cursor.modelPath();
  if (cursor.isWord('RENAME')) {
    throw unsupported('renaming a model', cursor.start(), 'Create a new model, then drop the old one.');
  }
  cursor.expectWord('SET', 'A model is altered by SET OPTIONS(…) alone.');
  cursor.expectWord('OPTIONS', 'A model is altered by SET OPTIONS(…) alone.');
  const options = parseOptions(cursor);
  cursor.expectEnd('A model is altered by one SET OPTIONS(…).');
  return { kind: 'alter-model', span: cursor.spanFrom(from), ifExists, name, options };
}

/** drop_model := DROP MODEL [IF EXISTS] path */
export function parseDropModel(cursor: Cursor): DropModelStatement {
  const from = cursor.index;
  cursor.index += 2;
  cursor.setMode('model');
  const ifExists = cursor.acceptWords('IF', 'EXISTS');
  const name = cursor.modelPath();
  cursor.expectEnd('DROP MODEL drops one model.');
  return { kind: 'drop-model', span: cursor.spanFrom(from), ifExists, name };
}

/** export_model := EXPORT MODEL path [WITH CONNECTION path] OPTIONS "(" option {"," option} ")" */
export function parseExportModel(cursor: Cursor): ExportModelStatement {
  const from = cursor.index;
  cursor.index += 2;
  cursor.setMode('model');
  const name = cursor.modelPath();
  if (cursor.areWords('WITH', 'CONNECTION')) {
    throw unsupported('EXPORT MODEL … WITH CONNECTION', cursor.start(), 'Leave out the connection.');
  }
  cursor.expectWord('OPTIONS', "Expected OPTIONS(uri = '…').");
  const options = parseOptions(cursor);
  cursor.expectEnd();
  return { kind: 'export-model', span: cursor.spanFrom(from), name, options };
}

/** show_models := SHOW MODELS [LIKE string] [(IN | FROM) name], in either order */
export function parseShowModels(cursor: Cursor): ShowModelsStatement {
  const from = cursor.index;
  cursor.index += 2;
  cursor.setMode('model');
  let like: string | undefined;
  let schema: string | undefined;
  while (!cursor.isAtEnd()) {
    if (like === undefined && cursor.acceptWord('LIKE')) like = parsePattern(cursor);
    else if (schema === undefined && (cursor.acceptWord('IN') || cursor.acceptWord('FROM'))) {
      schema = cursor.name('a schema name');
    } else throw cursor.unexpected("Expected LIKE 'pattern' or IN schema.");
  }
  return { kind: 'show-models', span: cursor.spanFrom(from), like, schema };
}

function parsePattern(cursor: Cursor): string {
  if (cursor.kind() !== TokenKind.string) throw cursor.unexpected("Expected a pattern: LIKE 'churn%'.");
  const pattern = decodeString(cursor.text(), cursor.table.mode);
  cursor.index++;
  return pattern;
}

/** describe_model := (DESCRIBE | DESC) MODEL path */
export function parseDescribeModel(cursor: Cursor): DescribeModelStatement {
  const from = cursor.index;
  cursor.index += 2;
  cursor.setMode('model');
  const name = cursor.modelPath();
  cursor.expectEnd();
  return { kind: 'describe-model', span: cursor.spanFrom(from), name };
}

/** show_create_model := SHOW CREATE MODEL path */
export function parseShowCreateModel(cursor: Cursor): ShowCreateModelStatement {
  const from = cursor.index;
  cursor.index += 3;
  cursor.setMode('model');
  const name = cursor.modelPath();
  cursor.expectEnd();
  return { kind: 'show-create-model', span: cursor.spanFrom(from), name };
}

/** Tokens from EXPLAIN to what is explained; 0 if that is no CREATE MODEL. */
function explainLength(cursor: Cursor): number {
  let ahead = 1;
  if (cursor.isSymbol('(', ahead)) {
    while (
      cursor.kind(ahead) !== TokenKind.end &&
      !cursor.isSymbol(')', ahead) &&
      !cursor.isSymbol(';', ahead)
    )
      ahead++;
    ahead++;
  }
  while (cursor.isWord('ANALYZE', ahead) || cursor.isWord('VERBOSE', ahead)) ahead++;
  return isCreateModel(cursor, ahead) ? ahead : 0;
}

/** Whether EXPLAIN … CREATE MODEL stands at the cursor. */
export function isExplainModel(cursor: Cursor): boolean {
  return cursor.isWord('EXPLAIN') && explainLength(cursor) > 0;
}

/**
 * explain_model := EXPLAIN [ANALYZE] [VERBOSE] create_model | EXPLAIN "(" option {"," option} ")"
 *   create_model
 */
export function parseExplainModel(cursor: Cursor): ExplainModelStatement {
  const from = cursor.index;
  const length = explainLength(cursor);
  let isAnalyze = false;
  for (let ahead = 1; ahead < length; ahead++) {
    if (cursor.isWord('ANALYZE', ahead))
      isAnalyze = !['FALSE', 'OFF', '0'].includes(cursor.text(ahead + 1).toUpperCase());
  }
  cursor.index += length;
  const statement = parseCreateModel(cursor);
  return { kind: 'explain-model', span: cursor.spanFrom(from), isAnalyze, statement };
}
