/** The tables' Parquet files: made once for each number of rows, the same files for every contender. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../folders.mjs';
import { literal, queryDuckDb } from './database.mjs';
import { higgsSql } from './higgs.mjs';
import { mixedSql } from './mixed.mjs';
import { textSql } from './text.mjs';
import { transferSql } from './transfer.mjs';
import { wideSql } from './wide.mjs';

/** Part of the files' names; another one makes them anew. */
const VERSION = 'v1';

/** Rows that no contender trains on: enough to tell AUCs apart by .001. */
const HELD_OUT_ROWS = 100_000;

const generators = {
  higgs: (range) => higgsSql({ ...range, hasMissing: true }),
  complete: (range) => higgsSql({ ...range, hasMissing: false }),
  mixed: mixedSql,
  text: textSql,
  wide: wideSql,
  transfer: transferSql,
};

async function write(path, sql) {
  if (existsSync(path)) return;
  console.error(`bench: writing ${path}`);
  await queryDuckDb(`COPY (${sql}) TO ${literal(`${path}.part`)} (FORMAT parquet)`);
  renameSync(`${path}.part`, path);
}

/** Tables that nothing is judged on. */
const withoutHeldOut = ['transfer', 'wide'];

/** Paths of a table's files, written if they are not there: `train`, and `test` with the held-out rows if it has any. */
export async function tableFiles(name, rows) {
  const generate = generators[name];
  const train = join(dataFolder, `${name}-${rows}-${VERSION}.parquet`);
  const test = join(dataFolder, `${name}-${rows}-held-out-${VERSION}.parquet`);
  await write(train, generate({ first: 0, count: rows }));
  if (withoutHeldOut.includes(name)) return { name, train };
  await write(test, generate({ first: rows, count: HELD_OUT_ROWS }));
  return { name, train, test };
}
