/** Threads that help to score keep no process alive, and a process lives until they have ended. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const built = (path: string): string =>
  JSON.stringify(new URL(`../../../dist/${path}`, import.meta.url).href);
const script = (end: string): string => `
  const { createScoringThreads } = await import(${built('ml/parallel/scoring-threads.js')});
  const { ScoreArena } = await import(${built('ml/kernel/score-arena.js')});
  const threads = createScoringThreads(2);
  threads.start(new ScoreArena());
  const before = threads.liveThreadCount;
  ${end}
  console.log(before, threads.liveThreadCount);
`;

async function output(end: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script(end)]);
  return stdout.trim();
}

test('closing waits for them', async () => {
  expect(await output('await threads.close();')).toBe('1 0');
});

test('a process ends without closing them', async () => {
  expect(await output('')).toBe('1 1');
});
