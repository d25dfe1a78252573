/**
 * LINEAR_REG. Minimises half the mean squared error plus λ₂/2 ‖v‖² + λ₁ ‖v‖₁ over the weights v of
 * standardised features, the intercept free. OPTIMIZE_STRATEGY: statements reference, 3.6; iterative methods:
 * iterative-fit.ts.
 */
import { assert, invalidOption, NORMAL_EQUATION_WIDTH_MAX, partitionCount } from '../../core/index.ts';
import type { Estimator, FitContext, TrainingEstimate, TrainingShape } from '../estimator.ts';
import { squaredLossPass } from '../loss/squared-loss.ts';
import type { CheckedOptions } from '../option.ts';
import { fitIteratively } from './iterative-fit.ts';
import { coefficientsOf, warmStartValues } from './linear-coefficients.ts';
import { gramPass } from './gram-pass.ts';
import { LinearModel } from './linear-model.ts';
import { linearMomentsPass } from './linear-moments-pass.ts';
import { LinearObjective } from './linear-objective.ts';
import {
  checkLinearInteractions,
  checkPValueWidth,
  linearEncoding,
  linearOptions,
} from './linear-options.ts';
import {
  leastSquaresErrors,
  linearMoments,
  meanSquaredError,
  solveNormalEquation,
  type LinearMoments,
} from './normal-equation.ts';
import { originOf } from './standard-error.ts';

/** What an explicit or automatic OPTIMIZE_STRATEGY comes to, in the documented order of rules. */
function usesNormalEquation(options: CheckedOptions, rowCount: number, width: number): boolean {
  const strategy = options.text('OPTIMIZE_STRATEGY');
  if (strategy === 'BATCH_GRADIENT_DESCENT') return false;
  if (strategy === 'NORMAL_EQUATION') return true;
  if (options.number('L1_REG') > 0 || options.flag('WARM_START')) return false;
  return width <= NORMAL_EQUATION_WIDTH_MAX && rowCount >= 10 * width;
}

async function fit(context: FitContext): Promise<LinearModel> {
  const { options, dataset } = context;
  const { width } = dataset.layout;
  checkPValueWidth(options, width);
  const isNormal = usesNormalEquation(options, dataset.trainingRowCount, width);
  if (isNormal && width > NORMAL_EQUATION_WIDTH_MAX) {
    throw invalidOption(
      "option OPTIMIZE_STRATEGY = 'NORMAL_EQUATION' takes at most" +
        ` ${NORMAL_EQUATION_WIDTH_MAX} encoded columns, got ${width}`,
    );
  }
  const moments = await linearMoments(context);
  return isNormal ? fitNormalEquation(context, moments) : fitGradually(context, moments);
}

async function fitNormalEquation(context: FitContext, moments: LinearMoments): Promise<LinearModel> {
  const startedAt = performance.now();
  const equation = await solveNormalEquation(context, moments, context.options.number('L2_REG'));
  const loss = await meanSquaredError(context, equation.coefficients);
  context.report({ iteration: 0, loss, durationMs: performance.now() - startedAt });
  const wantsErrors = context.options.flag('CALCULATE_P_VALUES');
  const errors = wantsErrors ? leastSquaresErrors(context, equation, loss) : undefined;
  const stride = context.dataset.layout.width + 1;
  return new LinearModel({ values: equation.coefficients, outputs: 1, stride, errors });
}

async function fitGradually(context: FitContext, moments: LinearMoments): Promise<LinearModel> {
  const { options, aggregator, dataset, previous } = context;
  const stride = dataset.layout.width + 1;
  const hasIntercept = options.flag('FIT_INTERCEPT');
  const objective = new LinearObjective({
    aggregator,
    pass: squaredLossPass,
    outputs: 1,
    stride,
    lossFactor: 0.5,
    l1: options.number('L1_REG'),
    l2: options.number('L2_REG'),
    origin: hasIntercept ? undefined : originOf(context.encoder),
  });
  let start: Float64Array = new Float64Array(stride);
  if (hasIntercept) start[stride - 1] = moments.labelMean;
  if (previous !== undefined) {
    assert(previous instanceof LinearModel, 'a warm start from a linear model');
    start = warmStartValues(previous.coefficients, 1, stride);
  }
  const values = await fitIteratively(context, objective, start);
  if (!options.flag('CALCULATE_P_VALUES'))
    return new LinearModel({ values, outputs: 1, stride, errors: undefined });
  const equation = await solveNormalEquation(context, moments, options.number('L2_REG'));
  const errors = leastSquaresErrors(context, equation, await meanSquaredError(context, values));
  return new LinearModel({ values, outputs: 1, stride, errors });
}

function estimate(shape: TrainingShape, options: CheckedOptions): TrainingEstimate {
  const stride = shape.width + 1;
  const isNormal = usesNormalEquation(options, shape.rowCount, shape.width);
  // Partials of all partitions may wait for their turn to be merged; L-BFGS holds ten pairs of vectors and a
  // few more.
  const numbers = isNormal
    ? ((stride * (stride + 1)) / 2) * (partitionCount(shape.rowCount) + 2)
    : stride * (partitionCount(shape.rowCount) + 26);
  const iterations = isNormal ? 1 : options.number('MAX_ITERATIONS');
  return { iterations, workspaceBytes: 0, heapBytes: numbers * 8, modelBytes: stride * 8 };
}

export const linearRegression: Estimator = {
  modelType: 'LINEAR_REG',
  task: 'regression',
  options: linearOptions,
  checkInteractions: checkLinearInteractions,
  encoding: linearEncoding,
  classCountMax: 0,
  passes: [linearMomentsPass, gramPass, squaredLossPass],
  estimate,
  fit,
  restore: (artifact) => new LinearModel(coefficientsOf(artifact)),
};
