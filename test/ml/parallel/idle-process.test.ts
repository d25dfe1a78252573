/** A program that trained and did not close its pool ends all the same: idle threads hold nobody back. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const address = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

const program = `
  import { createWorkerPool } from ${address('../../../dist/ml/parallel/worker-pool.js')};
  import { passes } from ${address('./probe-passes.mjs')};
  const passModule = ${address('./probe-passes.mjs')};
  const pool = createWorkerPool({ threads: 2, memoryBytes: 2 ** 24, passModule });
  const layout = { numericWidth: 1, categories: [], width: 1 };
  const training = pool.openTraining({
    layout, trainingRowCount: 9000, evaluationRowCount: 0, hasLabel: true, classCount: 0, classRowCounts: [],
    signal: new AbortController().signal, workspaceBytes: 0,
  });
  const { total } = await training.aggregator.run(passes[0], { factor: 1 });
  console.log(total[1], pool.liveThreadCount);
`;

test('the process ends by itself', () => {
  const { stdout, stderr, status, signal } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8', timeout: 15_000 },
  );
  expect({ stdout, stderr, status, signal }).toEqual({
    stdout: '9000 2\n',
    stderr: '',
    status: 0,
    signal: null,
  });
});
