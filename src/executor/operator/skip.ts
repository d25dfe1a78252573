/** IF EXISTS and IF NOT EXISTS with nothing to do: a notice and the tag. */
import { SqlState, type CommandResult } from '../../core/index.ts';
import type { PhysicalSkip } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';

export function skip(plan: PhysicalSkip, context: ExecutorContext): CommandResult {
  context.notice({ severity: 'NOTICE', state: SqlState.successfulCompletion, message: plan.notice });
  return { kind: 'command', tag: plan.tag };
}
