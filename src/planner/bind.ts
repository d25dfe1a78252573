/** Statement -> what is to be done, every name resolved. */
import { unreachable, unsupported } from '../core/index.ts';
import type { PlainStatement, Statement } from '../parser/index.ts';
import { bindCreateModel } from './bind-create-model.ts';
import { bindFragment } from './bind-fragment.ts';
import {
  bindAlterModel,
  bindDescribeModel,
  bindDropModel,
  bindShowCreateModel,
  bindShowModels,
} from './bind-model-statement.ts';
import type { PlannerContext } from './context.ts';
import type { LogicalPlan } from './logical-plan.ts';

async function bindQuery(statement: PlainStatement, context: PlannerContext): Promise<LogicalPlan> {
  return { kind: 'query', statement, bound: await bindFragment(statement.fragment, context) };
}

export async function bind(statement: Statement, context: PlannerContext): Promise<LogicalPlan> {
  switch (statement.kind) {
    case 'plain':
      return bindQuery(statement, context);
    case 'create-model':
      return bindCreateModel(statement, context);
    case 'drop-model':
      return bindDropModel(statement, context);
    case 'alter-model':
      return bindAlterModel(statement, context);
    case 'show-models':
      return bindShowModels(statement, context);
    case 'describe-model':
      return bindDescribeModel(statement, context);
    case 'show-create-model':
      return bindShowCreateModel(statement, context);
    case 'export-model':
      throw unsupported('EXPORT MODEL', statement.span.start);
    case 'explain-model': {
      const plan = await bindCreateModel(statement.statement, context);
      return plan.kind === 'skip' ? plan : { kind: 'explain', isAnalyze: statement.isAnalyze, plan };
    }
    default:
      return unreachable(statement);
  }
}
