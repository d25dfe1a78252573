/** Opens the database file: one instance of it in the process, in this thread. */
import { basename, resolve } from 'node:path';
import duckdb from '@duckdb/node-bindings';
import { SqlState, engineError, invalidOption } from '../core/index.ts';
import { registerBatchSink } from './batch-sink.ts';
import { registerBatchSource } from './batch-source.ts';
import { Connection } from './connection.ts';
import type { Database, DatabaseConnection, DatabaseHooks, DatabaseOptions } from './contract.ts';
import { fromDuckdbError } from './duckdb-error.ts';
import { progressViewSql, registerProgressFunction } from './progress-function.ts';
import { resultBufferSql } from './result-buffer.ts';
import { checkAllowedPaths, creationSettings, sandboxStatements } from './sandbox.ts';
import { registerScoreFunctions } from './score-function.ts';
import { screenStatement } from './statement-screen.ts';

/** Files open in this process: two instances of one file would silently lose each other's rows. */
const openFiles = new Set<string>();

/**
 * Opens or creates a database, closes the sandbox, and makes the schemas and functions that the engine needs.
 */
export async function openDatabase(options: DatabaseOptions, hooks: DatabaseHooks): Promise<Database> {
  checkAllowedPaths(options);
  const path = options.file === undefined ? undefined : resolve(options.file);
  if (path !== undefined && openFiles.has(path)) {
    throw engineError(
      SqlState.objectNotInPrerequisiteState,
      `database file "${path}" is open in this process already`,
    );
  }
  try {
    const config = configOf(options);
    const instance = await duckdb.open(path ?? ':memory:', config);
    if (path !== undefined) openFiles.add(path);
    await prepareInstance(instance, options, hooks);
    return new OpenDatabase(instance, path, options.allowedPaths);
  } catch (thrown) {
    throw fromDuckdbError(thrown, '');
  }
}

function configOf(options: DatabaseOptions): duckdb.Config {
  const config = duckdb.create_config();
  for (const [name, value] of Object.entries(creationSettings(options))) {
    try {
      duckdb.set_config(config, name, value);
    } catch {
      throw invalidOption(`invalid value "${value}" for the database setting ${name}`);
    }
  }
  return config;
}

async function prepareInstance(
  instance: duckdb.Database,
  options: DatabaseOptions,
  hooks: DatabaseHooks,
): Promise<void> {
  const connection = await duckdb.connect(instance);
  registerScoreFunctions(connection, hooks);
  registerProgressFunction(connection, hooks);
  registerBatchSource(connection);
  registerBatchSink(connection);
  const schemas = [
    'create schema if not exists public',
    'create schema if not exists augur',
    progressViewSql,
  ];
  for (const statement of [...sandboxStatements(options), ...schemas])
    await duckdb.query(connection, statement);
  duckdb.disconnect_sync(connection);
}

class OpenDatabase implements Database {
  readonly name: string;
  readonly #instance: duckdb.Database;
  readonly #path: string | undefined;
  readonly #allowedPaths: readonly string[];
  readonly #connections = new Set<Connection>();
  #closing: Promise<void> | undefined;

  constructor(instance: duckdb.Database, path: string | undefined, allowedPaths: readonly string[]) {
    this.#instance = instance;
    this.#path = path;
    this.#allowedPaths = allowedPaths;
    this.name = path === undefined ? 'memory' : basename(path).replace(/\.[^.]*$/, '');
  }

  async connect(): Promise<DatabaseConnection> {
    if (this.#closing !== undefined) throw engineError(SqlState.cannotConnectNow, 'the database is closed');
    const connection = await duckdb.connect(this.#instance);
    await duckdb.query(connection, `set search_path = 'public,main'; ${resultBufferSql}`);
    const opened: Connection = new Connection(
      connection,
      (sql) => screenStatement(sql, { allowedPaths: this.#allowedPaths, file: this.#path }),
      () => this.#connections.delete(opened),
    );
    this.#connections.add(opened);
    return opened;
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    duckdb.close_sync(this.#instance);
    if (this.#path !== undefined) openFiles.delete(this.#path);
  }
}
