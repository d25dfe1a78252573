/** Many clients, each with one connection and one prepared ML.PREDICT of one row. */
import { latencyStatement } from '../ours/latency.mjs';

/** Median and 99th percentile of a call, and calls a second of all clients together. */
export async function concurrentCalls(server, work, inputs, clientCount, callCount) {
  const clients = await Promise.all(Array.from({ length: clientCount }, () => server.connect()));
  const seconds = [];
  const statement = latencyStatement(work);
  const run = async (client) => {
    for (let call = 0; call < callCount / clientCount; call++) {
      const start = performance.now();
      await client.query({ ...statement, values: inputs[call % inputs.length] });
      seconds.push((performance.now() - start) / 1000);
    }
  };
  await Promise.all(clients.map((client) => client.query({ ...statement, values: inputs[0] })));
  const start = performance.now();
  await Promise.all(clients.map(run));
  const elapsed = (performance.now() - start) / 1000;
  await Promise.all(clients.map((client) => client.end()));
  seconds.sort((left, right) => left - right);
  return {
    median: seconds[seconds.length >> 1],
    slow: seconds[Math.floor(0.99 * (seconds.length - 1))],
    perSecond: Math.round(seconds.length / elapsed),
    megabytes: server.peakBytes() / 1e6,
  };
}
