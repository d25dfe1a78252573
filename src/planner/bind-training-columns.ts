/**
 * The columns of a training query by their role: label, split, weight and initial columns are taken out, every other
 * one is a feature. Source: statements reference, 1.7 and 3.2.
 */
import type { ModelEntry } from '../catalog/index.ts';
import {
  didYouMean,
  invalidOption,
  isNumeric,
  typeMismatch,
  undefinedColumn,
  unsupported,
  type Column,
  type Schema,
} from '../core/index.ts';
import type { CheckedOptions, Estimator } from '../ml/index.ts';
import type { CreateModelStatement } from '../parser/index.ts';
import type { SplitRule } from './logical-plan.ts';
import { findColumn } from './score-sql.ts';

/** What decides the roles. */
export interface TrainingColumnsRequest {
  readonly statement: CreateModelStatement;
  readonly estimator: Estimator;
  readonly options: CheckedOptions;
  readonly schema: Schema;
  readonly previous: ModelEntry | undefined;
}

/** The roles found. */
export interface TrainingColumns {
  readonly features: readonly Column[];
  readonly label: Column | undefined;
  readonly weight: Column | undefined;
  readonly initial: Column | undefined;
  readonly split: SplitRule;
}

function valuePosition(request: TrainingColumnsRequest, option: string): number {
  const node = request.statement.options.find((candidate) => candidate.name.toUpperCase() === option);
  return node?.value.span.start ?? request.statement.query!.span.start;
}

/** The column that an option names. */
function optionColumn(request: TrainingColumnsRequest, option: string): Column | undefined {
  const { options, schema } = request;
  if (!options.has(option) || options.get(option) === undefined) return undefined;
  const value = options.get(option)!;
  const name = Array.isArray(value) ? String(value[0]) : String(value);
  const column = findColumn(schema, name);
  if (column !== undefined) return column;
  const names = schema.map((candidate) => candidate.name);
  throw undefinedColumn(
    `option ${option}: the training query has no column "${name}"`,
    valuePosition(request, option),
    didYouMean(name, names) ?? `Columns: ${names.join(', ')}.`,
  );
}

function findLabel(request: TrainingColumnsRequest): Column | undefined {
  const { estimator, schema } = request;
  if (estimator.task === 'clustering') return undefined;
  const label = optionColumn(request, 'INPUT_LABEL_COLS') ?? findColumn(schema, 'label');
  if (label === undefined) {
    throw undefinedColumn(
      'the training query has no label: name its column with the option INPUT_LABEL_COLS, or call it "label"',
      request.statement.query!.span.start,
      `Columns: ${schema.map((column) => column.name).join(', ')}.`,
    );
  }
  const position = valuePosition(request, 'INPUT_LABEL_COLS');
  if (estimator.task === 'regression' && !isNumeric(label.type)) {
    throw typeMismatch(
      `${estimator.modelType} needs a numeric label, but "${label.name}" is of type ${label.type.kind}`,
      position,
    );
  }
  if (['list', 'struct', 'json', 'interval', 'bytea'].includes(label.type.kind)) {
    throw typeMismatch(`a label of type ${label.type.kind} ("${label.name}") cannot be classified`, position);
  }
  return label;
}

/** A warm start goes on with the label it has. */
function checkPreviousLabel(request: TrainingColumnsRequest, label: Column | undefined): void {
  const known = request.previous?.label;
  if (known === undefined || label === undefined) return;
  const isSame = known.name.toLowerCase() === label.name.toLowerCase() && known.type.kind === label.type.kind;
  if (isSame) return;
  throw invalidOption(
    `WARM_START needs the label of the existing model, "${known.name}" of type ${known.type.kind}, ` +
      `but got "${label.name}" of type ${label.type.kind}`,
    valuePosition(request, 'INPUT_LABEL_COLS'),
  );
}

function findSplit(request: TrainingColumnsRequest): SplitRule {
  const { options } = request;
  if (!options.has('DATA_SPLIT_METHOD'))
    return { method: 'NO_SPLIT', evaluationFraction: undefined, column: undefined };
  const method = options.text('DATA_SPLIT_METHOD') as SplitRule['method'];
  const column = optionColumn(request, 'DATA_SPLIT_COL');
  const position = valuePosition(request, 'DATA_SPLIT_COL');
  if (method === 'CUSTOM' && column!.type.kind !== 'boolean') {
    throw typeMismatch(
      `DATA_SPLIT_METHOD 'CUSTOM' needs a boolean column, but "${column!.name}" is of type ${column!.type.kind}`,
      position,
    );
  }
  if (
    method === 'SEQ' &&
    ['list', 'struct', 'json', 'boolean', 'bytea', 'interval'].includes(column!.type.kind)
  ) {
    throw typeMismatch(
      `DATA_SPLIT_METHOD 'SEQ' cannot sort by "${column!.name}" of type ${column!.type.kind}`,
      position,
    );
  }
  const fraction = options.isWritten('DATA_SPLIT_EVAL_FRACTION')
    ? options.number('DATA_SPLIT_EVAL_FRACTION')
    : undefined;
  return { method, evaluationFraction: method === 'SEQ' ? (fraction ?? 0.2) : fraction, column };
}

function checkNumeric(request: TrainingColumnsRequest, option: string, column: Column | undefined): void {
  if (column === undefined || isNumeric(column.type)) return;
  throw typeMismatch(
    `option ${option} needs a numeric column, but "${column.name}" is of type ${column.type.kind}`,
    valuePosition(request, option),
  );
}

function checkFeatures(request: TrainingColumnsRequest, features: readonly Column[]): void {
  const { estimator, options, statement, previous } = request;
  const position = statement.query!.span.start;
  if (features.length === 0) throw invalidOption('the training query has no feature columns', position);
  const refusesTimestamps = estimator.encoding(options).timestamp === 'refuse';
  for (const feature of features) {
    if (refusesTimestamps && ['timestamp', 'timestamptz'].includes(feature.type.kind)) {
      throw unsupported(
        `a TIMESTAMP feature ("${feature.name}") in ${estimator.modelType} models`,
        position,
        'Extract numbers from it in the query, such as epoch(column) or date_part.',
      );
    }
  }
  if (previous === undefined) return;
  const same =
    previous.features.length === features.length &&
    previous.features.every(
      (feature, index) =>
        feature.name === features[index]!.name && feature.type.kind === features[index]!.type.kind,
    );
  if (!same)
    throw invalidOption(
      'WARM_START needs the same feature columns, in the same order, as the existing model',
      position,
    );
}

export function bindTrainingColumns(request: TrainingColumnsRequest): TrainingColumns {
  const label = findLabel(request);
  checkPreviousLabel(request, label);
  const split = findSplit(request);
  const weight = optionColumn(request, 'INSTANCE_WEIGHT_COL');
  checkNumeric(request, 'INSTANCE_WEIGHT_COL', weight);
  const initial = optionColumn(request, 'KMEANS_INIT_COL');
  if (initial !== undefined && initial.type.kind !== 'boolean') {
    throw typeMismatch(
      `option KMEANS_INIT_COL needs a boolean column, but "${initial.name}" is of type ${initial.type.kind}`,
      valuePosition(request, 'KMEANS_INIT_COL'),
    );
  }
  const special = new Set([label, split.column, weight, initial]);
  const features = request.schema.filter((column) => !special.has(column));
  checkFeatures(request, features);
  return { features, label, weight, initial, split };
}
