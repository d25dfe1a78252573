/**
 * Which rows train and which evaluate. Source: statements reference, 3.5. Random splits follow a hash of the row, so the
 * same data is split the same way in any order, and duplicates stay together.
 */
import {
  AUTO_SPLIT_EVALUATION_ROWS,
  AUTO_SPLIT_ROWS_LARGE,
  AUTO_SPLIT_ROWS_MIN,
  quoteIdentifier,
} from '../../core/index.ts';
import type { PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';

/** Steps of a random fraction. */
const HASH_STEPS = 1_000_000;

const none = 'FALSE';

function randomCondition(fraction: number): string {
  return `h % ${HASH_STEPS} < ${Math.round(fraction * HASH_STEPS)}`;
}

function automaticFraction(rowCount: number): number {
  if (rowCount < AUTO_SPLIT_ROWS_MIN) return 0;
  return rowCount <= AUTO_SPLIT_ROWS_LARGE ? 0.2 : AUTO_SPLIT_EVALUATION_ROWS / rowCount;
}

/** The last rows in ascending order evaluate; ties at the threshold go with them, NULLs train. */
async function sequentialCondition(plan: PhysicalCreateModel, context: ExecutorContext): Promise<string> {
  const relation = quoteIdentifier(plan.relation);
  const [counted] = await context.connection.rows(`SELECT count(s) FROM ${relation}`);
  const rowCount = Number(counted![0]);
  const evaluationCount = Math.round(plan.split.evaluationFraction! * rowCount);
  if (evaluationCount === 0) return none;
  const offset = rowCount - evaluationCount;
  return `coalesce(s >= (SELECT s FROM ${relation} WHERE s IS NOT NULL ORDER BY s LIMIT 1 OFFSET ${offset}), FALSE)`;
}

/** SQL condition over the training relation that is TRUE for evaluation rows, FALSE (never NULL) for training rows. */
export async function evaluationCondition(
  plan: PhysicalCreateModel,
  rowCount: number,
  context: ExecutorContext,
): Promise<string> {
  const { method, evaluationFraction } = plan.split;
  switch (method) {
    case 'NO_SPLIT':
      return none;
    case 'CUSTOM':
      return 'coalesce(s, TRUE)';
    case 'SEQ':
      return sequentialCondition(plan, context);
    case 'RANDOM':
    case 'AUTO_SPLIT': {
      const fraction = evaluationFraction ?? automaticFraction(rowCount);
      return fraction === 0 ? none : randomCondition(fraction);
    }
  }
}
