/**
 * npm run bench: measures the engine against its peers and says which goals are met. See
 * docs/performance.md.
 */
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bestPossible } from './data/judge.mjs';
import { builtFolder, programFolder, resultsFolder } from './folders.mjs';
import { goals } from './goals.mjs';
import { runGrowth } from './growth/growth.mjs';
import { parseOptions } from './options.mjs';
import { describeMachine } from './report/machine.mjs';
import { markdown } from './report/markdown.mjs';
import { publish } from './report/publish.mjs';
import { verdict } from './report/verdict.mjs';
import { Bench } from './task/bench.mjs';
import { memoryContenders } from './task/memory.mjs';
import { pointContenders } from './task/point.mjs';
import { takeTurns } from './task/rounds.mjs';
import { latencyContenders, scoringContenders } from './task/score.mjs';
import { trainingContenders } from './task/train.mjs';
import { transferContenders } from './task/transfer.mjs';

const contendersOf = {
  boosted: trainingContenders,
  forest: trainingContenders,
  logistic: trainingContenders,
  linear: trainingContenders,
  kmeans: trainingContenders,
  mixed: trainingContenders,
  text: trainingContenders,
  'score-trees': scoringContenders,
  'score-linear': scoringContenders,
  'single-row': latencyContenders,
  result: transferContenders,
  'result-psql': transferContenders,
  'result-pg': transferContenders,
  'copy-in': transferContenders,
  'copy-out': transferContenders,
  point: pointContenders,
  memory: memoryContenders,
};

/** Tables whose labels were drawn with a known probability, by the work that is judged on them. */
const judgedTables = { boosted: 'higgs', forest: 'higgs', mixed: 'mixed' };

async function runWork(goal, bench, rounds) {
  console.error(`bench: ${goal.work}`);
  const contenders = await takeTurns(await contendersOf[goal.work](goal, bench), rounds);
  await bench.forget();
  const judged = judgedTables[goal.work];
  const best = judged === undefined ? undefined : await bestPossible((await bench.table(judged)).test);
  return { ...verdict(goal, contenders), bestPossible: best };
}

function writeReport(text, { isQuick, rows }, date) {
  const day = date.slice(0, 10);
  const names = isQuick ? ['quick.md'] : [`${day}-${rows}.md`, 'latest.md'];
  for (const name of names) writeFileSync(join(resultsFolder, name), text);
  return join(resultsFolder, names[0]);
}

async function runWorks(options) {
  const machine = await describeMachine();
  const bench = new Bench(options);
  const verdicts = [];
  try {
    for (const goal of goals.filter(({ work }) => options.names.includes(work))) {
      verdicts.push(await runWork(goal, bench, options.rounds));
    }
  } finally {
    await bench.close();
  }
  const report = { ...options, machine, versions: bench.versions, absent: bench.absent, verdicts };
  const text = markdown(report);
  process.stdout.write(text);
  const file = writeReport(text, options, machine.date);
  if (!options.isQuick && options.names.length === goals.length) publish(report, basename(file));
  console.error(`bench: written to ${file}`);
  if (verdicts.some(({ summaries }) => summaries.some(({ isFailed }) => isFailed))) process.exitCode = 1;
}

const options = parseOptions(process.argv.slice(2));
if (!existsSync(join(builtFolder, 'main.cjs')))
  throw new Error('there is no dist/main.cjs: run npm run build');
rmSync(programFolder, { recursive: true, force: true });
cpSync(builtFolder, programFolder, { recursive: true });
await (options.isGrowth ? runGrowth(options) : runWorks(options));
