/**
 * Learns what only the rows can tell (means, deviations, target means), from the training rows alone, and
 * rewrites the rows of both splits in place. Meaning: functions reference, 0.6: sample standard deviation
 * over non-NULL values.
 */
import { assert, invalidData } from '../../core/index.ts';
import type { Aggregator, Pass } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import type { EncodingRequest } from '../estimator.ts';
import { SCALING_COUNT } from '../kernel/column-kernel.ts';
import type { ColumnEncoding } from './column-encoding.ts';
import type { FeatureEncoder } from './feature-encoder.ts';
import { fillTargets } from './fill-targets.ts';
import { LearnedEncoder } from './learned-encoder.ts';
import {
  finishSummaries,
  surveyNumbers,
  type NumberSummary,
  type UnfinishedSummary,
} from './number-summary.ts';
import { settlePass } from './settle-pass.ts';

/** A finished encoder, and what the training rows told of each input that is a number or a timestamp. */
export interface FinishedEncoder {
  readonly encoder: FeatureEncoder;
  /** One an input; undefined for other kinds. */
  readonly summaries: readonly (NumberSummary | undefined)[];
}

/**
 * Runs over rows that `draft.stage` gave, once; afterwards they are settled, as the returned encoder's `encode` gives
 * them, but for target columns of training rows, which hold what the other folds' rows say. With `previous`, of which `draft` is the unscaled form, that encoder's scaling is kept and returned. `keepsTargetCodes`
 * takes a workspace of `targetCodeBytesPerRow` and lets `refillTargets` make those columns whole. Throws
 * 22000 for a numeric feature with infinite values (unless numbers stay raw).
 */
export async function finishEncoder(
  draft: FeatureEncoder,
  request: EncodingRequest,
  aggregator: Aggregator,
  dataset: Dataset,
  previous?: FeatureEncoder,
  keepsTargetCodes = false,
): Promise<FinishedEncoder> {
  assert(draft instanceof LearnedEncoder, 'a draft of draftEncoder');
  const positions = draft.encodings.flatMap(({ kind }, position) =>
    kind === 'number' || kind === 'timestamp' ? [position] : [],
  );
  const columns = Int32Array.from(positions, (position) => draft.firstNumeric[position]!);
  const survey = await surveyNumbers(columns, aggregator, dataset);
  const encodings =
    previous === undefined ? scaledEncodings(draft, request, positions, survey) : encodingsOf(previous);
  // The medians are nobody's scaling: they are found while other threads rewrite the rows.
  const [found, settled] = await Promise.allSettled([
    finishSummaries(survey, aggregator),
    settle(draft, encodings, aggregator, dataset),
  ]);
  if (settled.status === 'rejected') throw settled.reason;
  if (found.status === 'rejected') throw found.reason;
  const summaries: (NumberSummary | undefined)[] = draft.inputs.map(() => undefined);
  positions.forEach((position, order) => (summaries[position] = found.value[order]!));
  const learned = await fillTargets(draft, encodings, aggregator, dataset, keepsTargetCodes);
  return { encoder: previous ?? new LearnedEncoder(draft.inputs, learned), summaries };
}

function encodingsOf(encoder: FeatureEncoder): readonly ColumnEncoding[] {
  assert(encoder instanceof LearnedEncoder, 'a learned encoder');
  return encoder.encodings;
}

/** The draft's encodings, those at `positions`, which `survey` is of, scaled as requested. */
function scaledEncodings(
  { inputs, encodings }: LearnedEncoder,
  { numeric }: EncodingRequest,
  positions: readonly number[],
  survey: readonly UnfinishedSummary[],
): readonly ColumnEncoding[] {
  const scaled = [...encodings];
  if (numeric === 'raw') return scaled;
  positions.forEach((position, order) => {
    const scaling = scalingOf(inputs[position]!.name, survey[order]!, numeric === 'standardize');
    const encoding = encodings[position]!;
    scaled[position] =
      encoding.kind === 'timestamp'
        ? { ...encoding, seconds: { ...scaling, imputes: true } }
        : { kind: 'number', ...scaling, imputes: true };
  });
  return scaled;
}

/** Runs a rewriting pass over the rows of both splits. */
async function rewrite<Broadcast>(
  pass: Pass<Broadcast, number>,
  broadcast: Broadcast,
  aggregator: Aggregator,
  dataset: Dataset,
): Promise<void> {
  await aggregator.run(pass, broadcast);
  if (dataset.evaluationRowCount > 0) await aggregator.run(pass, broadcast, 'evaluation');
}

/** Staged rows become rows, scaled as the encodings say. */
async function settle(
  { firstNumeric, layout }: LearnedEncoder,
  encodings: readonly ColumnEncoding[],
  aggregator: Aggregator,
  dataset: Dataset,
): Promise<void> {
  const scaling = new Float64Array(layout.numericWidth * SCALING_COUNT);
  for (let base = 0; base < scaling.length; base += SCALING_COUNT) scaling.set([0, 1, Number.NaN], base);
  let changes = false;
  encodings.forEach((encoding, position) => {
    if (encoding.kind !== 'number' && encoding.kind !== 'timestamp') return;
    const { mean, scale, imputes } = encoding.kind === 'number' ? encoding : encoding.seconds;
    scaling.set([mean, scale, imputes ? 0 : Number.NaN], firstNumeric[position]! * SCALING_COUNT);
    changes ||= mean !== 0 || scale !== 1 || imputes;
  });
  await rewrite(settlePass, { scaling: changes ? scaling : undefined }, aggregator, dataset);
}

/** A constant column is only centred, at exactly its value, so that it becomes 0 and not rounding noise. */
function scalingOf(
  name: string,
  moments: UnfinishedSummary,
  scales: boolean,
): { mean: number; scale: number } {
  if (moments.count === 0) return { mean: 0, scale: 1 };
  if (!Number.isFinite(moments.least) || !Number.isFinite(moments.greatest)) {
    throw invalidData(
      `feature "${name}" has infinite values`,
      undefined,
      'Filter them out or replace them by NULL.',
    );
  }
  const deviation = moments.deviation ?? 0;
  if (moments.least === moments.greatest) return { mean: moments.least, scale: 1 };
  if (!Number.isFinite(moments.mean) || !Number.isFinite(deviation)) {
    throw invalidData(
      `values of feature "${name}" are too large to be standardised`,
      undefined,
      'Rescale the column.',
    );
  }
  return { mean: moments.mean, scale: scales && deviation > 0 ? deviation : 1 };
}
