/** The planner in one function. */
import type { Statement } from '../parser/index.ts';
import { bind } from './bind.ts';
import type { PlannerContext } from './context.ts';
import { lower } from './lower.ts';
import type { PhysicalPlan } from './physical-plan.ts';

/** Statement -> plan. `text` is the script that the statement's spans point into. Throws EngineError. */
export async function plan(
  statement: Statement,
  text: string,
  context: PlannerContext,
): Promise<PhysicalPlan> {
  return lower(await bind(statement, context), text, context);
}
