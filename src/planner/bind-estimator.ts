/** MODEL_TYPE: the estimator it names. */
import { didYouMean, invalidOption, unsupported } from '../core/index.ts';
import { estimators, findEstimator, type Estimator } from '../ml/index.ts';
import type { CreateModelStatement } from '../parser/index.ts';

/** BigQuery ML's other model types: known, and not built. */
const notBuilt: readonly string[] = [
  'PCA',
  'AUTOENCODER',
  'MATRIX_FACTORIZATION',
  'DNN_CLASSIFIER',
  'DNN_REGRESSOR',
  'DNN_LINEAR_COMBINED_CLASSIFIER',
  'DNN_LINEAR_COMBINED_REGRESSOR',
  'AUTOML_CLASSIFIER',
  'AUTOML_REGRESSOR',
  'ARIMA',
  'ARIMA_PLUS',
  'ARIMA_PLUS_XREG',
  'CONTRIBUTION_ANALYSIS',
  'TRANSFORM_ONLY',
  'ONNX',
  'XGBOOST',
  'TENSORFLOW',
  'TENSORFLOW_LITE',
];

/** The estimator of the statement's MODEL_TYPE, which must be written as a string. */
export function bindEstimator(statement: CreateModelStatement): Estimator {
  const option = statement.options.find((candidate) => candidate.name.toUpperCase() === 'MODEL_TYPE');
  const known = estimators.map((estimator) => estimator.modelType);
  if (option === undefined) {
    const position = statement.optionsSpan?.start ?? statement.name.span.end;
    throw invalidOption(
      'CREATE MODEL needs the option MODEL_TYPE',
      position,
      `Model types: ${known.join(', ')}.`,
    );
  }
  const position = option.value.span.start;
  if (option.value.kind !== 'string') throw invalidOption('option MODEL_TYPE must be a string', position);
  const modelType = option.value.value.toUpperCase();
  const estimator = findEstimator(modelType);
  if (estimator !== undefined) return estimator;
  if (notBuilt.includes(modelType))
    throw unsupported(`the model type ${modelType}`, position, `Model types: ${known.join(', ')}.`);
  throw invalidOption(
    `option MODEL_TYPE: there is no model type '${option.value.value}'`,
    position,
    didYouMean(modelType, [...known, ...notBuilt]) ?? `Model types: ${known.join(', ')}.`,
  );
}
