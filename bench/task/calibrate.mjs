/**
 * Iterations that each side needs to come within 1e-6 of the least log loss of the training rows that
 * anybody reaches: so the same quality is timed, and no stopping rule is. Not timed itself.
 */
import { createModelSql } from '../ours/train.mjs';
import { withServer } from '../ours/server.mjs';
import { fitTask } from './definitions.mjs';
import { OURS } from './rounds.mjs';

const LOSS_GAP = 1e-6;
const ITERATIONS_MAX = 300;

/** Our loss after each iteration. */
async function ourLosses(work, bench) {
  const options = { ...work.options, MAX_ITERATIONS: ITERATIONS_MAX };
  return withServer(bench.file, async ({ client }) => {
    await client.query('DROP MODEL IF EXISTS calibrated');
    await client.query(createModelSql('calibrated', { ...work, options }));
    const { rows } = await client.query(
      'SELECT loss FROM ML.TRAINING_INFO(MODEL calibrated) ORDER BY iteration',
    );
    await client.query('DROP MODEL calibrated');
    return rows.map((row) => Number(row.loss));
  });
}

/** The least number in (0, most] for which `isEnough`, which is true of `most` and of all above the least. */
async function leastEnough(most, isEnough) {
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Iterations by contender. */
export async function calibrate(work, files, bench, peers) {
  const losses = await ourLosses(work, bench);
  const fits = {};
  for (const name of peers) {
    const peer = await bench.peer(name);
    const task = { ...fitTask(work, files, bench.rows), readers: ['pandas'] };
    fits[name] = (iterations) => peer.ask('fit', { ...task, settings: { iterations, tolerance: 1e-12 } });
  }
  const ends = {};
  for (const name of peers) ends[name] = await fits[name](ITERATIONS_MAX);
  const goal = Math.min(...losses, ...peers.map((name) => ends[name].trainingLoss)) + LOSS_GAP;
  const ours = losses.findIndex((loss) => loss <= goal);
  if (ours < 0)
    throw new Error(
      `log loss ${goal} is not reached in ${losses.length} iterations, only ${Math.min(...losses)}`,
    );
  const limits = { [OURS]: ours + 1 };
  for (const name of peers) {
    const isEnough = async (iterations) => (await fits[name](iterations)).trainingLoss <= goal;
    limits[name] =
      ends[name].trainingLoss <= goal ? await leastEnough(ends[name].iterations, isEnough) : ITERATIONS_MAX;
  }
  console.error(`bench:   training log loss ${goal.toFixed(7)} takes iterations: ${JSON.stringify(limits)}`);
  return limits;
}
