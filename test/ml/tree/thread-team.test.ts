/** Threads that share out work: every job once, nobody waits for a thread that is not there, trouble ends it. */
import { afterEach, expect, test } from 'vitest';
import { Log } from '../../../src/core/index.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import type { Training } from '../../../src/ml/parallel/training.ts';
import { createWorkerPool, type WorkerPool } from '../../../src/ml/parallel/worker-pool.ts';
import { teamWords } from '../../../src/ml/tree/thread-team.ts';
import { passes } from '../parallel/probe-passes.mjs';
import { sampleRequest } from '../parallel/rows.ts';

const passModule = new URL('../parallel/probe-passes.mjs', import.meta.url).href;
const pools: WorkerPool[] = [];
const teamPass = passes.find(({ name }) => name === 'probe.team')!;
const spinPass = passes.find(({ name }) => name === 'probe.spin')!;

function openPool(threads: number): WorkerPool {
  const memoryBytes = 64 * 1024 * 1024;
  const pool = createWorkerPool({ threads, memoryBytes, passModule, log: new Log('silent') });
  pools.push(pool);
  return pool;
}

function open(pool: WorkerPool, signal = new AbortController().signal): Training {
  return pool.openTraining(sampleRequest(20_000, { signal }));
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function shared(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

function request(more: object = {}): { readonly words: Int32Array; readonly tally: Int32Array } {
  const rest = { begun: shared(1), phases: 200, jobs: 50 };
  return { words: teamWords(), tally: shared(50), ...rest, ...more };
}

test.each([1, 2, 4])('%i threads do every job of every phase once', async (threads) => {
  const work = request({ awaited: threads });
  expect(await open(openPool(threads)).aggregator.runTogether(teamPass, work)).toBe(5);
  expect([...work.tally]).toEqual(Array(50).fill(200));
});

test('one thread does it serially', async () => {
  const work = request();
  const training = openSerialTraining(sampleRequest(20_000));
  expect(await training.aggregator.runTogether(teamPass, work)).toBe(5);
  expect([...work.tally]).toEqual(Array(50).fill(200));
});

test('a thread that is busy elsewhere is not waited for', async () => {
  const pool = openPool(2);
  const other = open(pool);
  let isOtherDone = false;
  const spinning = other.aggregator
    .runWhole(spinPass, { ms: 400, polite: true })
    .then(() => (isOtherDone = true));
  const work = request();
  expect(await open(pool).aggregator.runTogether(teamPass, { ...work, phases: 1 })).toBe(5);
  expect([...work.tally]).toEqual(Array(50).fill(1));
  expect(isOtherDone).toBe(false);
  await spinning;
});

test.each([true, false])('a job that fails ends the work of all (of the leader: %s)', async (leader) => {
  const training = open(openPool(2));
  const work = request({ awaited: 2, trouble: { leader, kind: 'failure' } });
  await expect(training.aggregator.runTogether(teamPass, work)).rejects.toMatchObject({
    message: 'a job failed',
    state: '22000',
  });
});

test.each([true, false])('a thread that ends ends the work of all (of the leader: %s)', async (leader) => {
  const training = open(openPool(2));
  const work = request({ awaited: 2, trouble: { leader, kind: 'exit' } });
  await expect(training.aggregator.runTogether(teamPass, work)).rejects.toMatchObject({
    message: 'a training worker stopped unexpectedly',
    state: '58000',
  });
});

test('is cancelled while a thread waits for jobs', async () => {
  const controller = new AbortController();
  const training = open(openPool(2), controller.signal);
  const work = request({ trouble: { leader: undefined } });
  const running = training.aggregator.runTogether(teamPass, work);
  setTimeout(() => controller.abort(), 50);
  await expect(running).rejects.toMatchObject({ state: '57014' });
});
