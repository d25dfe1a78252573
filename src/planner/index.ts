/**
 * Statement in, plan out; the only room that resolves names.
 *
 *   Statement --bind--> LogicalPlan --lower--> PhysicalPlan
 *
 * Every ML call becomes plain SQL text (function/), so the embedded database's own optimiser sees through it: only the
 * columns that a model needs are read, filters and joins move freely, and a call stands wherever a table may.
 */
export type { LoadedModel, PlannerContext } from './context.ts';
export { confusionSchema, confusionSql, rocSchema, rocSql } from './confusion-sql.ts';
export { denseSql, sparseIndexesSql } from './feature.ts';
export { metricsSql } from './function/evaluate.ts';
export { actualClassSql } from './judged-sql.ts';
export { metricSchema } from './metric-sql.ts';
export * from './physical-plan.ts';
export { plan } from './plan.ts';
export { isBinary } from './prediction-sql.ts';
export { SCORES, scoreCallSql } from './score-sql.ts';
export { readOutput } from './single-row-output.ts';
export { predictionsOf } from './single-row-prediction.ts';
export { singleRowPlan, type SingleRowPlan } from './single-row.ts';
export { generated, SqlText, SqlTextBuilder } from './sql-text.ts';
export { userTexts } from './user-text.ts';
export { valueSql } from './value-sql.ts';
