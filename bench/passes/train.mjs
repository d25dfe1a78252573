/**
 * Times one training on HIGGS-shaped rows, loading left out.
 * node bench/passes/train.mjs [--rows 200000] [--threads 2] [--model BOOSTED_TREE_CLASSIFIER] [--options '{"MAX_ITERATIONS":100}']
 */
import { parseArgs } from 'node:util';
import { checkOptions, createWorkerPool, findEstimator } from '../../dist/ml/index.js';
import { Log } from '../../dist/core/index.js';
import { higgsShaped, WIDTH } from './higgs-shaped.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000' },
    threads: { type: 'string', default: '2' },
    model: { type: 'string', default: 'BOOSTED_TREE_CLASSIFIER' },
    options: { type: 'string', default: '{"MAX_ITERATIONS":100,"EARLY_STOP":false}' },
  },
});
const rowCount = Number(values.rows);
const estimator = findEstimator(values.model);
const written = Object.entries(JSON.parse(values.options)).map(([name, value]) => ({
  name,
  value,
  position: 1,
  valuePosition: 1,
}));
const { options } = checkOptions(written, estimator.options, estimator.modelType);
const layout = { numericWidth: WIDTH, categories: [], width: WIDTH };
const isClassifier = estimator.task === 'classification';
const classCount = isClassifier ? 2 : 0;
const rows = higgsShaped(rowCount);
const keepsMissing = estimator.encoding(options).numeric === 'raw';
if (!keepsMissing) rows.numeric.forEach((value, index) => Number.isNaN(value) && (rows.numeric[index] = 0));
const shape = { rowCount, numericWidth: WIDTH, categoryCount: 0, width: WIDTH, classCount };
const pool = createWorkerPool({ threads: Number(values.threads), memoryBytes: 4e9, log: new Log('silent') });
const hasLabel = estimator.task !== 'clustering';
const training = pool.openTraining({
  layout,
  trainingRowCount: rowCount,
  evaluationRowCount: 0,
  hasLabel,
  classCount,
  classRowCounts: isClassifier
    ? [0, 1].map((index) => rows.label.filter((label) => label === index).length)
    : [],
  signal: new AbortController().signal,
  workspaceBytes: estimator.estimate(shape, options).workspaceBytes,
});
training.memory.write(
  'training',
  0,
  { layout, rowCount, numeric: rows.numeric, codes: new Int32Array(0) },
  hasLabel ? rows.label : undefined,
  undefined,
);
const encoder = {
  inputs: [],
  layout,
  columns: Array.from({ length: WIDTH }, (_, index) => ({
    name: `x${index}`,
    feature: `x${index}`,
    kind: 'numeric',
    index,
    mean: 0,
    scale: 1,
    categories: [],
    dropped: undefined,
  })),
};
/** Wall time of each pass, and the time of all processors meanwhile. */
const passTimes = new Map();
const { run, runWhole } = training.aggregator;
training.aggregator.run = async (pass, ...rest) => {
  const begin = performance.now();
  const beginCpu = process.cpuUsage();
  const partial = await run.call(training.aggregator, pass, ...rest);
  const known = passTimes.get(pass.name) ?? { runs: 0, milliseconds: 0, cpu: 0 };
  const { user, system } = process.cpuUsage(beginCpu);
  passTimes.set(pass.name, {
    runs: known.runs + 1,
    milliseconds: known.milliseconds + performance.now() - begin,
    cpu: known.cpu + (user + system) / 1000,
  });
  return partial;
};
training.aggregator.runWhole = async (pass, ...rest) => {
  const begin = performance.now();
  const partial = await runWhole.call(training.aggregator, pass, ...rest);
  const known = passTimes.get(pass.name) ?? { runs: 0, milliseconds: 0, cpu: NaN };
  const milliseconds = known.milliseconds + performance.now() - begin;
  passTimes.set(pass.name, { runs: known.runs + 1, milliseconds, cpu: NaN });
  return partial;
};
const reports = [];
const start = performance.now();
const cpu = process.cpuUsage();
const marks = [];
const model = await estimator.fit({
  dataset: training.dataset,
  options,
  aggregator: training.aggregator,
  encoder,
  seed: 42,
  previous: undefined,
  report: (report) => {
    if (reports.length === 0) marks.push(performance.now() - start);
    reports.push(report);
  },
  warn: (message) => console.log(message),
});
const wall = (performance.now() - start) / 1000;
const used = process.cpuUsage(cpu);
const last = reports.at(-1);
console.log(
  `${values.model} rows=${rowCount} threads=${values.threads} wall ${wall.toFixed(2)} s (first report ${(marks[0] / 1000).toFixed(2)} s), cpu ${(used.user / 1e6).toFixed(2)} s, ` +
    `iterations ${reports.length}, loss ${last.loss.toFixed(6)}`,
);
for (const [name, { runs, milliseconds, cpu: cpuTime }] of passTimes)
  console.log(`  ${name}: ${runs} runs, ${milliseconds.toFixed(0)} ms, cpu ${cpuTime.toFixed(0)} ms`);
const scores = new Float64Array(rowCount * model.scoreWidth);
const scoreStart = performance.now();
model.score({ layout, rowCount, numeric: rows.numeric, codes: new Int32Array(0) }, scores);
console.log(`scoring ${((performance.now() - scoreStart) / 1000).toFixed(2)} s`);
training.dispose();
await pool.close();
