/**
 * The peers' Python: a virtual environment with the versions of requirements.txt, made when it is not
 * there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { virtualEnvironment } from '../folders.mjs';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

function run(command, commandArguments) {
  const result = spawnSync(command, commandArguments, { encoding: 'utf8' });
  if (result.error !== undefined) return `${command}: ${result.error.message}`;
  return result.status === 0
    ? undefined
    : `${command} ended with ${result.status}: ${result.stderr.trim().split('\n').at(-1)}`;
}

/** `{ python }`, or `{ reason }` where Python or its packages cannot be had. */
export function preparePython() {
  const python = join(virtualEnvironment, 'bin', 'python');
  const stamp = join(virtualEnvironment, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python };
  console.error('bench: installing the peers (bench/peers/requirements.txt) into bench/.venv');
  const reason =
    run('python3', ['-m', 'venv', virtualEnvironment]) ??
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  if (reason !== undefined) return { reason };
  writeFileSync(stamp, wanted);
  return { python };
}
