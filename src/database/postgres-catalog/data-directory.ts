/**
 * The PostgreSQL data directory of the mirror. It is prepared once, by the build, because initdb takes
 * seconds and three times the memory; when the prepared one is missing or was shaped by another version,
 * initdb runs at start.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { catalogShape } from './catalog-shape.ts';

/**
 * Little write-ahead log and few buffers: all files live in memory, and nothing in them is worth recovering.
 * The default buffers would cost another 100 MB.
 */
const serverParameters: readonly string[] = [
  'shared_buffers=8MB',
  'min_wal_size=2MB',
  'max_wal_size=2MB',
  'fsync=off',
].flatMap((setting) => ['-c', setting]);

/** The role that owns everything, and the name of the database until the first session tells the real one. */
export const OWNER_ROLE = 'augur';
export const INITIAL_DATABASE = 'postgres';

/** Folder of the prepared directory: `dist/postgres-catalog`, whether this runs from `src` or from `dist`. */
function preparedFolder(): string {
  const address = import.meta.url.replace(
    /\/src\/database\/postgres-catalog\/[^/]*$/,
    '/dist/database/postgres-catalog/',
  );
  return fileURLToPath(new URL('../../postgres-catalog/', address));
}

function shapeChecksum(): string {
  return createHash('sha256').update(catalogShape.join('\n')).digest('hex');
}

/** Whether a directory of the present shape was prepared. */
async function isPrepared(): Promise<boolean> {
  try {
    return (await readFile(`${preparedFolder()}data.version`, 'utf8')) === shapeChecksum();
  } catch {
    return false;
  }
}

async function initialise(): Promise<PGlite> {
  const server = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] });
  for (const statement of catalogShape) await server.exec(statement);
  return server;
}

/** A running server over the prepared directory, or over one initialised now. Everything stays in memory. */
export async function openDataDirectory(): Promise<PGlite> {
  if (!(await isPrepared())) return initialise();
  const archive = new Blob([await readFile(`${preparedFolder()}data.tar.gz`)]);
  return PGlite.create({
    loadDataDir: archive,
    username: OWNER_ROLE,
    database: INITIAL_DATABASE,
    startParams: [...PGlite.defaultStartParams, ...serverParameters],
  });
}

/** Writes the prepared directory, unless one of the present shape is there. Returns whether it wrote. */
export async function prepareDataDirectory(): Promise<boolean> {
  if (await isPrepared()) return false;
  const server = await initialise();
  await server.exec('VACUUM');
  await server.exec('CHECKPOINT');
  const archive = await server.dumpDataDir('gzip');
  await server.close();
  await mkdir(preparedFolder(), { recursive: true });
  await writeWhole('data.tar.gz', Buffer.from(await archive.arrayBuffer()));
  await writeWhole('data.version', shapeChecksum());
  return true;
}

/** Puts a file in place at once, so that a process that starts meanwhile never reads half of it. */
async function writeWhole(name: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${preparedFolder()}${name}.${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, `${preparedFolder()}${name}`);
}
