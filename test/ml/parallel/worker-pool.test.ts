/**
 * The pool under fire: equal bits, cancellation, lost threads, budgets, fairness, and nothing left behind.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { CANCEL_GRACE_MS, EngineError, engineError, Log } from '../../../src/core/index.ts';
import type { AnyPass } from '../../../src/ml/aggregate.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import type { Training, TrainingRequest } from '../../../src/ml/parallel/training.ts';
import { createWorkerPool, type WorkerPool } from '../../../src/ml/parallel/worker-pool.ts';
import { passes } from './probe-passes.mjs';
import { sampleLayout, sampleRequest, sampleRows } from './rows.ts';

const passModule = new URL('./probe-passes.mjs', import.meta.url).href;
const megabyte = 1024 * 1024;
const pools: WorkerPool[] = [];

function openPool(threads: number, memoryBytes = 256 * megabyte): WorkerPool {
  const pool = createWorkerPool({
    threads,
    memoryBytes,
    passModule,
    log: new Log('silent'),
    threadHeapMegabytes: 64,
  });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function probe(name: string): AnyPass {
  const pass = passes.find((candidate) => candidate.name === `probe.${name}`);
  if (pass === undefined) throw new TypeError(`no probe ${name}`);
  return pass;
}

function filled(training: Training): Training {
  const { trainingRowCount } = training.dataset;
  const rows = sampleRows(sampleLayout, trainingRowCount, 1);
  const labels = Float64Array.from({ length: trainingRowCount }, (_, row) => Math.sin(row) * 1e3);
  training.memory.write('training', 0, rows, labels, labels.map(Math.abs));
  return training;
}

test('threads start before their first task when told, once', async () => {
  const pool = openPool(2);
  expect(pool.liveThreadCount).toBe(0);
  pool.warmUp();
  pool.warmUp();
  expect(pool.liveThreadCount).toBe(2);
  const training = open(pool, 20_000);
  expect((await training.aggregator.run(probe('sum'), { factor: 1 })).total[1]).toBe(20_000);
  expect(pool.liveThreadCount).toBe(2);
  training.dispose();
  await pool.close();
  pool.warmUp();
  expect(pool.liveThreadCount).toBe(0);
});

test('threads use the compiled kernel, the serial twin the plain one', async () => {
  const parallel = open(openPool(2), 20_000);
  const serial = filled(openSerialTraining(sampleRequest(20_000)));
  for (let round = 0; round < 3; round++) {
    expect(await parallel.aggregator.run(probe('kernel'), null)).toEqual(Array(5).fill('wasm'));
  }
  expect(await serial.aggregator.run(probe('kernel'), null)).toEqual(Array(5).fill('scalar'));
  parallel.dispose();
});

test('a pass that may take partitions together gets all of a task, in order', async () => {
  const parallel = open(openPool(2), 20_000);
  const serial = filled(openSerialTraining(sampleRequest(20_000)));
  expect(await parallel.aggregator.run(probe('group'), null)).toEqual([2, 0, 2, 1, 2, 2, 2, 3, 1, 4]);
  expect(await serial.aggregator.run(probe('group'), null)).toEqual([5, 0, 5, 1, 5, 2, 5, 3, 5, 4]);
  parallel.dispose();
});

function open(pool: WorkerPool, rowCount: number, more: Partial<TrainingRequest> = {}): Training {
  return filled(pool.openTraining(sampleRequest(rowCount, more)));
}

/** What a promise rejects with, and after how many milliseconds. */
async function failureOf(promise: Promise<unknown>): Promise<{ error: EngineError; ms: number }> {
  const start = performance.now();
  try {
    await promise;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EngineError);
    return { error: thrown as EngineError, ms: performance.now() - start };
  }
  return expect.fail('the promise was fulfilled');
}

describe('passes', () => {
  test('give the same bits on 1, 2 and 3 threads and serially', async () => {
    const expected = await filled(openSerialTraining(sampleRequest(30_011))).aggregator.run(probe('sum'), {
      factor: 1.1,
    });
    expect(expected.total[1]).toBe(30_011);
    for (const threads of [1, 2, 3]) {
      const training = open(openPool(threads), 30_011);
      expect(await training.aggregator.run(probe('sum'), { factor: 1.1 })).toEqual(expected);
      training.dispose();
    }
  });

  test('see workspaces allocated between them, and write them', async () => {
    const training = open(openPool(2), 20_000, { workspaceBytes: 20_000 * 4 });
    await training.aggregator.run(probe('sum'), { factor: 1 });
    training.aggregator.allocate('marks', 'int32', 1);
    await training.aggregator.run(probe('mark'), {});
    const marks = training.memory
      .partitions('training')
      .flatMap((partition) => [...partition.workspace('marks')]);
    expect(marks).toEqual(Array.from({ length: 20_000 }, (_, row) => row));
  });

  test('run over the evaluation split, which may be empty', async () => {
    const training = open(openPool(2), 5_000);
    const result = await training.aggregator.run(probe('sum'), { factor: 1 }, 'evaluation');
    expect([...result.total]).toEqual([0, 0]);
  });
});

describe('failures', () => {
  test('keep their fields across the threads', async () => {
    const training = open(openPool(2), 20_000);
    const { error } = await failureOf(
      training.aggregator.run(probe('fail'), { index: 3, message: 'row 7 is bad' }),
    );
    expect(error).toMatchObject({
      message: 'row 7 is bad',
      state: '22000',
      detail: 'the detail',
      hint: 'the hint',
    });
    const plain = await failureOf(
      training.aggregator.run(probe('fail'), { index: 0, message: 'oops', plain: true }),
    );
    expect(plain.error).toMatchObject({ state: 'XX000', message: 'internal error: oops' });
    expect((await training.aggregator.run(probe('sum'), { factor: 1 })).total[1]).toBe(20_000);
  });

  test('of a pass that no thread knows are internal errors', async () => {
    const training = open(openPool(1), 100);
    const unknown = { ...probe('sum'), name: 'probe.absent' };
    const { error } = await failureOf(training.aggregator.run(unknown, {}));
    expect(error).toMatchObject({ state: 'XX000', message: 'pass probe.absent is not registered' });
  });

  test('of a thread that exits end one training, and the other goes on', async () => {
    const pool = openPool(2);
    const victim = open(pool, 5_000);
    const other = open(pool, 5_000);
    const spinning = other.aggregator.run(probe('spin'), { ms: 300, polite: true });
    const { error } = await failureOf(victim.aggregator.run(probe('exit'), {}));
    expect(error).toMatchObject({ state: '58000', message: 'a training worker stopped unexpectedly' });
    expect(error.hint).toContain('Run the statement again');
    expect(await spinning).toBe(2);
    expect((await victim.aggregator.run(probe('sum'), { factor: 1 })).total[1]).toBe(5_000);
  });

  test('of a thread that fills its heap end one training as out of memory', async () => {
    const training = open(openPool(1), 100);
    const { error } = await failureOf(training.aggregator.run(probe('exhaust'), {}));
    expect(error).toMatchObject({ state: '53200', message: 'a training worker ran out of memory' });
    expect((await training.aggregator.run(probe('sum'), { factor: 1 })).total[1]).toBe(100);
  });

  test('of threads that cannot start reach the training', async () => {
    const pool = createWorkerPool({
      threads: 2,
      memoryBytes: megabyte,
      passModule: 'file:///absent.mjs',
      log: new Log('silent'),
    });
    pools.push(pool);
    const training = open(pool, 100);
    const { error } = await failureOf(training.aggregator.run(probe('sum'), { factor: 1 }));
    expect(['58000', 'XX000']).toContain(error.state);
  });
});

describe('cancellation', () => {
  test.each([
    ['polite', true],
    ['deaf', false],
  ])('ends a %s pass within 200 ms, and the pool goes on', async (_, polite) => {
    const pool = openPool(2);
    const controller = new AbortController();
    const training = open(pool, 40_000, { signal: controller.signal });
    await training.aggregator.run(probe('sum'), { factor: 1 });
    const running = training.aggregator.run(probe('spin'), { ms: 5_000, polite });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cancelled = performance.now();
    controller.abort();
    const { error } = await failureOf(running);
    const ms = performance.now() - cancelled;
    expect(error).toMatchObject({ state: '57014', message: 'canceling statement due to user request' });
    expect(ms).toBeLessThan(polite ? CANCEL_GRACE_MS : 200);
    expect((await failureOf(training.aggregator.checkpoint())).error.state).toBe('57014');
    expect((await failureOf(training.aggregator.run(probe('sum'), { factor: 1 }))).error.state).toBe('57014');
    training.dispose();
    expect(pool.freeBytes).toBe(256 * megabyte);
    const next = open(pool, 40_000);
    expect((await next.aggregator.run(probe('sum'), { factor: 1 })).total[1]).toBe(40_000);
  });

  test('says why when the reason is an error of the engine', async () => {
    const controller = new AbortController();
    const training = open(openPool(1), 100, { signal: controller.signal });
    controller.abort(engineError('57014', 'canceling statement due to statement timeout'));
    const { error } = await failureOf(training.aggregator.run(probe('sum'), { factor: 1 }));
    expect(error.message).toBe('canceling statement due to statement timeout');
  });

  test('of one training leaves the other running', async () => {
    const pool = openPool(2);
    const controller = new AbortController();
    const cancelled = open(pool, 5_000, { signal: controller.signal });
    const kept = open(pool, 5_000);
    const outcome = failureOf(cancelled.aggregator.run(probe('spin'), { ms: 5_000, polite: false }));
    const spinning = kept.aggregator.run(probe('spin'), { ms: 250, polite: true });
    setTimeout(() => controller.abort(), 50);
    expect((await outcome).error.state).toBe('57014');
    expect(await spinning).toBe(2);
  });
});

describe('sharing', () => {
  test('lets a short training pass a long one', async () => {
    const pool = openPool(1);
    const long = open(pool, 65_536);
    const short = open(pool, 100);
    await short.aggregator.run(probe('sum'), { factor: 1 });
    let isLongDone = false;
    const runs = Array.from({ length: 8 }, () => long.aggregator.run(probe('spin'), { ms: 5, polite: true }));
    const all = Promise.all(runs).then(() => (isLongDone = true));
    expect((await short.aggregator.run(probe('sum'), { factor: 1 })).total[1]).toBe(100);
    expect(isLongDone).toBe(false);
    await all;
  });

  test('counts the memory of all trainings, and gives it back', () => {
    const pool = openPool(1, 9 * megabyte);
    const first = open(pool, 100_000);
    const attempt = (): unknown => pool.openTraining(sampleRequest(100_000));
    expect(attempt).toThrow(expect.objectContaining({ state: '53200' }));
    expect(attempt).toThrow('the training needs 5 MB of memory, more than is free');
    expect(attempt).toThrow(
      expect.objectContaining({
        detail: 'All trainings together may take 9 MB, of which other trainings hold 5 MB.',
        hint: expect.stringContaining('--memory'),
      }),
    );
    first.dispose();
    first.dispose();
    expect(pool.freeBytes).toBe(9 * megabyte);
    pool.openTraining(sampleRequest(100_000)).dispose();
  });
});

describe('closing', () => {
  test('ends what runs with an answer, then refuses', async () => {
    const pool = openPool(2);
    const training = open(pool, 20_000);
    const outcome = failureOf(training.aggregator.run(probe('spin'), { ms: 5_000, polite: false }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await pool.close();
    expect((await outcome).error).toMatchObject({ state: '57P01' });
    expect(pool.liveThreadCount).toBe(0);
    expect(() => pool.openTraining(sampleRequest(1))).toThrow(expect.objectContaining({ state: '57P01' }));
    training.dispose();
    await pool.close();
  });

  test('has nothing to do for a pool without threads', async () => {
    const pool = openPool(2);
    await pool.close();
    expect(pool.liveThreadCount).toBe(0);
  });
});

test('thirty trainings of 100 MB in a row do not pile up', async () => {
  const pool = openPool(2, 300 * megabyte);
  const start = process.memoryUsage().rss;
  let peak = 0;
  for (let round = 0; round < 30; round++) {
    const training = pool.openTraining(sampleRequest(1_000_000, { workspaceBytes: 64 * megabyte }));
    training.aggregator.allocate('marks', 'int32', 16);
    for (const partition of training.memory.partitions('training')) partition.workspace('marks').fill(round);
    await training.aggregator.run(probe('mark'), {});
    training.dispose();
    peak = Math.max(peak, process.memoryUsage().rss);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect((peak - start) / megabyte).toBeLessThan(400);
});
