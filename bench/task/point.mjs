/** Point queries: our server against a PostgreSQL that the bench starts, asked by the same pgbench. */
import { withServer } from '../ours/server.mjs';
import { measurePoints, preparePoints } from '../postgres/pgbench.mjs';
import { OURS } from './rounds.mjs';

/** Seconds that each number of clients asks. */
const SECONDS = 5;

export async function pointContenders(_goal, bench) {
  const postgres = await bench.postgres();
  if (postgres.reason !== undefined) return [{ name: OURS, note: `not measured: ${postgres.reason}` }];
  await withServer(bench.file, ({ address }) => preparePoints(address, bench.rows));
  await preparePoints(postgres.address, bench.rows);
  const measure = (address) => measurePoints(postgres.pgbench, address, bench.rows, SECONDS);
  return [
    { name: OURS, measure: () => withServer(bench.file, ({ address }) => measure(address)) },
    { name: 'postgres', measure: () => measure(postgres.address) },
  ];
}
