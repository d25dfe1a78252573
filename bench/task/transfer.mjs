/** Results and COPY: our server against a PostgreSQL that the bench starts. */
import { withServer } from '../ours/server.mjs';
import { copyText, loadText, measureTransfer } from '../postgres/transfer.mjs';
import { OURS } from './rounds.mjs';

export async function transferContenders(goal, bench) {
  await bench.table('transfer');
  const text = await withServer(bench.file, (server) => copyText(server.address));
  const postgres = await bench.postgres();
  if (postgres.reason === undefined && !postgres.isLoaded) {
    await loadText(postgres.address, text);
    postgres.isLoaded = true;
  }
  const measureOurs = () =>
    withServer(bench.file, async (server) => {
      const measurement = await measureTransfer(goal.work, server.address, text, bench.rows);
      return { ...measurement, peakBytes: server.peakBytes() };
    });
  const measurePostgres = () => measureTransfer(goal.work, postgres.address, text, bench.rows);
  return [
    { name: OURS, measure: measureOurs },
    ...(postgres.reason === undefined ? [{ name: 'postgres', measure: measurePostgres }] : []),
  ];
}
