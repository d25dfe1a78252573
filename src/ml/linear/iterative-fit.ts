/**
 * Iterative training of the linear family. BigQuery ML's documented gradient descent runs when it is asked
 * for by name (OPTIMIZE_STRATEGY = 'BATCH_GRADIENT_DESCENT') or through a learning-rate option. Otherwise the
 * same objective is minimised by L-BFGS, or OWL-QN under L1_REG, as Spark's MLlib does: it needs a fraction
 * of the iterations. MAX_ITERATIONS, EARLY_STOP and MIN_REL_PROGRESS mean the same for all of them.
 */
import { engineError, SqlState } from '../../core/index.ts';
import type { FitContext } from '../estimator.ts';
import type { CheckedOptions } from '../option.ts';
import { EarlyStop } from '../solver/early-stop.ts';
import { minimizeByGradientDescent, type LearnRate } from '../solver/gradient-descent.ts';
import { minimizeLbfgs } from '../solver/lbfgs.ts';
import type { Solution, StepListener } from '../solver/objective.ts';
import type { LinearObjective } from './linear-objective.ts';

/**
 * Whether the options name gradient descent. A warm start inherits values, so a value other than the default
 * counts.
 */
export function wantsGradientDescent(options: CheckedOptions): boolean {
  const names = ['LEARN_RATE_STRATEGY', 'LEARN_RATE', 'LS_INIT_LEARN_RATE'];
  return (
    options.text('OPTIMIZE_STRATEGY') === 'BATCH_GRADIENT_DESCENT' ||
    options.text('LEARN_RATE_STRATEGY') === 'CONSTANT' ||
    names.some((name) => options.isWritten(name))
  );
}

/** Minimises from `start`, reporting every iteration; gives the coefficients. */
export async function fitIteratively(
  context: FitContext,
  objective: LinearObjective,
  start: Float64Array,
): Promise<Float64Array> {
  const { options } = context;
  const iterations = options.number('MAX_ITERATIONS');
  const listener = stepListener(context, objective);
  const solution = wantsGradientDescent(options)
    ? await minimizeByGradientDescent(objective, start, learnRateOf(options), iterations, listener)
    : await minimizeLbfgs(objective, start, iterations, listener);
  warnOfLimit(context, solution);
  if (!solution.evaluation.point.every(Number.isFinite)) {
    throw engineError(SqlState.dataException, 'training did not converge: the weights are not finite');
  }
  return objective.coefficients(solution.evaluation.point);
}

function learnRateOf(options: CheckedOptions): LearnRate {
  const strategy = options.text('LEARN_RATE_STRATEGY') === 'CONSTANT' ? 'CONSTANT' : 'LINE_SEARCH';
  return { strategy, initial: options.number(strategy === 'CONSTANT' ? 'LEARN_RATE' : 'LS_INIT_LEARN_RATE') };
}

/** Early stopping looks at the evaluation loss where there is one, at the objective otherwise. */
function stepListener(context: FitContext, objective: LinearObjective): StepListener {
  const { options, dataset, aggregator } = context;
  const earlyStop = new EarlyStop(
    options.flag('EARLY_STOP') ? options.number('MIN_REL_PROGRESS') : undefined,
  );
  let startedAt = performance.now();
  return async ({ iteration, evaluation, total, learningRate }) => {
    await aggregator.checkpoint();
    const evaluationLoss =
      dataset.evaluationRowCount > 0 ? await objective.evaluationLoss(evaluation.point) : undefined;
    const now = performance.now();
    context.report({
      iteration,
      loss: evaluation.loss,
      evaluationLoss,
      learningRate,
      durationMs: now - startedAt,
    });
    startedAt = now;
    return earlyStop.shouldStop(evaluationLoss ?? total);
  };
}

function warnOfLimit(context: FitContext, solution: Solution): void {
  const { options } = context;
  if (solution.end !== 'iteration limit' || !options.flag('EARLY_STOP')) return;
  const iterations = options.number('MAX_ITERATIONS');
  context.warn(
    `training ended at MAX_ITERATIONS = ${iterations} while the loss was still improving` +
      ` by more than MIN_REL_PROGRESS = ${options.number('MIN_REL_PROGRESS')} an iteration`,
  );
}
