/** CREATE MODEL: train, then store the model in the session's transaction. A failure leaves nothing behind. */
import { SqlState, type CommandResult } from '../../core/index.ts';
import type { PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { train, type TrainedModel } from '../training/train.ts';
import { TrainingProgress } from '../training/training-progress.ts';
import { refreshDependentViews } from '../view-dependency.ts';

/** Iterations at most, for the ETA: rounds or steps, 1 where the model type has none. */
export function iterationLimit(plan: PhysicalCreateModel): number {
  return plan.options.has('MAX_ITERATIONS') ? plan.options.number('MAX_ITERATIONS') : 1;
}

async function store(
  plan: PhysicalCreateModel,
  trained: TrainedModel,
  context: ExecutorContext,
): Promise<void> {
  await context.inTransaction(async () => {
    const existing = await context.catalog.find(plan.schemaName, plan.name);
    const versionNumber = (existing?.versionNumber ?? 0) + 1;
    await context.catalog.put({ ...trained.entry, versionNumber }, trained.artifact, plan.orReplace);
    if (existing !== undefined) await refreshDependentViews(existing, context);
  });
}

/** Trains and stores; gives the progress for EXPLAIN ANALYZE. */
export async function trainAndStore(
  plan: PhysicalCreateModel,
  context: ExecutorContext,
): Promise<{
  readonly progress: TrainingProgress;
  readonly trained: TrainedModel;
}> {
  for (const message of plan.warnings)
    context.notice({ severity: 'WARNING', state: SqlState.warning, message });
  const progress = new TrainingProgress(plan, context, iterationLimit(plan));
  try {
    const trained = await train(plan, progress, context);
    const { trainingRowCount, evaluationRowCount } = trained.entry;
    progress.enter('storing', evaluationRowCount > 0 ? evaluationRowCount : trainingRowCount);
    await store(plan, trained, context);
    progress.enter('stored', 1, trained.artifact.byteLength);
    return { progress, trained };
  } finally {
    progress.close();
  }
}

export async function createModel(
  plan: PhysicalCreateModel,
  context: ExecutorContext,
): Promise<CommandResult> {
  await trainAndStore(plan, context);
  return { kind: 'command', tag: 'CREATE MODEL' };
}
