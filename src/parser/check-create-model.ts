/**
 * Rules of CREATE MODEL that need no schema: which clauses go together. Source: the analyzer of GoogleSQL.
 */
import { type EngineError, syntaxError } from '../core/index.ts';
import type { CreateModelStatement } from './ast.ts';

/** Model types that are imported from files and so need no query. */
const importedTypes: ReadonlySet<string> = new Set(['ONNX', 'TENSORFLOW', 'TENSORFLOW_LITE', 'XGBOOST']);

/**
 * Throws a syntax error, with its place, for clauses that may not stand together or for one that is missing.
 */
export function checkCreateModel(statement: CreateModelStatement): void {
  const broken = remoteMistake(statement) ?? transformMistake(statement) ?? queryMistake(statement);
  if (broken !== undefined) throw broken;
}

function hasTraining(statement: CreateModelStatement): boolean {
  return statement.query !== undefined || statement.namedQueries !== undefined;
}

function remoteMistake({ remote, namedQueries }: CreateModelStatement): EngineError | undefined {
  if (remote === undefined) return undefined;
  if (!remote.isRemote) {
    const hint = 'Connections are for remote models: REMOTE WITH CONNECTION name.';
    return syntaxError('WITH CONNECTION needs REMOTE', remote.span.start, hint);
  }
  if (namedQueries === undefined) return undefined;
  return syntaxError('a remote model takes no list of named queries', namedQueries[0]!.nameSpan.start);
}

function transformMistake(statement: CreateModelStatement): EngineError | undefined {
  const { transform, remote, namedQueries } = statement;
  if (transform === undefined) return undefined;
  const { start } = transform.span;
  if (remote?.isRemote === true) return syntaxError('a remote model takes no TRANSFORM clause', start);
  if (namedQueries !== undefined)
    return syntaxError('TRANSFORM does not go with a list of named queries', start);
  if (hasTraining(statement)) return undefined;
  return syntaxError('TRANSFORM needs a query after AS', start);
}

function queryMistake(statement: CreateModelStatement): EngineError | undefined {
  const { inputOutput, remote, name } = statement;
  if (inputOutput !== undefined && hasTraining(statement)) {
    const hint = 'INPUT and OUTPUT describe imported and remote models, which learn from no query.';
    return syntaxError('INPUT and OUTPUT do not go with a query after AS', inputOutput.span.start, hint);
  }
  if (hasTraining(statement) || remote !== undefined || isImported(statement)) return undefined;
  const hint = 'Add AS SELECT …, the query whose rows the model learns from.';
  return syntaxError('CREATE MODEL needs an AS SELECT clause', name.span.start, hint);
}

/** Whether MODEL_TYPE names an imported type. */
function isImported(statement: CreateModelStatement): boolean {
  const value = statement.options.find((option) => option.name.toLowerCase() === 'model_type')?.value;
  return value?.kind === 'string' && importedTypes.has(value.value.toUpperCase());
}
