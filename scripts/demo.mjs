/**
 * The main job on real data: starts a server on a free port with a temporary database file, connects with psql (or, where
 * there is none, with the driver pg), runs examples/penguins.sql, restarts the server, and asks the models again.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startServer } from './server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const hasPsql = spawnSync('psql', ['--version']).status === 0;

async function runWithPsql(server, file) {
  const target = `host=127.0.0.1 port=${server.port} user=augur dbname=${server.database}`;
  const run = spawnSync(
    'psql',
    ['-X', '-a', '-P', 'pager=off', '-v', 'ON_ERROR_STOP=1', '-d', target, '-f', file],
    { stdio: 'inherit' },
  );
  if (run.status !== 0) throw new Error(`psql ended with ${run.status}`);
}

/** Statements of one of our own files: each ends with a semicolon at the end of a line. */
function statementsOf(file) {
  return readFileSync(file, 'utf8')
    .split(/;\s*\n/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

async function runWithDriver(server, file) {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'augur',
    database: server.database,
  });
  client.on('notice', (notice) => console.log(`${notice.severity}:  ${notice.message}`));
  await client.connect();
  try {
    for (const statement of statementsOf(file)) {
      console.log(`${statement};`);
      const result = await client.query(statement);
      if (result.rows.length > 0) console.table(result.rows);
      else console.log(result.command);
    }
  } finally {
    await client.end();
  }
}

async function main() {
  process.chdir(root);
  const folder = mkdtempSync(join(tmpdir(), 'augur-demo-'));
  const serverArguments = [join(folder, 'penguins.db'), '--allow-path', 'node_modules/vega-datasets/data'];
  const run = hasPsql ? runWithPsql : runWithDriver;
  try {
    for (const file of ['examples/penguins.sql', 'examples/penguins-after-restart.sql']) {
      const server = await startServer(serverArguments);
      console.log(`\n== ${server.command}\n== ${hasPsql ? 'psql' : 'pg'} runs ${file}\n`);
      await run(server, file).catch(async (thrown) => {
        await server.kill();
        throw thrown;
      });
      const code = await server.stop();
      if (code !== 0) throw new Error(`the server ended with ${code}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
