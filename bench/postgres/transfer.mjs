/**
 * Measures what a server sends and takes: a result, COPY out, COPY in; the same client and bytes for both
 * servers.
 */
import { transferColumns } from '../data/transfer.mjs';
import { resultByDriver, resultByPsql } from './known-client.mjs';
import { RawClient } from './raw-client.mjs';

async function withClient(address, use) {
  const client = await RawClient.connect(address);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** The table's rows as COPY's text. */
export async function copyText(address) {
  const chunks = [];
  await withClient(address, (client) =>
    client.query('COPY transfer TO STDOUT', (chunk) => chunks.push(Buffer.from(chunk))),
  );
  return Buffer.concat(chunks);
}

/** Makes the table on a server that has it not. */
export async function loadText(address, text) {
  await withClient(address, async (client) => {
    await client.query(`CREATE TABLE transfer (${transferColumns})`);
    await client.copyIn('COPY transfer FROM STDIN', text);
    await client.query('ANALYZE transfer');
  });
}

const actions = {
  result: (client) => client.query('SELECT * FROM transfer'),
  'copy-out': (client) => client.query('COPY transfer TO STDOUT'),
  async 'copy-in'(client, text) {
    await client.query('DROP TABLE IF EXISTS arrived');
    await client.query(`CREATE TABLE arrived (${transferColumns})`);
    const answer = await client.copyIn('COPY arrived FROM STDIN', text);
    return { ...answer, rows: Number(answer.tag.split(' ')[1]), bytes: text.length };
  },
};

/** Clients that people use, which take longer over a row than either server. */
const knownClients = { 'result-psql': resultByPsql, 'result-pg': resultByDriver };

/** One measurement; every row must have come or gone. */
export async function measureTransfer(work, address, text, rowCount) {
  if (work in knownClients) {
    const { seconds, rows } = await knownClients[work](address, 'SELECT * FROM transfer');
    if (rows !== rowCount) throw new Error(`${work}: ${rows} rows, not ${rowCount}`);
    return { sql: seconds, parts: {} };
  }
  const { seconds, rows, bytes } = await withClient(address, (client) => actions[work](client, text));
  const isWhole = work === 'copy-out' ? rows > 0 && bytes === text.length : rows === rowCount;
  if (!isWhole)
    throw new Error(
      `${work}: ${rows} rows and ${bytes} bytes, not ${rowCount} rows and ${text.length} bytes`,
    );
  return { sql: seconds, parts: { 'MB a second': bytes / 1e6 / seconds } };
}
