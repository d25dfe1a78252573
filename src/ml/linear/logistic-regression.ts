/**
 * LOGISTIC_REG: log loss of one margin for two classes (class 1 is the positive one), cross-entropy of a
 * softmax for more. Minimises the mean weighted loss plus λ₂/2 ‖v‖² + λ₁ ‖v‖₁, the intercepts free (MLlib
 * reference, 2); iterative methods: iterative-fit.ts. Class weights have been multiplied into the rows'
 * weights already.
 */
import {
  assert,
  invalidData,
  invalidOption,
  LOGISTIC_CLASS_COUNT_MAX,
  partitionCount,
} from '../../core/index.ts';
import type { Estimator, FitContext, TrainingEstimate, TrainingShape } from '../estimator.ts';
import { logisticLossPass } from '../loss/logistic-loss.ts';
import { softmaxLossPass } from '../loss/softmax-loss.ts';
import type { CheckedOptions, WrittenOption } from '../option.ts';
import { classWeightOptions, valuePositionOf } from '../shared-options.ts';
import { fisherPass } from './gram-pass.ts';
import { fitIteratively, wantsGradientDescent } from './iterative-fit.ts';
import { coefficientsOf, warmStartValues } from './linear-coefficients.ts';
import { LinearObjective } from './linear-objective.ts';
import {
  checkLinearInteractions,
  checkPValueWidth,
  linearEncoding,
  linearOptions,
} from './linear-options.ts';
import { LogisticModel } from './logistic-model.ts';
import { hessianFactor } from './normal-equation.ts';
import { originOf, standardErrors, type StandardErrors } from './standard-error.ts';

function checkInteractions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  if (options.text('OPTIMIZE_STRATEGY') === 'NORMAL_EQUATION') {
    throw invalidOption(
      "option OPTIMIZE_STRATEGY = 'NORMAL_EQUATION' is for LINEAR_REG models only",
      valuePositionOf(written, 'OPTIMIZE_STRATEGY'),
    );
  }
  checkLinearInteractions(options, written);
}

async function fit(context: FitContext): Promise<LogisticModel> {
  const { options, dataset, aggregator, encoder } = context;
  checkClasses(context);
  checkPValueWidth(options, dataset.layout.width);
  const outputs = dataset.classCount === 2 ? 1 : dataset.classCount;
  const stride = dataset.layout.width + 1;
  const objective = new LinearObjective({
    aggregator,
    pass: outputs === 1 ? logisticLossPass : softmaxLossPass,
    outputs,
    stride,
    lossFactor: 1,
    l1: options.number('L1_REG'),
    l2: options.number('L2_REG'),
    origin: options.flag('FIT_INTERCEPT') ? undefined : originOf(encoder),
  });
  const values = await fitIteratively(context, objective, startOf(context, outputs, stride));
  const errors = options.flag('CALCULATE_P_VALUES') ? await fisherErrors(context, values) : undefined;
  return new LogisticModel({ values, outputs, stride, errors });
}

function checkClasses({ dataset, options }: FitContext): void {
  if (dataset.classCount < 2) {
    throw invalidData(
      'a classification needs at least two classes, and the label has one only',
      `All ${dataset.trainingRowCount} training rows have the same label.`,
    );
  }
  if (options.flag('CALCULATE_P_VALUES') && dataset.classCount > 2) {
    throw invalidOption(
      `option CALCULATE_P_VALUES requires a label with two classes, got ${dataset.classCount}`,
    );
  }
}

/**
 * Earlier coefficients, or intercepts that give each class its share of the rows; gradient descent begins at
 * 0.
 */
function startOf(context: FitContext, outputs: number, stride: number): Float64Array {
  const { previous, options, dataset } = context;
  if (previous !== undefined) {
    assert(previous instanceof LogisticModel, 'a warm start from a logistic model');
    return warmStartValues(previous.coefficients, outputs, stride);
  }
  const start = new Float64Array(outputs * stride);
  if (!options.flag('FIT_INTERCEPT') || wantsGradientDescent(options)) return start;
  const logarithms = dataset.classRowCounts.map((count) => Math.log(Math.max(count, 0.5)));
  if (outputs === 1) {
    start[stride - 1] = logarithms[1]! - logarithms[0]!;
    return start;
  }
  const mean = logarithms.reduce((sum, logarithm) => sum + logarithm, 0) / outputs;
  logarithms.forEach((logarithm, output) => (start[(output + 1) * stride - 1] = logarithm - mean));
  return start;
}

/** Errors from the inverse Fisher information at the coefficients. */
async function fisherErrors(context: FitContext, coefficients: Float64Array): Promise<StandardErrors> {
  const { options, encoder, aggregator, dataset } = context;
  const hasIntercept = options.flag('FIT_INTERCEPT');
  const shift = originOf(encoder).map((mean) => (hasIntercept ? 0 : -mean));
  const partial = await aggregator.run(fisherPass, { coefficients, shift });
  const { trainingRowCount } = dataset;
  const factor = await hessianFactor(context, partial, trainingRowCount, options.number('L2_REG'));
  return standardErrors(factor, 1 / trainingRowCount, shift, encoder);
}

function estimate(shape: TrainingShape, options: CheckedOptions): TrainingEstimate {
  const outputs = shape.classCount <= 2 ? 1 : shape.classCount;
  const size = (shape.width + 1) * outputs * 8;
  const iterations = options.number('MAX_ITERATIONS');
  return {
    iterations,
    workspaceBytes: 0,
    heapBytes: size * (partitionCount(shape.rowCount) + 26),
    modelBytes: size,
  };
}

export const logisticRegression: Estimator = {
  modelType: 'LOGISTIC_REG',
  task: 'classification',
  options: [...linearOptions, ...classWeightOptions],
  checkInteractions,
  encoding: linearEncoding,
  classCountMax: LOGISTIC_CLASS_COUNT_MAX,
  passes: [logisticLossPass, softmaxLossPass, fisherPass],
  estimate,
  fit,
  restore: (artifact) => new LogisticModel(coefficientsOf(artifact)),
};
