/**
 * Measures one prepared ML.PREDICT of one row at a time on one connection: by a client that does next to
 * nothing, pgbench (where there is none, raw-client.mjs), and beside it by the driver that Node's programs use.
 */
import { timeStatement } from '../postgres/pgbench.mjs';
import { RawClient } from '../postgres/raw-client.mjs';
import { withServer } from './server.mjs';

/** The prepared statement of one row's prediction; its values are the features. */
export function latencyStatement(work) {
  const inputs = work.features.map((name, index) => `$${index + 1}::double precision AS ${name}`);
  const text = `SELECT list_extract(predicted_label_probs, 1).prob
    FROM ML.PREDICT(MODEL ${work.model}, (SELECT ${inputs.join(', ')}))`;
  return { name: 'one row', text };
}

/** Seconds of each call, in turn over the rows. */
async function timeCalls(rows, calls, run) {
  const seconds = [];
  for (let call = 0; call < calls; call++) {
    const values = rows[call % rows.length];
    const start = performance.now();
    await run(values);
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

async function timeByRawClient(address, { name, text }, rows, calls) {
  const client = await RawClient.connect(address);
  try {
    await client.prepare(name, text);
    return await timeCalls(rows, calls, (values) => client.execute(name, values));
  } finally {
    client.close();
  }
}

function quantiles(seconds) {
  const sorted = seconds.toSorted((left, right) => left - right);
  return (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Median seconds of a call by the lean client, from sending it to the end of its answer. */
export async function measureLatency(file, work, rows, calls, pgbench) {
  return withServer(file, async ({ address, client }) => {
    const statement = latencyStatement(work);
    const lean =
      pgbench === undefined
        ? await timeByRawClient(address, statement, rows, calls)
        : await timeStatement(pgbench, address, statement.text, rows, calls);
    const driver = await timeCalls(rows, calls, (values) => client.query({ ...statement, values }));
    const at = quantiles(lean);
    const name = pgbench === undefined ? 'raw client' : 'pgbench';
    const parts = {
      [`${name}, percentile 5`]: at(0.05),
      [`${name}, percentile 99`]: at(0.99),
      'driver pg, median': quantiles(driver)(0.5),
    };
    return { sql: at(0.5), parts };
  });
}
