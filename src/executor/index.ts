/** Plan in, result out: one operator a kind of plan node. Resolves no name. */
export type { ExecutorContext } from './context.ts';
export { execute } from './execute.ts';
export { ModelCache } from './model-cache.ts';
export { singleRow } from './operator/single-row.ts';
export { ProgressBoard } from './progress-board.ts';
export { toSourceError } from './run-sql.ts';
