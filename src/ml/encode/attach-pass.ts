/**
 * Makes threads ready for a training while its rows are still on their way: with their first task they attach to its
 * memory and set up their kernels, for which the first pass over the rows would wait.
 */
import type { Aggregator, Pass } from '../aggregate.ts';

/** Looks at nothing. The partial is the number of partitions. */
export const attachPass: Pass<undefined, number> = {
  name: 'encode.attach',
  accumulate() {
    return 1;
  },
  accumulateAll(partitions) {
    return partitions.length;
  },
  merge(left, right) {
    return left + right;
  },
};

/** Runs `block` while threads attach; both are done when it returns. What the block throws goes first. */
export async function whileAttaching(aggregator: Aggregator, block: () => Promise<void>): Promise<void> {
  const attached = aggregator.run(attachPass, undefined).then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  );
  await block();
  const failure = await attached;
  if (failure !== undefined) throw failure.thrown;
}
