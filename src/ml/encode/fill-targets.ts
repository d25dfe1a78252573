/** The step of finish-encoder that puts target statistics in the place of codes. */
import { assert } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import { codeCount, type ColumnEncoding } from './column-encoding.ts';
import type { FeatureEncoder } from './feature-encoder.ts';
import { LearnedEncoder } from './learned-encoder.ts';
import {
  TARGET_CODES_WORKSPACE,
  targetCountsPass,
  targetFillPass,
  targetSumsPass,
  targetSumsSize,
  type TargetColumn,
} from './target-passes.ts';
import { targetTables, type TargetTables } from './target-tables.ts';

type TargetEncoding = ColumnEncoding & { readonly kind: 'target' };

/** Bytes a row for the codes of target columns, where they are kept. */
export function targetCodeBytesPerRow(encoder: FeatureEncoder): number {
  assert(encoder instanceof LearnedEncoder, 'a learned encoder');
  return 4 * encoder.encodings.filter(({ kind }) => kind === 'target').length;
}

function targetColumns(encoder: LearnedEncoder): TargetColumn[] {
  return encoder.encodings.flatMap((encoding, position): TargetColumn[] => {
    if (encoding.kind !== 'target') return [];
    const { width, dictionary } = encoding;
    return [{ index: encoder.firstNumeric[position]!, width, codeCount: codeCount(dictionary) }];
  });
}

/**
 * Rewrites the codes of target columns in the settled rows of both splits: training rows by the other folds, evaluation
 * rows by all of them. Returns the encodings with what was learned; those that know their means already keep them, and
 * evaluation rows get these. `keepsCodes` keeps the codes of training rows for `refillTargets`.
 */
export async function fillTargets(
  draft: LearnedEncoder,
  encodings: readonly ColumnEncoding[],
  aggregator: Aggregator,
  dataset: Dataset,
  keepsCodes: boolean,
): Promise<readonly ColumnEncoding[]> {
  const columns = targetColumns(draft);
  if (columns.length === 0) return encodings;
  const pass = dataset.classCount > 0 ? targetCountsPass : targetSumsPass;
  const sums = await aggregator.run(pass, { columns });
  const found = tablesOf(sums, columns);
  const tables = found.map(({ folded }) => folded);
  if (keepsCodes) aggregator.allocate(TARGET_CODES_WORKSPACE, 'int32', columns.length);
  await aggregator.run(targetFillPass, { columns, tables, ...(keepsCodes ? { codes: 'kept' } : {}) });
  let order = 0;
  const learned = encodings.map((encoding) =>
    encoding.kind === 'target' ? learnedTarget(encoding, found[order++]!) : encoding,
  );
  if (dataset.evaluationRowCount > 0) {
    await aggregator.run(targetFillPass, { columns, tables: wholeTables(learned) }, 'evaluation');
  }
  return learned;
}

/**
 * Puts into the training rows, whose codes were kept, what the encoder gives for them: the statistics of all rows. For
 * judging; nothing may learn from them.
 */
export async function refillTargets(encoder: FeatureEncoder, aggregator: Aggregator): Promise<void> {
  assert(encoder instanceof LearnedEncoder, 'a learned encoder');
  const columns = targetColumns(encoder);
  if (columns.length === 0) return;
  await aggregator.run(targetFillPass, { columns, tables: wholeTables(encoder.encodings), codes: 'known' });
}

function wholeTables(encodings: readonly ColumnEncoding[]): Float64Array[] {
  return encodings.flatMap((encoding) =>
    encoding.kind === 'target' ? [Float64Array.from([...meansOf(encoding), ...encoding.prior])] : [],
  );
}

function tablesOf(sums: Float64Array, columns: readonly TargetColumn[]): readonly TargetTables[] {
  let end = 0;
  return columns.map((column) => {
    const start = end;
    end += targetSumsSize(column);
    return targetTables(sums.subarray(start, end), column);
  });
}

function learnedTarget(encoding: TargetEncoding, { whole }: TargetTables): TargetEncoding {
  if (encoding.means !== undefined) return encoding;
  const split = whole.length - encoding.width;
  return { ...encoding, means: [...whole.subarray(0, split)], prior: [...whole.subarray(split)] };
}

function meansOf({ means }: TargetEncoding): readonly number[] {
  assert(means !== undefined, 'a learned target encoding');
  return means;
}
