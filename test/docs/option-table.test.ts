/** The option tables of the documentation are what the option schemas say. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { estimators } from '../../src/ml/index.ts';

const script = fileURLToPath(new URL('../../scripts/generate-docs.mjs', import.meta.url));

test('npm run docs would change nothing', () => {
  const run = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.stdout).toBe(`${estimators.length} option tables, 0 out of date\n`);
  expect(run.status).toBe(0);
});
