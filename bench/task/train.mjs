/** Training: CREATE MODEL against each peer's reading and fit. */
import { join } from 'node:path';
import { judge } from '../data/judge.mjs';
import { outputFolder } from '../folders.mjs';
import { measureTraining } from '../ours/train.mjs';
import { calibrate } from './calibrate.mjs';
import { fitTask, trainingWork } from './definitions.mjs';
import { OURS } from './rounds.mjs';

async function judged(work, files, output, measurement) {
  if (output === undefined) return measurement;
  return { ...measurement, quality: await judge(work.quality, output, files.test, work.label) };
}

/** Contenders of a training work. */
export async function trainingContenders(goal, bench) {
  const work = trainingWork(goal.work, bench.rows);
  const files = await bench.table(work.data);
  const peers = bench.peersOf(goal);
  const limits = work.quality === 'logLoss' ? await calibrate(work, files, bench, peers) : undefined;
  const outputOf = (name) =>
    work.quality === 'inertia' ? undefined : join(outputFolder, `${goal.work}-${name}.parquet`);
  const ours =
    limits === undefined ? work : { ...work, options: { ...work.options, MAX_ITERATIONS: limits[OURS] } };
  const settingsOf = (name) => limits && { settings: { iterations: limits[name], tolerance: 1e-12 } };
  return [
    {
      name: OURS,
      async measure() {
        const measurement = await measureTraining(bench.file, ours, outputOf(OURS));
        return judged(work, files, outputOf(OURS), measurement);
      },
    },
    ...peers.map((name) => ({
      name,
      stop: () => bench.stopPeer(name),
      async measure() {
        const peer = await bench.peer(name);
        const task = { ...fitTask(work, files, bench.rows, outputOf(name)), ...settingsOf(name) };
        return judged(work, files, outputOf(name), await peer.ask('fit', task));
      },
    })),
  ];
}
