/** npm run bench growth: measures how time and memory grow, and draws docs/performance/*.svg. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotsFolder, resultsFolder, runFolder } from '../folders.mjs';
import { describeMachine } from '../report/machine.mjs';
import { byCategories, byClients, byFeatures, byRows, byTrees, byWorkers } from './measure.mjs';
import { drawPlot } from './plot.mjs';

const series = [
  { name: 'rows', measure: byRows, title: 'CREATE MODEL by rows, 28 features', xTitle: 'rows' },
  { name: 'features', measure: byFeatures, title: 'CREATE MODEL by features', xTitle: 'features' },
  {
    name: 'categories',
    measure: byCategories,
    title: 'CREATE MODEL by levels of one categorical',
    xTitle: 'levels',
    isLogarithmic: true,
  },
  { name: 'trees', measure: byTrees, title: 'CREATE MODEL by trees, 28 features', xTitle: 'trees' },
  {
    name: 'workers',
    measure: byWorkers,
    title: 'CREATE MODEL by threads',
    xTitle: 'threads',
    isLogarithmic: true,
  },
  {
    name: 'clients',
    measure: byClients,
    title: 'One-row ML.PREDICT by concurrent clients',
    xTitle: 'clients',
    isLogarithmic: true,
  },
];

/** Rows at most: growth shows shapes, and a million rows a point would take hours. */
const ROWS_MAX = 200_000;

/** A quick run draws beside its data, so that it does not pass for a measurement. */
export async function runGrowth({ rows, isQuick, latencyCalls }) {
  const machine = describeMachine();
  const folder = isQuick ? join(runFolder, 'growth') : plotsFolder;
  mkdirSync(folder, { recursive: true });
  const size = isQuick ? Math.min(rows, 10_000) : Math.min(rows, ROWS_MAX);
  const measured = {};
  for (const { name, measure, ...drawing } of series) {
    console.error(`bench: growth of ${name}, ${size} rows`);
    measured[name] = await measure({ rows: size, latencyCalls });
    writeFileSync(join(folder, `${name}.svg`), await drawPlot({ points: measured[name], ...drawing }));
  }
  const file = join(isQuick ? folder : resultsFolder, 'growth.json');
  writeFileSync(file, `${JSON.stringify({ machine, rows: size, measured }, undefined, 1)}\n`);
  console.error(`bench: plots in ${folder}, figures in ${file}`);
}
