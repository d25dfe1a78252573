/** What the figures were measured on. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function git(...commandArguments) {
  try {
    return execFileSync('git', commandArguments, { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function installedVersion(name) {
  return JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8'))
    .version;
}

/** Milliseconds in which it is seen how busy the processors are. */
const WATCHED_MS = 2_000;

function processorTimes() {
  const times = cpus().map((processor) => processor.times);
  const all = times.flatMap((each) => Object.values(each)).reduce((sum, time) => sum + time, 0);
  return { all, idle: times.reduce((sum, { idle }) => sum + idle, 0) };
}

/** Share of the processors that is used while we wait; the load average remembers what ran minutes ago. */
async function usedShare() {
  const before = processorTimes();
  await setTimeout(WATCHED_MS);
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** The machine and the engine, at this moment. */
export async function describeMachine() {
  const processors = cpus();
  const commit = git('rev-parse', '--short', 'HEAD');
  const isChanged = git('status', '--porcelain', '--', 'src') !== '';
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    processor: processors[0].model.trim(),
    cores: processors.length,
    memoryBytes: totalmem(),
    load: loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    used: await usedShare(),
    system: `Linux ${release()}`,
    engine: `${commit ?? 'of no commit'}${commit !== undefined && isChanged ? ' with changes' : ''}`,
    node: process.version,
    duckdb: installedVersion('@duckdb/node-api'),
  };
}
