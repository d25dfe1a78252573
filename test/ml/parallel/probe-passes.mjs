/** Passes that misbehave on purpose, for the threads under test. */
import { invalidData } from '../../../dist/core/index.js';
import { ThreadTeam } from '../../../dist/ml/tree/thread-team.js';

const sum = {
  name: 'probe.sum',
  accumulate(partition, broadcast) {
    const total = new Float64Array(2);
    for (let row = 0; row < partition.rowCount; row++) {
      total[0] += partition.label[row] * partition.weight[row] * broadcast.factor;
      total[1] += 1;
    }
    return { total };
  },
  merge(left, right) {
    left.total[0] += right.total[0];
    left.total[1] += right.total[1];
    return left;
  },
};

/** Writes the partition's index plus the row's number into a workspace. */
const mark = {
  name: 'probe.mark',
  accumulate(partition) {
    const marks = partition.workspace('marks');
    for (let row = 0; row < partition.rowCount; row++) marks[row] = partition.firstRow + row;
    return 0;
  },
  merge: () => 0,
};

/** Throws what it is told to throw. */
const fail = {
  name: 'probe.fail',
  accumulate(partition, broadcast) {
    if (partition.index === broadcast.index) {
      if (broadcast.plain) throw new TypeError(broadcast.message);
      throw invalidData(broadcast.message, 'the detail', 'the hint');
    }
    return 0;
  },
  merge: () => 0,
};

/** Works for a given time; looks at its checkpoint or does not. */
const spin = {
  name: 'probe.spin',
  accumulate(partition, broadcast, context) {
    const end = Date.now() + broadcast.ms;
    while (Date.now() < end) if (broadcast.polite) context.checkpoint();
    return 1;
  },
  merge: (left, right) => left + right,
};

/** Ends its thread. */
const exit = {
  name: 'probe.exit',
  accumulate(partition) {
    if (partition.index === 0) process.exit(3);
    return 0;
  },
  merge: () => 0,
};

/** Fills the heap of its thread. */
const exhaust = {
  name: 'probe.exhaust',
  accumulate() {
    const kept = [];
    for (;;) kept.push({ values: new Array(100_000).fill({}) });
  },
  merge: () => 0,
};

/** Tells which kernel the thread has. */
const kernel = {
  name: 'probe.kernel',
  accumulate: (_partition, _broadcast, context) => [context.kernel.kernelName],
  merge: (left, right) => [...left, ...right],
};

/** Adds up in groups of partitions, and tells how large they were. */
const group = {
  name: 'probe.group',
  accumulate: (partition) => [1, partition.index],
  accumulateAll: (partitions) => partitions.flatMap(({ index }) => [partitions.length, index]),
  merge: (left, right) => [...left, ...right],
};

/**
 * A team: counts in `tally` how often each job of each phase was done, in `begun` the threads that came. `trouble` happens
 * to the leader or to another thread, in its first job.
 */
const team = {
  name: 'probe.team',
  accumulate: (partition, broadcast, context) => workTogether([partition], broadcast, context),
  accumulateAll: workTogether,
  merge: (left, right) => left ?? right,
};

function workTogether(partitions, { words, tally, begun, phases, jobs, trouble, awaited }, context) {
  const threads = new ThreadTeam(words, () => context.checkpoint());
  const isLeader = threads.join();
  Atomics.add(begun, 0, 1);
  Atomics.notify(begun, 0);
  let phase = 0;
  const work = (job) => {
    while (awaited !== undefined && Atomics.load(begun, 0) < awaited) context.checkpoint();
    if (trouble?.leader === isLeader) {
      if (trouble.kind === 'exit') process.exit(3);
      throw invalidData('a job failed', 'the detail', 'the hint');
    }
    // Those who are not to have trouble leave a job for those who are.
    while (trouble !== undefined) context.checkpoint();
    Atomics.add(tally, job, 1);
  };
  if (!isLeader) return threads.follow(work) ?? null;
  try {
    for (; phase < phases; phase++) threads.run(jobs, work);
    return partitions.length;
  } finally {
    threads.end();
  }
}

export const passes = [sum, mark, fail, spin, exit, exhaust, kernel, group, team];
