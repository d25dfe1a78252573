/** Series of measurements of the engine alone: one thing grows, all else stays. */
import { literal, queryDuckDb } from '../data/database.mjs';
import { tableFiles } from '../data/files.mjs';
import { wideFeatures } from '../data/wide.mjs';
import { withServer } from '../ours/server.mjs';
import { prepareScoring } from '../ours/score.mjs';
import { freshFile, loadTable } from '../ours/tables.mjs';
import { measureStatement } from '../ours/train.mjs';
import { trainingWork } from '../task/definitions.mjs';
import { concurrentCalls } from './clients.mjs';

const kinds = {
  boosted: 'boosted trees',
  linear: 'linear regression',
  logistic: 'logistic regression',
  kmeans: 'k-means',
};

/** Rows that growth of rows is measured at, in shares of the most that are asked for. */
const rowShares = [0.01, 0.1, 1];

async function databaseOf(name, rows) {
  const files = await tableFiles(name, rows);
  const file = freshFile('growth');
  await loadTable(file, files);
  return { file, files };
}

async function point(file, work, x, series, serverOptions) {
  const { sql, peakBytes } = await measureStatement(file, work, serverOptions);
  console.error(`bench:   ${series}, ${x}: ${sql.toFixed(2)} s, ${Math.round(peakBytes / 1e6)} MB`);
  return { x, series, seconds: sql, megabytes: peakBytes / 1e6 };
}

/** Rows, for each kind of model. */
export async function byRows({ mostRows }) {
  const points = [];
  for (const share of rowShares) {
    const count = Math.round(mostRows * share);
    for (const [name, series] of Object.entries(kinds)) {
      const work = trainingWork(name, count);
      const { file } = await databaseOf(work.data, count);
      points.push(await point(file, work, count, series));
    }
  }
  return points;
}

/** Features, for each kind of model that has a label. */
export async function byFeatures({ featureRows: rows }) {
  const points = [];
  const { file } = await databaseOf('wide', rows);
  for (const name of ['boosted', 'linear', 'logistic']) {
    const work = { ...trainingWork(name, rows), table: 'wide' };
    for (const count of [10, 32, 100, 320, 1_000]) {
      const features = wideFeatures.slice(0, count);
      const select = [...features, work.label].join(', ');
      points.push(await point(file, { ...work, features, select }, count, kinds[name]));
    }
  }
  return points;
}

/** Levels of one categorical column beside four numbers. */
export async function byCategories({ rows }) {
  const points = [];
  const { file } = await databaseOf('mixed', rows);
  for (const name of ['boosted', 'logistic']) {
    for (const levels of [10, 100, 1_000, 10_000, 100_000]) {
      const select = `n1, n2, n3, n4, 'level ' || hash(id) % ${levels} AS level, label`;
      const work = { ...trainingWork(name, rows), table: 'mixed', select };
      points.push(await point(file, work, levels, kinds[name]));
    }
  }
  return points;
}

/** Trees of a boosted model and of a forest. */
export async function byTrees({ rows }) {
  const points = [];
  const { file } = await databaseOf('higgs', rows);
  for (const [name, option] of [
    ['boosted', 'MAX_ITERATIONS'],
    ['forest', 'NUM_PARALLEL_TREE'],
  ]) {
    const work = trainingWork(name, rows);
    for (const trees of [10, 25, 50, 100]) {
      const grown = { ...work, options: { ...work.options, [option]: trees } };
      points.push(await point(file, grown, trees, name === 'forest' ? 'random forest' : kinds[name]));
    }
  }
  return points;
}

/** Threads of the server; more of them than the machine has cores show what idle ones cost. */
export async function byWorkers({ rows }) {
  const points = [];
  for (const [name, series] of Object.entries(kinds)) {
    const work = trainingWork(name, rows);
    const { file } = await databaseOf(work.data, rows);
    for (const threads of [1, 2, 4]) points.push(await point(file, work, threads, series, { threads }));
  }
  return points;
}

/** Clients that ask for one row's prediction at the same time, each as fast as it gets answers. */
export async function byClients({ rows, latencyCalls }) {
  const work = { ...trainingWork('boosted', rows), model: 'kept' };
  const { file, files } = await databaseOf(work.data, rows);
  await prepareScoring(file, work);
  const select = `SELECT ${work.features.join(', ')} FROM read_parquet(${literal(files.test)}) LIMIT 1000`;
  const inputs = (await queryDuckDb(select)).map((row) => Object.values(row));
  const points = [];
  for (const clients of [1, 2, 4, 8, 16, 32]) {
    const measured = await withServer(file, (server) =>
      concurrentCalls(server, work, inputs, clients, latencyCalls),
    );
    console.error(
      `bench:   ${clients} clients: ${measured.median * 1000} ms, ${measured.perSecond} a second`,
    );
    points.push({
      x: clients,
      series: 'median',
      seconds: measured.median,
      perSecond: measured.perSecond,
      megabytes: measured.megabytes,
    });
    points.push({ x: clients, series: 'percentile 99', seconds: measured.slow });
  }
  return points;
}
