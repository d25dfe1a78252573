/**
 * Scoring: a table of predictions against each peer's reading, predict and writing; and one row at a time.
 */
import { join } from 'node:path';
import { literal, queryDuckDb } from '../data/database.mjs';
import { judge } from '../data/judge.mjs';
import { outputFolder } from '../folders.mjs';
import { measureLatency } from '../ours/latency.mjs';
import { measureScoring, prepareScoring } from '../ours/score.mjs';
import { findProgram } from '../postgres/postgres.mjs';
import { fitTask, trainingWork } from './definitions.mjs';
import { OURS } from './rounds.mjs';

const trained = { 'score-trees': 'boosted', 'score-linear': 'linear', 'single-row': 'boosted' };

/** Trains both sides' models; they stay for all rounds. */
async function prepare(goal, bench) {
  const work = { ...trainingWork(trained[goal.work], bench.rows), model: 'kept' };
  const files = await bench.table(work.data);
  await prepareScoring(bench.file, work);
  const peers = bench.peersOf(goal);
  for (const name of peers) {
    const peer = await bench.peer(name);
    await peer.ask('fit', { ...fitTask(work, files, bench.rows), keep: true, readers: ['pandas'] });
  }
  return { work, files, peers };
}

export async function scoringContenders(goal, bench) {
  const { work, files, peers } = await prepare(goal, bench);
  const outputOf = (name) => join(outputFolder, `${goal.work}-${name}.parquet`);
  const judged = async (name, measurement) => ({
    ...measurement,
    quality: await judge(work.quality, outputOf(name), files.train, work.label),
  });
  return [
    { name: OURS, measure: async () => judged(OURS, await measureScoring(bench.file, work, outputOf(OURS))) },
    ...peers.map((name) => ({
      name,
      async measure() {
        const task = { features: work.features, file: files.train, output: outputOf(name) };
        return judged(name, await (await bench.peer(name)).ask('score', task));
      },
    })),
  ];
}

export async function latencyContenders(goal, bench) {
  const { work, files, peers } = await prepare(goal, bench);
  const select = `SELECT ${work.features.join(', ')} FROM read_parquet(${literal(files.test)}) LIMIT 1000`;
  const rows = (await queryDuckDb(select)).map((row) => Object.values(row));
  const pgbench = findProgram('pgbench');
  if (pgbench === undefined) bench.absent.pgbench = 'not installed; single rows are asked by the raw client';
  return [
    { name: OURS, measure: () => measureLatency(bench.file, work, rows, bench.latencyCalls, pgbench) },
    ...peers.map((name) => ({
      name,
      async measure() {
        const task = { features: work.features, test: files.test, calls: bench.latencyCalls };
        return (await bench.peer(name)).ask('single', task);
      },
    })),
  ];
}
