/** Fits tree models on rows given as plain arrays, through the serial aggregator. */
import type { EncodedColumn, FeatureEncoder } from '../../../src/ml/encode/feature-encoder.ts';
import { expect } from 'vitest';
import type { Estimator, IterationReport, Model } from '../../../src/ml/estimator.ts';
import { checkOptions } from '../../../src/ml/check-options.ts';
import type { EncodedRows, FeatureLayout } from '../../../src/ml/layout.ts';
import type { OptionLiteral, WrittenOption } from '../../../src/ml/option.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import type { Training, TrainingRequest } from '../../../src/ml/parallel/training.ts';

/** Rows of numbers, then of category codes. */
export interface Sample {
  readonly numbers: readonly (readonly number[])[];
  readonly codes?: readonly (readonly number[])[] | undefined;
  /** Number of categories of each code column. */
  readonly cardinalities?: readonly number[] | undefined;
  readonly label: readonly number[];
  readonly weight?: readonly number[] | undefined;
  /** 0 or not given: a regression. */
  readonly classCount?: number | undefined;
  readonly evaluation?: Sample | undefined;
}

export interface FitOutcome {
  readonly model: Model;
  readonly reports: readonly IterationReport[];
  readonly rows: EncodedRows;
  readonly encoder: FeatureEncoder;
  /** Scores of the training rows. */
  readonly scores: Float64Array;
}

export function sampleLayoutOf(sample: Sample): FeatureLayout {
  const numericWidth = sample.numbers[0]!.length;
  let offset = numericWidth;
  const categories = (sample.cardinalities ?? []).map((cardinality) => {
    const block = { offset, cardinality };
    offset += cardinality;
    return block;
  });
  return { numericWidth, categories, width: offset };
}

export function encodedRows(sample: Sample, layout: FeatureLayout = sampleLayoutOf(sample)): EncodedRows {
  return {
    layout,
    rowCount: sample.numbers.length,
    numeric: Float64Array.from(sample.numbers.flat()),
    codes: Int32Array.from((sample.codes ?? []).flat()),
  };
}

/** Columns x0, x1, …, then categories c0, c1, … with values a, b, …. */
function plainEncoder(layout: FeatureLayout): FeatureEncoder {
  const column = (name: string, kind: 'numeric' | 'category', index: number): EncodedColumn => ({
    name,
    feature: name,
    kind,
    index,
    mean: 0,
    scale: 1,
    categories:
      kind === 'numeric'
        ? []
        : Array.from({ length: layout.categories[index]!.cardinality }, (_, code) =>
            String.fromCharCode(97 + code),
          ),
    dropped: undefined,
  });
  const columns = [
    ...Array.from({ length: layout.numericWidth }, (_, index) => column(`x${index}`, 'numeric', index)),
    ...layout.categories.map((_, index) => column(`c${index}`, 'category', index)),
  ];
  const encoder = {
    inputs: columns.map(({ name, kind }) => ({
      name,
      kind: kind === 'numeric' ? ('number' as const) : ('text' as const),
    })),
    layout,
    columns,
    encode: () => expect.fail('these tests encode their own rows'),
    stage: () => expect.fail('these tests encode their own rows'),
    unscaled: () => expect.fail('these tests encode their own rows'),
    scalings: undefined,
    toJson: () => null,
  };
  return encoder;
}

export function writtenOptions(options: Readonly<Record<string, OptionLiteral>>): WrittenOption[] {
  return Object.entries(options).map(([name, value]) => ({ name, value, position: 1, valuePosition: 2 }));
}

/** Fits and scores the training rows. `open` decides where the passes run. */
export async function fitSample(
  estimator: Estimator,
  sample: Sample,
  options: Readonly<Record<string, OptionLiteral>> = {},
  open: (request: TrainingRequest) => Training = openSerialTraining,
): Promise<FitOutcome> {
  const written = writtenOptions(options);
  const checked = checkOptions(written, estimator.options, estimator.modelType).options;
  estimator.checkInteractions(checked, written);
  const layout = sampleLayoutOf(sample);
  const rows = encodedRows(sample, layout);
  const classCount = sample.classCount ?? 0;
  const evaluationRowCount = sample.evaluation?.numbers.length ?? 0;
  const shape = {
    rowCount: rows.rowCount + evaluationRowCount,
    numericWidth: layout.numericWidth,
    categoryCount: layout.categories.length,
    width: layout.width,
    classCount,
  };
  const training = open({
    layout,
    trainingRowCount: rows.rowCount,
    evaluationRowCount,
    hasLabel: true,
    classCount,
    classRowCounts: Array.from(
      { length: classCount },
      (_, index) => sample.label.filter((label) => label === index).length,
    ),
    signal: new AbortController().signal,
    workspaceBytes: estimator.estimate(shape, checked).workspaceBytes,
  });
  writeSample(training, 'training', sample, layout);
  if (sample.evaluation !== undefined) writeSample(training, 'evaluation', sample.evaluation, layout);
  const reports: IterationReport[] = [];
  const encoder = plainEncoder(layout);
  const model = await estimator.fit({
    dataset: training.dataset,
    options: checked,
    aggregator: training.aggregator,
    encoder,
    seed: checked.number('SEED'),
    previous: undefined,
    report: (report) => reports.push(report),
    warn: (message) => expect.fail(`unexpected warning: ${message}`),
  });
  training.dispose();
  return { model, reports, rows, encoder, scores: scoresOf(model, rows) };
}

function writeSample(
  training: Training,
  split: 'training' | 'evaluation',
  sample: Sample,
  layout: FeatureLayout,
): void {
  const weight = sample.weight === undefined ? undefined : Float64Array.from(sample.weight);
  training.memory.write(split, 0, encodedRows(sample, layout), Float64Array.from(sample.label), weight);
}

export function scoresOf(model: Model, rows: EncodedRows): Float64Array {
  const scores = new Float64Array(rows.rowCount * model.scoreWidth);
  model.score(rows, scores);
  return scores;
}

/**
 * The seeded sample of the reference numbers: four columns of whole numbers below 200, the last one missing
 * in 15 % of the rows. Its generator is the same few lines in reference.py.
 */
export function referenceSample(rowCount = 300): { readonly numbers: number[][]; readonly label: number[] } {
  let state = 7;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const numbers: number[][] = [];
  const label: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const [a, b, c, d, missing, noise] = Array.from({ length: 6 }, uniform) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const isMissing = missing < 0.15;
    const x = [
      Math.floor(a * 200),
      Math.floor(b * 200),
      Math.floor(c * 200),
      isMissing ? NaN : Math.floor(d * 200),
    ];
    numbers.push(x);
    label.push(x[0]! / 20 - (x[1]! * x[2]!) / 2000 + (isMissing ? 0 : x[3]! / 40) + 4 * noise);
  }
  return { numbers, label };
}
