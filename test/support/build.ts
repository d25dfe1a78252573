/**
 * Builds before any test, as `npm run build` does: worker threads load compiled JavaScript, a stale build would lie, and
 * without the prepared catalogue every test that asks it would wait for initdb. The compiler writes only what changed,
 * so that a test run beside this one keeps the files that its threads load. AUGUR_SKIP_BUILD=1 trusts what is there.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const compile = [
  'node_modules/typescript/bin/tsc',
  '-p',
  'tsconfig.json',
  '--incremental',
  '--tsBuildInfoFile',
  'dist/.tsbuildinfo',
];

export default function setup(): void {
  if (process.env['AUGUR_SKIP_BUILD'] === '1') return;
  execFileSync(process.execPath, compile, { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, ['scripts/build-kernels.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  execFileSync(process.execPath, ['scripts/build-catalog.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
