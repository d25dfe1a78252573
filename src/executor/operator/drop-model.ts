/** DROP MODEL. */
import type { CommandResult } from '../../core/index.ts';
import type { PhysicalDropModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { refuseDependentViews } from '../view-dependency.ts';

export async function dropModel(plan: PhysicalDropModel, context: ExecutorContext): Promise<CommandResult> {
  await context.inTransaction(async () => {
    await refuseDependentViews(plan.entry, context);
    await context.catalog.drop(plan.entry);
  });
  return { kind: 'command', tag: 'DROP MODEL' };
}
