/** Threads attach while something else runs, and neither's failure is lost. */
import { afterEach, expect, test } from 'vitest';
import { invalidData, Log, queryCanceled } from '../../../src/core/index.ts';
import { attachPass, whileAttaching } from '../../../src/ml/encode/attach-pass.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import { createWorkerPool, type WorkerPool } from '../../../src/ml/parallel/worker-pool.ts';
import { sampleRequest } from '../parallel/rows.ts';

const ROWS = 20_000;
let pool: WorkerPool | undefined;
afterEach(() => pool?.close());

function openPool(): WorkerPool {
  pool = createWorkerPool({ threads: 2, memoryBytes: 2 ** 28, log: new Log('silent') });
  return pool;
}

test('every partition is seen, serially and on threads', async () => {
  const serial = openSerialTraining(sampleRequest(ROWS));
  const parallel = openPool().openTraining(sampleRequest(ROWS));
  const { length } = serial.memory.partitions('training');
  expect(length).toBeGreaterThan(1);
  for (const { aggregator } of [serial, parallel]) {
    expect(await aggregator.run(attachPass, undefined)).toBe(length);
  }
  parallel.dispose();
});

test('the block runs meanwhile, and its failure is told', async () => {
  const training = openPool().openTraining(sampleRequest(ROWS));
  let isDone = false;
  await whileAttaching(training.aggregator, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    isDone = true;
  });
  expect(isDone).toBe(true);
  const failing = whileAttaching(training.aggregator, () => Promise.reject(invalidData('bad rows')));
  await expect(failing).rejects.toMatchObject({ message: 'bad rows' });
  training.dispose();
});

test('a training that was stopped meanwhile says so', async () => {
  const abort = new AbortController();
  const training = openPool().openTraining({ ...sampleRequest(ROWS), signal: abort.signal });
  const running = whileAttaching(training.aggregator, async () => abort.abort(queryCanceled()));
  await expect(running).rejects.toMatchObject({ state: '57014' });
  training.dispose();
});
