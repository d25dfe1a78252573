/** The database file that our server works on: tables loaded once a run from the same Parquet files. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { literal } from '../data/database.mjs';
import { runFolder } from '../folders.mjs';
import { withServer } from './server.mjs';

/** A database file that is not there. */
export function freshFile(name) {
  const file = join(runFolder, `${name}.db`);
  for (const path of [file, `${file}.wal`]) if (existsSync(path)) rmSync(path);
  return file;
}

/** Loads the files' rows as tables `<name>` and `<name>_held_out`; gives seconds by table. */
export async function loadTable(file, { name, train, test }) {
  const load = (table, path) => `CREATE TABLE ${table} AS SELECT * FROM read_parquet(${literal(path)})`;
  return withServer(file, async (server) => {
    const seconds = await server.time(load(name, train));
    if (test !== undefined) await server.time(load(`${name}_held_out`, test));
    return seconds;
  });
}
