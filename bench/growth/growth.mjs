/** npm run bench growth: measures how time and memory grow, and draws docs/performance/*.svg. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotsFolder, resultsFolder, runFolder } from '../folders.mjs';
import { describeMachine } from '../report/machine.mjs';
import { byCategories, byClients, byFeatures, byRows, byTrees, byWorkers } from './measure.mjs';
import { drawPlot } from './plot.mjs';

const series = [
  {
    name: 'rows',
    measure: byRows,
    title: 'CREATE MODEL by rows, 28 features',
    xTitle: 'rows',
    isLogarithmic: true,
  },
  {
    name: 'features',
    measure: byFeatures,
    title: 'CREATE MODEL by features',
    xTitle: 'features',
    isLogarithmic: true,
  },
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

/** Sizes of the series: the growth of rows goes to `mostRows`, that of features is measured with `featureRows`. */
const sizes = {
  whole: { mostRows: 10_000_000, rows: 200_000, featureRows: 50_000 },
  quick: { mostRows: 20_000, rows: 10_000, featureRows: 2_000 },
};

/** Figures of series that are not measured now. */
function earlier(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).series : {};
}

/** A quick run draws beside its data, so that it does not pass for a measurement. */
export async function runGrowth({ isQuick, latencyCalls, names }) {
  const folder = isQuick ? join(runFolder, 'growth') : plotsFolder;
  mkdirSync(folder, { recursive: true });
  const size = isQuick ? sizes.quick : sizes.whole;
  const file = join(isQuick ? folder : resultsFolder, 'growth.json');
  const measured = earlier(file);
  for (const { name, measure, ...drawing } of series.filter((each) => names.includes(each.name))) {
    console.error(`bench: growth of ${name}`);
    const machine = await describeMachine();
    const points = await measure({ ...size, latencyCalls });
    measured[name] = { machine, points };
    writeFileSync(join(folder, `${name}.svg`), await drawPlot({ points, ...drawing }));
    writeFileSync(file, `${JSON.stringify({ ...size, series: measured }, undefined, 1)}\n`);
  }
  console.error(`bench: plots in ${folder}, figures in ${file}`);
}
