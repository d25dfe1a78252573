/** Dispatch by node kind. */
import { unreachable, type QueryResult } from '../core/index.ts';
import type { PhysicalPlan } from '../planner/index.ts';
import type { ExecutorContext } from './context.ts';
import { alterModel } from './operator/alter-model.ts';
import { createModel } from './operator/create-model.ts';
import { dropModel } from './operator/drop-model.ts';
import { explain } from './operator/explain.ts';
import { rows } from './operator/rows.ts';
import { skip } from './operator/skip.ts';
import { sql } from './operator/sql.ts';

export async function execute(plan: PhysicalPlan, context: ExecutorContext): Promise<QueryResult> {
  switch (plan.kind) {
    case 'create-model':
      return createModel(plan, context);
    case 'sql':
      return sql(plan, context);
    case 'drop-model':
      return dropModel(plan, context);
    case 'alter-model':
      return alterModel(plan, context);
    case 'rows':
      return rows(plan);
    case 'skip':
      return skip(plan, context);
    case 'explain':
      return explain(plan, context);
    default:
      return unreachable(plan);
  }
}
