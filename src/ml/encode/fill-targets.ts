/** The step of finish-encoder that puts target statistics in the place of codes. */
import { assert } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import { codeCount, type ColumnEncoding } from './column-encoding.ts';
import type { LearnedEncoder } from './learned-encoder.ts';
import { targetFillPass, targetSumsPass, targetSumsSize, type TargetColumn } from './target-passes.ts';
import { targetTables, type TargetTables } from './target-tables.ts';

/**
 * Rewrites the codes of target columns in the settled rows of both splits: training rows by the other folds, evaluation
 * rows by all of them. Returns the encodings with what was learned; those that know their means already keep them, and
 * evaluation rows get these.
 */
export async function fillTargets(
  draft: LearnedEncoder,
  encodings: readonly ColumnEncoding[],
  aggregator: Aggregator,
  dataset: Dataset,
): Promise<readonly ColumnEncoding[]> {
  const columns = encodings.flatMap((encoding, position): TargetColumn[] =>
    encoding.kind === 'target'
      ? [
          {
            index: draft.firstNumeric[position]!,
            width: encoding.width,
            codeCount: codeCount(encoding.dictionary),
          },
        ]
      : [],
  );
  if (columns.length === 0) return encodings;
  const sums = await aggregator.run(targetSumsPass, { columns });
  const found = tablesOf(sums, columns);
  await aggregator.run(targetFillPass, { columns, tables: found.map(({ folded }) => folded) });
  let order = 0;
  const learned = encodings.map((encoding) =>
    encoding.kind === 'target' ? learnedTarget(encoding, found[order++]!) : encoding,
  );
  if (dataset.evaluationRowCount > 0) {
    const tables = learned.flatMap((encoding) =>
      encoding.kind === 'target' ? [Float64Array.from([...meansOf(encoding), ...encoding.prior])] : [],
    );
    await aggregator.run(targetFillPass, { columns, tables }, 'evaluation');
  }
  return learned;
}

type TargetEncoding = ColumnEncoding & { readonly kind: 'target' };

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
