/** Turns between trainings, dropping and killing, and what lost threads mean. */
import { expect, test } from 'vitest';
import { internalError, queryCanceled } from '../../../src/core/index.ts';
import type { PassAnswer, PassTask } from '../../../src/ml/parallel/message.ts';
import { lostWorkerError, TaskScheduler, type WaitingTask } from '../../../src/ml/parallel/task-scheduler.ts';

const task = (name: string): WaitingTask => ({
  attachment: { id: 0, holder: { buffer: new ArrayBuffer(0) }, shape: new SharedArrayBuffer(0) },
  workspaces: [],
  passName: name,
  broadcast: undefined,
  split: 'training',
  range: { first: 0, count: 1 },
});

/** A runner that finishes tasks when told to, and rejects those whose thread is killed. */
function manualRunner(): {
  started: string[];
  finish: (name: string) => void;
  run: (task: PassTask, force: AbortSignal) => Promise<PassAnswer>;
} {
  const started: string[] = [];
  const finishers = new Map<string, () => void>();
  const run = ({ passName }: PassTask, force: AbortSignal): Promise<PassAnswer> => {
    started.push(passName);
    return new Promise((resolve, reject) => {
      finishers.set(passName, () => resolve({ kind: 'partial', partial: passName }));
      force.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
  };
  return { started, run, finish: (name) => finishers.get(name)?.() };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('gives each training a turn, whoever asked for more', async () => {
  const { started, finish, run } = manualRunner();
  const scheduler = new TaskScheduler(1, run);
  const first = ['a1', 'a2', 'a3'].map((name) => scheduler.submit(1, task(name)));
  const second = ['b1', 'b2'].map((name) => scheduler.submit(2, task(name)));
  for (const name of ['a1', 'a2', 'b1', 'a3', 'b2']) {
    finish(name);
    await settle();
  }
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
  expect(await Promise.all([...first, ...second])).toHaveLength(5);
});

test('gives each task that runs a scratch area of its own', async () => {
  const areas: number[] = [];
  const finishers: (() => void)[] = [];
  const scheduler = new TaskScheduler(2, ({ scratchArea }) => {
    areas.push(scratchArea);
    return new Promise((resolve) => {
      finishers.push(() => resolve({ kind: 'partial', partial: undefined }));
    });
  });
  const all = ['1', '2', '3'].map((name) => scheduler.submit(1, task(name)));
  finishers[1]!();
  await settle();
  expect(areas).toEqual([0, 1, 1]);
  finishers[0]!();
  finishers[2]!();
  await Promise.all(all);
});

test('never has more tasks out than threads', async () => {
  const { started, finish, run } = manualRunner();
  const scheduler = new TaskScheduler(2, run);
  const all = ['1', '2', '3', '4'].map((name) => scheduler.submit(1, task(name)));
  expect(started).toEqual(['1', '2']);
  finish('2');
  await settle();
  expect(started).toEqual(['1', '2', '3']);
  for (const name of ['1', '3', '4']) {
    finish(name);
    await settle();
  }
  expect(await Promise.all(all)).toHaveLength(4);
});

test('drops what waits and kills what runs, of one training only', async () => {
  const { started, finish, run } = manualRunner();
  const scheduler = new TaskScheduler(2, run);
  const mine = ['a1', 'a2'].map((name) => scheduler.submit(1, task(name)));
  const other = scheduler.submit(2, task('b1'));
  const waiting = scheduler.submit(1, task('a3'));
  scheduler.drop(1, queryCanceled());
  scheduler.kill(1, queryCanceled());
  const outcomes = await Promise.allSettled([...mine, waiting]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(outcomes.every((outcome) => 'reason' in outcome && outcome.reason.state === '57014')).toBe(true);
  await settle();
  expect(started).toEqual(['a1', 'a2', 'b1']);
  finish('b1');
  expect(await other).toEqual({ kind: 'partial', partial: 'b1' });
});

test('tells lost threads apart', () => {
  const known = internalError('known');
  expect(lostWorkerError(known)).toBe(known);
  expect(lostWorkerError({ code: 'ERR_WORKER_OUT_OF_MEMORY' })).toMatchObject({ state: '53200' });
  expect(lostWorkerError(new DOMException('no clone', 'DataCloneError'))).toMatchObject({ state: 'XX000' });
  expect(lostWorkerError({ message: 'worker exited with code: 3' })).toMatchObject({
    state: '58000',
    detail: 'The training was stopped; others were not affected.',
  });
});
