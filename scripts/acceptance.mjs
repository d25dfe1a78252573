/**
 * The acceptance run: loads real data through COPY, trains through SQL, and holds our scores against recorded ones.
 *
 *   npm run acceptance -- DIRECTORY       or with the directory in AUGUR_DATA
 *
 * Fails when any score misses its bound. The last line is `N passed, N failed`.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';
import { checks } from './acceptance/checks.mjs';
import { dataSets } from './acceptance/data-sets.mjs';
import { fixtureChecks } from './acceptance/penguin-fixtures.mjs';
import { startServer } from './server.mjs';

/** Loads one file through COPY FROM STDIN, in file order, and splits it where it has no test file. */
async function load(sql, directory, set) {
  const raw = `${set.name}${set.isSplit ? '_raw' : ''}`;
  await sql.unsafe(`CREATE TABLE ${raw} (${set.columns})`);
  const copy = `COPY ${raw} FROM STDIN (FORMAT csv, HEADER true, NULL '${set.null ?? ''}')`;
  await pipeline(createReadStream(join(directory, set.file)), await sql.unsafe(copy).writable());
  if (!set.isSplit) return;
  const numbered = `(SELECT row_number() OVER () - 1 AS row_index, ${set.select ?? '*'} FROM ${raw})`;
  for (const [part, condition] of [
    ['train', '<>'],
    ['test', '='],
  ]) {
    await sql.unsafe(
      `CREATE TABLE ${set.name}_${part} AS SELECT * EXCLUDE (row_index) FROM ${numbered} WHERE row_index % 5 ${condition} 4`,
    );
  }
}

/** Trains, evaluates, and compares. Gives one result a metric. */
async function judge(sql, check, index) {
  const model = `model_${index}`;
  const options = [
    `MODEL_TYPE='${check.type}'`,
    `INPUT_LABEL_COLS=['${check.label}']`,
    "DATA_SPLIT_METHOD='NO_SPLIT'",
    check.options,
  ];
  const started = performance.now();
  await sql.unsafe(
    `CREATE MODEL ${model} OPTIONS (${options.filter(Boolean).join(', ')}) AS SELECT * FROM ${check.train}`,
  );
  const seconds = (performance.now() - started) / 1000;
  const [row] = await sql.unsafe(`SELECT * FROM ML.EVALUATE(MODEL ${model}, TABLE ${check.test})`);
  const scores = {
    ...row,
    rmse: row.mean_squared_error === undefined ? undefined : Math.sqrt(row.mean_squared_error),
  };
  return check.expect.map(({ metric, reference, low, high }) => ({
    name: `${check.train} ${check.type}${check.options ? ` (${check.options})` : ''}`,
    metric,
    reference,
    score: scores[metric],
    isPassed: scores[metric] >= low && scores[metric] <= high,
    seconds,
  }));
}

function print(result) {
  const digits = Math.abs(result.reference) >= 1000 ? 1 : 5;
  const took = result.seconds === undefined ? '' : `  ${result.seconds.toFixed(1)} s`;
  console.log(
    `${result.isPassed ? 'ok  ' : 'MISS'} ${result.name}: ${result.metric} ${Number(result.score).toFixed(digits)} (reference ${result.reference.toFixed(digits)})${took}`,
  );
}

async function main() {
  const directory = resolve(process.argv[2] ?? process.env.AUGUR_DATA ?? '');
  if (!existsSync(join(directory, 'adult_train.csv'))) {
    throw new Error(`no data in ${directory}: give the directory with adult_train.csv and the others`);
  }
  const server = await startServer();
  const sql = postgres({
    host: '127.0.0.1',
    port: server.port,
    user: 'augur',
    database: server.database,
    max: 1,
    onnotice: () => {},
  });
  const results = [];
  try {
    for (const set of dataSets) await load(sql, directory, set);
    for (const [index, check] of checks.entries()) {
      const judged = await judge(sql, check, index);
      judged.forEach(print);
      results.push(...judged);
    }
    const fixtures = await fixtureChecks(sql);
    fixtures.forEach(print);
    results.push(...fixtures);
  } finally {
    await sql.end({ timeout: 5 });
    await server.stop();
  }
  const failed = results.filter((result) => !result.isPassed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  if (failed > 0 || results.length === 0) process.exitCode = 1;
}

await main();
