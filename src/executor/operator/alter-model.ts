/** ALTER MODEL … SET OPTIONS: comment and labels. */
import type { CommandResult } from '../../core/index.ts';
import type { PhysicalAlterModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';

export async function alterModel(plan: PhysicalAlterModel, context: ExecutorContext): Promise<CommandResult> {
  const { comment, labels } = plan;
  await context.inTransaction(() =>
    context.catalog.annotate(plan.entry, {
      ...(comment === undefined ? {} : { comment }),
      ...(labels === undefined ? {} : { labels }),
    }),
  );
  return { kind: 'command', tag: 'ALTER MODEL' };
}
