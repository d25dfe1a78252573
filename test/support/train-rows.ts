/** Trains an estimator on plain rows, on this thread: what executor and planner do, without SQL. */
import type { Aggregator } from '../../src/ml/aggregate.ts';
import { checkOptions } from '../../src/ml/check-options.ts';
import { draftEncoder } from '../../src/ml/encode/draft-encoder.ts';
import type {
  FeatureEncoder,
  FeatureInput,
  RawColumn,
  RawRows,
} from '../../src/ml/encode/feature-encoder.ts';
import type { FeatureStatistics } from '../../src/ml/encode/feature-statistics.ts';
import { finishEncoder } from '../../src/ml/encode/finish-encoder.ts';
import type { EncodingRequest, Estimator, IterationReport, Model } from '../../src/ml/estimator.ts';
import type { Dataset } from '../../src/ml/dataset.ts';
import type { CheckedOptions, OptionLiteral, WrittenOption } from '../../src/ml/option.ts';
import { openSerialTraining } from '../../src/ml/parallel/serial-training.ts';
import type { Training, TrainingRequest } from '../../src/ml/parallel/training.ts';

/** One column of a test's rows. Timestamps are seconds. */
export interface TestColumn {
  readonly name: string;
  readonly kind: FeatureInput['kind'];
  readonly values: readonly (number | string | null | readonly number[] | readonly (string | null)[])[];
}

export interface TestRows {
  readonly columns: readonly TestColumn[];
  /** Values, or class indices. */
  readonly label: readonly number[];
  readonly weight?: readonly number[];
}

function writtenOptions(options: Readonly<Record<string, OptionLiteral>>): WrittenOption[] {
  return Object.entries(options).map(([name, value], index) => ({
    name,
    value,
    position: 100 * index,
    valuePosition: 100 * index + 50,
  }));
}

function optionsOf(
  estimator: Estimator,
  options: Readonly<Record<string, OptionLiteral>> = {},
): CheckedOptions {
  const written = writtenOptions(options);
  const checked = checkOptions(written, estimator.options, estimator.modelType).options;
  estimator.checkInteractions(checked, written);
  return checked;
}

export function rawRows(columns: readonly TestColumn[]): RawRows {
  return { rowCount: columns[0]?.values.length ?? 0, columns: columns.map(rawColumn) };
}

function rawColumn({ kind, values }: TestColumn): RawColumn {
  if (kind === 'number' || kind === 'timestamp') {
    return {
      kind: 'number',
      values: Float64Array.from(values, (value) => (value === null ? NaN : Number(value))),
    };
  }
  return { kind, values } as RawColumn;
}

export function statisticsOf({ kind, values }: TestColumn): FeatureStatistics {
  const nullCount = values.filter((value) => value === null).length;
  const present = values.filter((value) => value !== null);
  if (kind === 'number') return { kind };
  if (kind === 'timestamp') {
    const years = present.map((seconds) => new Date(Number(seconds) * 1000).getUTCFullYear());
    return { kind, hasNull: nullCount > 0, years: [...new Set(years)] };
  }
  if (kind === 'numbers') return { kind, length: (present[0] as number[]).length };
  const counts = new Map<string, number>();
  for (const value of present) {
    const elements = kind === 'text' ? [value as string] : new Set(value as (string | null)[]);
    for (const element of elements) if (element !== null) counts.set(element, (counts.get(element) ?? 0) + 1);
  }
  return { kind, nullCount, categories: [...counts].map(([value, count]) => ({ value, count })) };
}

/** Opens the memory of a training: on this thread, or on a pool. */
export type OpenTraining = (request: TrainingRequest) => Training;

export interface EncodedTraining {
  readonly encoder: FeatureEncoder;
  readonly dataset: Dataset;
  readonly aggregator: Aggregator;
  dispose(): void;
}

/** Loads rows into training memory and finishes their encoder, or keeps an earlier one. */
export async function encodeRows(
  rows: TestRows,
  request: EncodingRequest,
  classCount = 0,
  evaluation?: TestRows,
  open: OpenTraining = openSerialTraining,
  previous?: FeatureEncoder,
): Promise<EncodedTraining> {
  const inputs = rows.columns.map(({ name, kind }) => ({ name, kind }));
  const draft =
    previous?.unscaled() ?? draftEncoder(inputs, rows.columns.map(statisticsOf), request, classCount);
  const counts = Array.from(
    { length: classCount },
    (_, index) => rows.label.filter((one) => one === index).length,
  );
  const training = open({
    layout: draft.layout,
    trainingRowCount: rows.label.length,
    evaluationRowCount: evaluation?.label.length ?? 0,
    hasLabel: true,
    classCount,
    classRowCounts: counts,
    signal: new AbortController().signal,
    workspaceBytes: 0,
  });
  for (const [split, source] of [
    ['training', rows],
    ['evaluation', evaluation],
  ] as const) {
    if (source === undefined) continue;
    const encoded = draft.stage(rawRows(source.columns));
    const weight = Float64Array.from(source.weight ?? source.label.map(() => 1));
    training.memory.stage(split, 0, encoded, Float64Array.from(source.label), weight);
  }
  const { dataset, aggregator } = training;
  const { encoder } = await finishEncoder(draft, request, aggregator, dataset, previous);
  return { encoder, dataset, aggregator, dispose: () => training.dispose() };
}

export interface TestFit {
  readonly model: Model;
  readonly encoder: FeatureEncoder;
  readonly iterations: readonly IterationReport[];
  readonly warnings: readonly string[];
  /** Scores of rows, row-major. */
  score(columns: readonly TestColumn[]): Float64Array;
}

/** Trains on the rows. */
export async function trainRows(
  estimator: Estimator,
  rows: TestRows,
  options: Readonly<Record<string, OptionLiteral>> = {},
  more: { classCount?: number; evaluation?: TestRows; previous?: Model; open?: OpenTraining } = {},
): Promise<TestFit> {
  const checked = optionsOf(estimator, options);
  const request = estimator.encoding(checked);
  const encoded = await encodeRows(rows, request, more.classCount, more.evaluation, more.open);
  const iterations: IterationReport[] = [];
  const warnings: string[] = [];
  const model = await estimator.fit({
    ...encoded,
    options: checked,
    seed: 42,
    previous: more.previous,
    report: (iteration) => void iterations.push(iteration),
    warn: (message) => void warnings.push(message),
  });
  encoded.dispose();
  const score = (columns: readonly TestColumn[]): Float64Array => {
    const encodedRows = encoded.encoder.encode(rawRows(columns));
    const output = new Float64Array(encodedRows.rowCount * model.scoreWidth);
    model.score(encodedRows, output);
    return output;
  };
  return { model, encoder: encoded.encoder, iterations, warnings, score };
}
