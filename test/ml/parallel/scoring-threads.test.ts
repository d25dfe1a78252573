/** Threads that help to score keep no process alive, and a process lives until they have ended. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const built = (path: string): string =>
  JSON.stringify(new URL(`../../../dist/${path}`, import.meta.url).href);
const script = (start: string, end: string): string => `
  const { createScoringThreads } = await import(${built('ml/parallel/scoring-threads.js')});
  const { ScoreArena } = await import(${built('ml/kernel/score-arena.js')});
  const threads = createScoringThreads(2);
  ${start}
  const before = threads.liveThreadCount;
  ${end}
  console.log(before, threads.liveThreadCount);
`;

async function output(end: string, start = 'threads.start(new ScoreArena());'): Promise<string> {
  const argumentList = ['--input-type=module', '-e', script(start, end)];
  const { stdout } = await promisify(execFile)(process.execPath, argumentList);
  return stdout.trim();
}

test('closing waits for them', async () => {
  expect(await output('await threads.close();')).toBe('1 0');
});

test('a process ends without closing them', async () => {
  expect(await output('')).toBe('1 1');
});

test('starting them ahead again starts no further ones', async () => {
  expect(await output('await threads.close();', 'threads.warmUp(); threads.warmUp();')).toBe('1 0');
});
