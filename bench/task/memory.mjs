/**
 * Peak memory of one training, in bytes: `sql` of the whole process, `core` beyond what it held before it
 * read anything.
 */
import { measureStatement } from '../ours/train.mjs';
import { fitTask, trainingWork } from './definitions.mjs';
import { OURS } from './rounds.mjs';

const bytesOf = ({ peakBytes, idleBytes }) => ({
  core: peakBytes - idleBytes,
  sql: peakBytes,
  parts: { idle: idleBytes },
});

export async function memoryContenders(goal, bench) {
  const work = trainingWork('boosted', bench.rows);
  const files = await bench.table(work.data);
  return [
    { name: OURS, measure: async () => bytesOf(await measureStatement(bench.file, work)) },
    ...bench.peersOf(goal).map((name) => ({
      name,
      async measure() {
        const peer = await bench.freshPeer(name);
        try {
          return bytesOf(await peer.ask('fit', { ...fitTask(work, files, bench.rows), readers: ['pandas'] }));
        } finally {
          await peer.stop();
        }
      },
    })),
  ];
}
