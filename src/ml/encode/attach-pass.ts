/**
 * Makes threads ready for a training while its rows are still on their way: with their first task they attach to its
 * memory and set up their kernels, for which the first pass over the rows would wait. And they touch the pages that the
 * rows will fill: the system gives a page to whoever writes to it first, which takes as long as copying the rows into it,
 * and rows are copied by one thread.
 */
import type { Aggregator, Pass } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';

/** Bytes of the smallest page that a system has. */
const PAGE_BYTES = 4_096;

/** Writes to every page of an array, and changes nothing, whoever else writes there. */
function touchPages({ buffer, byteOffset, byteLength }: Float64Array | Int32Array): void {
  const words = new Int32Array(buffer, byteOffset, byteLength >> 2);
  for (let place = 0; place < words.length; place += PAGE_BYTES >> 2)
    Atomics.compareExchange(words, place, 0, 0);
}

function touchPartition({ numeric, codes, label, weight }: Partition): void {
  for (const array of [numeric, codes, label, weight]) touchPages(array);
}

/** Changes nothing. The partial is the number of partitions. */
export const attachPass: Pass<undefined, number> = {
  name: 'encode.attach',
  accumulate(partition) {
    touchPartition(partition);
    return 1;
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
