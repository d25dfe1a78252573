/** Runs lowered SQL; an error's position is brought back to the client's own text. */
import { EngineError, type Parameter, type SqlType } from '../core/index.ts';
import type { DatabaseResult } from '../database/index.ts';
import type { SqlText } from '../planner/index.ts';
import type { ExecutorContext } from './context.ts';

/** The error with its position in the client's text instead of in `sql`. */
export function toSourceError(thrown: unknown, sql: SqlText): unknown {
  if (!(thrown instanceof EngineError) || thrown.position === undefined) return thrown;
  return new EngineError(thrown.message, {
    ...thrown.fields(),
    position: sql.sourcePosition(thrown.position),
  });
}

/** Runs one statement. */
export async function runSql(
  sql: SqlText,
  context: Pick<ExecutorContext, 'connection'> & Partial<Pick<ExecutorContext, 'isRepeated'>>,
  parameters: readonly Parameter[] = [],
  parameterTypes: readonly SqlType[] = [],
): Promise<DatabaseResult> {
  try {
    return await context.connection.run(sql.text, parameters, parameterTypes, context.isRepeated);
  } catch (thrown) {
    throw toSourceError(thrown, sql);
  }
}
