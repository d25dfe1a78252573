/** ML.WEIGHTS and ML.ADVANCED_WEIGHTS of the linear family. Source: functions reference, 5.1 and 5.2. */
import { listOf, structOf, Types, type Schema, type Value } from '../../core/index.ts';
import type { EncodedColumn, FeatureEncoder } from '../encode/feature-encoder.ts';
import { NULL_CATEGORY } from '../encode/column-encoding.ts';
import type { ModelTable, ModelTableRequest } from '../estimator.ts';
import type { LinearCoefficients } from './linear-coefficients.ts';
import { normalTwoSided } from './normal-tail.ts';

const INTERCEPT = '__INTERCEPT__';

const weightsSchema: Schema = [
  { name: 'processed_input', type: Types.text },
  { name: 'weight', type: Types.float8 },
  {
    name: 'category_weights',
    type: listOf(structOf({ name: 'category', type: Types.text }, { name: 'weight', type: Types.float8 })),
  },
];

const advancedSchema: Schema = [
  { name: 'processed_input', type: Types.text },
  { name: 'category', type: Types.text },
  { name: 'weight', type: Types.float8 },
  { name: 'standard_error', type: Types.float8 },
  { name: 'p_value', type: Types.float8 },
];

/** A category and its encoded column; undefined for the one that a dummy encoding left out. */
interface CategoryWeight {
  readonly name: string;
  readonly column: number | undefined;
}

/** One line of weights: a numeric input, or a categorical one with a weight for each category. */
interface WeightLine {
  readonly name: string;
  /** Encoded column of the numeric input; undefined for a categorical one. */
  readonly column: number | undefined;
  readonly scale: number;
  readonly categories: readonly CategoryWeight[];
}

/** Lines in the order of the inputs; the 0/1 columns of one array of texts are one line. */
function weightLines(encoder: FeatureEncoder): WeightLine[] {
  const lines: WeightLine[] = [];
  const multiHot = new Map<string, CategoryWeight[]>();
  for (const column of encoder.columns) {
    if (column.kind === 'category') {
      lines.push({
        name: column.name,
        column: undefined,
        scale: 1,
        categories: blockCategories(column, encoder),
      });
    } else if (column.category === undefined) {
      lines.push({ name: column.name, column: column.index, scale: column.scale, categories: [] });
    } else {
      let categories = multiHot.get(column.feature);
      if (categories === undefined) {
        categories = [];
        multiHot.set(column.feature, categories);
        lines.push({ name: column.feature, column: undefined, scale: 1, categories });
      }
      categories.push({ name: column.category, column: column.index });
    }
  }
  return lines;
}

/** Categories of a block, the dropped one at its place in the order; NULL is last. */
function blockCategories(column: EncodedColumn, encoder: FeatureEncoder): readonly CategoryWeight[] {
  const { offset } = encoder.layout.categories[column.index]!;
  const categories: CategoryWeight[] = column.categories.map((name, code) => ({
    name,
    column: offset + code,
  }));
  const { dropped } = column;
  if (dropped === undefined) return categories;
  const later = categories.findIndex(
    ({ name }) => dropped !== NULL_CATEGORY && (name === NULL_CATEGORY || name > dropped),
  );
  return categories.toSpliced(later < 0 ? categories.length : later, 0, { name: dropped, column: undefined });
}

/** The intercept, in original units unless `standardize`. */
function interceptOf(
  coefficients: LinearCoefficients,
  output: number,
  encoder: FeatureEncoder,
  standardize: boolean,
): number {
  const base = output * coefficients.stride;
  let intercept = coefficients.values[base + coefficients.stride - 1]!;
  if (standardize) return intercept;
  for (const column of encoder.columns) {
    if (column.kind !== 'numeric') continue;
    intercept -= (coefficients.values[base + column.index]! * column.mean) / column.scale;
  }
  return intercept;
}

/** ML.WEIGHTS; with several outputs a row for each class and input. */
export function weightsTable(
  coefficients: LinearCoefficients,
  request: ModelTableRequest,
  encoder: FeatureEncoder,
): ModelTable {
  const { values, stride, outputs } = coefficients;
  const lines = weightLines(encoder);
  const rows: Value[][] = [];
  for (let output = 0; output < outputs; output++) {
    const label: Value[] = outputs > 1 ? [request.classLabels[output] ?? String(output)] : [];
    const weightAt = (column: number | undefined): number =>
      column === undefined ? 0 : values[output * stride + column]!;
    for (const line of lines) {
      const scale = request.standardize ? 1 : line.scale;
      const weight = line.column === undefined ? null : weightAt(line.column) / scale;
      const categories = line.categories.map(({ name, column }): Value => [name, weightAt(column)]);
      rows.push([line.name, weight, categories, ...label]);
    }
    rows.push([INTERCEPT, interceptOf(coefficients, output, encoder, request.standardize), [], ...label]);
  }
  const schema = outputs > 1 ? [...weightsSchema, { name: 'class_label', type: Types.text }] : weightsSchema;
  return { schema, rows };
}

/** ML.ADVANCED_WEIGHTS, or undefined for a model trained without p-values. */
export function advancedWeightsTable(
  coefficients: LinearCoefficients,
  request: ModelTableRequest,
  encoder: FeatureEncoder,
): ModelTable | undefined {
  const { values, errors, stride } = coefficients;
  if (errors === undefined) return undefined;
  const rows: Value[][] = [];
  const addRow = (name: string, category: string | null, column: number | undefined, scale: number): void => {
    if (column === undefined) {
      rows.push([name, category, 0, 0, Number.NaN]);
      return;
    }
    const weight = values[column]!;
    const error = errors.ofCoefficients[column]!;
    rows.push([name, category, weight / scale, error / scale, normalTwoSided(weight / error)]);
  };
  const lines = weightLines(encoder);
  for (const line of lines) {
    if (line.column !== undefined) addRow(line.name, null, line.column, request.standardize ? 1 : line.scale);
    for (const { name, column } of line.categories) addRow(line.name, name, column, 1);
  }
  const weight = interceptOf(coefficients, 0, encoder, request.standardize);
  // With categories the intercept in original units stands for the dropped ones too: no error is given for
  // it.
  const isHidden = !request.standardize && lines.some((line) => line.categories.length > 0);
  const error = request.standardize ? errors.ofCoefficients[stride - 1]! : errors.ofOriginalIntercept;
  rows.push([
    INTERCEPT,
    null,
    weight,
    isHidden ? null : error,
    isHidden ? null : normalTwoSided(weight / error),
  ]);
  return { schema: advancedSchema, rows };
}
