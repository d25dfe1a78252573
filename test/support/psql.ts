/** PostgreSQL's own client, where it is installed. */
import { spawn, spawnSync } from 'node:child_process';

/** Whether the machine has it; tests of it are skipped, visibly, where it has not. */
export const hasPsql = spawnSync('psql', ['--version']).status === 0;

/**
 * Runs psql; what it printed, its errors behind its output. Not in step with this process: the server may be
 * here.
 */
export function runPsql(
  parameters: readonly string[],
  more: { input?: string | undefined; environment?: Record<string, string> } = {},
): Promise<string> {
  const child = spawn('psql', parameters, { env: { ...process.env, ...more.environment } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (bytes) => (output += String(bytes)));
  child.stderr.on('data', (bytes) => (errors += String(bytes)));
  child.stdin.end(more.input ?? '');
  return new Promise((resolve) => child.on('close', () => resolve(output + errors)));
}
