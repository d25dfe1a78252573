/**
 * The work of one task: accumulate partitions one by one and merge them in order. The same code on every
 * thread.
 */
import type { AnyPass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { OrderedMerge } from '../ordered-merge.ts';
import { type PartitionRange } from './merge-tree.ts';

/** The merged partial of a range of partitions; stops between partitions when the training was cancelled. */
export function accumulateRange(
  pass: AnyPass,
  broadcast: unknown,
  partitions: readonly Partition[],
  range: PartitionRange,
  context: PassContext,
): unknown {
  const merged = new OrderedMerge<unknown>((left, right) => pass.merge(left, right));
  const chosen = partitions.slice(range.first, range.first + range.count);
  if (pass.accumulateAll !== undefined) return pass.accumulateAll(chosen, broadcast, context);
  for (const partition of chosen) {
    context.checkpoint();
    merged.add(pass.accumulate(partition, broadcast, context));
  }
  return merged.finish();
}
