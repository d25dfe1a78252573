/**
 * Settings that shut SQL off from files and network. The order matters: directories can be named only after
 * the database is open, and external access can be closed only after that; from then on DuckDB refuses to
 * change either. What these settings leave open is closed by statement-screen.ts.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { invalidOption, quoteLiteral } from '../core/index.ts';
import type { DatabaseOptions } from './contract.ts';

/** Settings given when the database is created. */
export function creationSettings(options: DatabaseOptions): Readonly<Record<string, string>> {
  return {
    integer_division: 'true',
    errors_as_json: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
  };
}

/** Statements that close the sandbox, in order. */
export function sandboxStatements(options: DatabaseOptions): readonly string[] {
  const directories = options.allowedPaths.map((path) => quoteLiteral(resolve(path)));
  return [`set allowed_directories = [${directories.join(', ')}]`, 'set enable_external_access = false'];
}

/**
 * Fails when the database's own file lies where SQL may read and write: it could be read, or overwritten, as
 * data.
 */
export function checkAllowedPaths(options: DatabaseOptions): void {
  const { file } = options;
  if (file === undefined) return;
  const inside = options.allowedPaths.find(
    (path) => isWithin(resolve(file), path) || isWithin(realPath(resolve(file)), realPath(resolve(path))),
  );
  if (inside === undefined) return;
  throw invalidOption(
    `the database file "${file}" lies within the allowed path "${inside}"`,
    undefined,
    'Keep the database file outside of the directories that SQL may read and write.',
  );
}

/** An absolute path with its symbolic links followed, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/** Whether an absolute path is a directory or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  const root = resolve(directory);
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
