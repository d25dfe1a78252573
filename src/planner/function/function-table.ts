/** The ML functions by name: the one place to add a row. */
import { didYouMean, SqlState, engineError, unsupported } from '../../core/index.ts';
import type { MlFunction } from '../ml-call.ts';
import { evaluateFunction } from './evaluate.ts';
import { inspectFunctions } from './inspect.ts';
import { confusionMatrixFunction, rocCurveFunction } from './judge.ts';
import { predictFunction } from './predict.ts';

const functions: readonly MlFunction[] = [
  predictFunction,
  evaluateFunction,
  confusionMatrixFunction,
  rocCurveFunction,
  ...inspectFunctions,
];

/** BigQuery ML's other functions: known, and not built. */
const notBuilt: ReadonlySet<string> = new Set(
  (
    'TRIAL_INFO GLOBAL_EXPLAIN EXPLAIN_PREDICT PRINCIPAL_COMPONENTS PRINCIPAL_COMPONENT_INFO RECONSTRUCTION_LOSS ' +
    'GENERATE_EMBEDDING RECOMMEND DETECT_ANOMALIES FORECAST EXPLAIN_FORECAST ARIMA_EVALUATE ARIMA_COEFFICIENTS ' +
    'HOLIDAY_INFO GET_INSIGHTS TRANSFORM DESCRIBE_DATA TFDV_DESCRIBE TFDV_VALIDATE VALIDATE_DATA_DRIFT ' +
    'VALIDATE_DATA_SKEW CORRELATION TREND SEASONALITY DETECT_CHANGE_POINTS FEATURES_AT_TIME ' +
    'ENTITY_FEATURES_AT_TIME METRICS GENERATE_TEXT GENERATE_TABLE'
  )
    .split(' ')
    .map((name) => `ML.${name}`),
);

/** Names of all functions that work. */
const functionNames: readonly string[] = functions.map((entry) => entry.name);

/** The function of a name; fails with 0A000 for one that is not built, 42883 for one that nobody knows. */
export function findFunction(name: string, position: number): MlFunction {
  const found = functions.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  if (notBuilt.has(name) || name.startsWith('AI.')) throw unsupported(`the function ${name}`, position);
  throw engineError(SqlState.undefinedFunction, `function ${name} does not exist`, {
    position,
    hint: didYouMean(name, [...functionNames, ...notBuilt]) ?? `ML functions: ${functionNames.join(', ')}.`,
  });
}
