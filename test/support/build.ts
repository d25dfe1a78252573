/** Compiles the sources before any test: worker threads load compiled JavaScript, and a stale build would lie. */
import { execFileSync } from 'node:child_process';

export default function setup(): void {
  if (process.env['AUGUR_SKIP_BUILD'] === '1') return;
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
}
