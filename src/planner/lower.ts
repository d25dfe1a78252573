/** From what to how: the final SQL, names of temporary relations, the inputs of a training as columns. */
import { unreachable } from '../core/index.ts';
import type { PlannerContext } from './context.ts';
import { featureExpressions } from './feature.ts';
import type { LogicalCreateModel, LogicalPlan } from './logical-plan.ts';
import type { PhysicalCreateModel, PhysicalPlan, TrainingInput } from './physical-plan.ts';

function trainingInputs(plan: LogicalCreateModel): readonly TrainingInput[] {
  return featureExpressions(plan.features).map((expression, index) => ({
    input: expression.input,
    column: `x${index}`,
    sql: expression.sql,
    sparse: expression.sparse,
  }));
}

function lowerCreateModel(
  plan: LogicalCreateModel,
  text: string,
  context: PlannerContext,
): PhysicalCreateModel {
  const { statement } = plan;
  return {
    kind: 'create-model',
    schemaName: plan.schemaName,
    name: plan.name,
    orReplace: statement.orReplace,
    statementText: text.slice(statement.span.start, statement.span.end),
    estimator: plan.estimator,
    options: plan.options,
    encoding: plan.estimator.encoding(plan.options),
    warnings: plan.warnings,
    source: plan.source.sql,
    features: plan.features,
    inputs: trainingInputs(plan),
    label: plan.label,
    weight: plan.weight,
    initial: plan.initial,
    split: plan.split,
    previous: plan.previous,
    relation: context.temporaryName(),
  };
}

/** `text` is the script the statement stands in. */
export function lower(plan: LogicalPlan, text: string, context: PlannerContext): PhysicalPlan {
  switch (plan.kind) {
    case 'create-model':
      return lowerCreateModel(plan, text, context);
    case 'query': {
      const { sql, models, calls } = plan.bound;
      return { kind: 'sql', statement: plan.statement, sql, models, calls };
    }
    case 'explain':
      return { kind: 'explain', isAnalyze: plan.isAnalyze, plan: lowerCreateModel(plan.plan, text, context) };
    case 'skip':
    case 'rows':
    case 'drop-model':
    case 'alter-model':
      return plan;
    default:
      return unreachable(plan);
  }
}
