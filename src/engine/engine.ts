/** The engine: owns the database, the worker pool, the models in memory and every session. */
import { availableParallelism, totalmem } from 'node:os';
import { basename, extname } from 'node:path';
import { openCatalog, prepareCatalogTables } from '../catalog/index.ts';
import { engineError, Log, SqlState, type LogLevel } from '../core/index.ts';
import { createPostgresCatalog, openDatabase, type Database } from '../database/index.ts';
import { ModelCache, ProgressBoard } from '../executor/index.ts';
import { createScoringThreads, createWorkerPool } from '../ml/index.ts';
import { DefinitionClock } from './definition-clock.ts';
import type { Session, SessionHost, SessionRequest } from './session-contract.ts';
import type { EngineParts } from './session-parts.ts';
import { EngineSession } from './session.ts';

export interface EngineOptions {
  /** Database file; in memory without one. */
  readonly file?: string | undefined;
  /** Threads of the database and of training; all processors by default. */
  readonly threads?: number | undefined;
  /** Bytes for data and training together; three quarters of the machine's memory by default. */
  readonly memoryBytes?: number | undefined;
  /** Directories that SQL may read and write; none by default. */
  readonly allowedPaths?: readonly string[] | undefined;
  readonly logLevel?: LogLevel | undefined;
}

/** Milliseconds until a server starts the threads of trainings and of scoring. */
const WARM_UP_DELAY_MS = 1_000;
/** Least bytes that the engine can work with. */
const MEMORY_BYTES_MIN = 64 * 1024 * 1024;

/** Name of the database as clients see it: the file's, without its ending. */
function databaseNameOf(file: string | undefined): string {
  return file === undefined ? 'augur' : basename(file, extname(file)) || 'augur';
}

export class Engine implements SessionHost {
  readonly databaseName: string;
  readonly #parts: EngineParts;
  readonly #sessions = new Map<number, EngineSession>();
  #lastProcessId = 0;
  #isClosed = false;

  private constructor(databaseName: string, parts: Omit<EngineParts, 'signalSession'>) {
    this.databaseName = databaseName;
    this.#parts = { ...parts, signalSession: (processId, verb) => this.#signal(processId, verb) };
  }

  /** Opens the file (or memory), prepares the catalogue, and loads the models that stored views score with. */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const log = new Log(options.logLevel ?? 'warning');
    const memoryBytes = options.memoryBytes ?? Math.floor(totalmem() * 0.75);
    if (memoryBytes < MEMORY_BYTES_MIN)
      throw engineError(SqlState.invalidParameterValue, 'the engine needs at least 64 MB of memory');
    const threads = options.threads ?? availableParallelism();
    const scoringThreads = createScoringThreads(threads, log);
    const models = new ModelCache(scoringThreads);
    const progress = new ProgressBoard();
    const half = Math.floor(memoryBytes / 2);
    const database = await openDatabase(
      {
        file: options.file,
        threads,
        memoryLimit: `${Math.floor(half / 1024)}KiB`,
        allowedPaths: options.allowedPaths ?? [],
      },
      {
        score: (request) => models.score(request),
        scoreNumbers: (request) => models.scoreNumbers(request),
        progress: () => progress.rows(),
      },
    );
    try {
      await loadViewModels(database, models);
    } catch (thrown) {
      await database.close();
      throw thrown;
    }
    const pool = createWorkerPool({ threads, memoryBytes: half, log });
    const postgresCatalog = await createPostgresCatalog({ log });
    return new Engine(databaseNameOf(options.file), {
      database,
      postgresCatalog,
      pool,
      scoringThreads,
      models,
      progress,
      log,
      definitions: new DefinitionClock(),
    });
  }

  /**
   * Starts what the first training and the first scoring would wait for, in the background and a little later: threads
   * that load take the processors from whoever connects at once, and who needs them starts them.
   */
  warmUp(): void {
    setTimeout(() => {
      if (this.#isClosed) return;
      this.#parts.pool.warmUp();
      this.#parts.scoringThreads.warmUp();
    }, WARM_UP_DELAY_MS).unref();
  }

  async openSession(request: SessionRequest): Promise<Session> {
    if (this.#isClosed) throw engineError(SqlState.cannotConnectNow, 'the engine is closed');
    const connection = await this.#parts.database.connect();
    const processId = ++this.#lastProcessId;
    const session = new EngineSession(processId, request, this.databaseName, connection, this.#parts, () => {
      this.#sessions.delete(processId);
    });
    this.#sessions.set(processId, session);
    return session;
  }

  /** Closes every session, the pool and the database. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    await Promise.all([this.#parts.pool.close(), this.#parts.scoringThreads.close()]);
    await this.#parts.postgresCatalog.close();
    await this.#parts.database.close();
  }

  #signal(processId: number, verb: 'cancel' | 'terminate'): boolean {
    const session = this.#sessions.get(processId);
    if (session === undefined) return false;
    session.cancel(verb === 'cancel' ? undefined : 'terminating connection due to administrator command');
    if (verb === 'terminate') session.onTerminate();
    return true;
  }
}

async function loadViewModels(database: Database, models: ModelCache): Promise<void> {
  const connection = await database.connect();
  try {
    await prepareCatalogTables(connection);
    const catalog = openCatalog(connection);
    for (const view of await catalog.listViews()) {
      for (const [schemaName, name] of view.models) {
        const entry = await catalog.find(schemaName, name);
        if (entry === undefined) continue;
        await models.load(entry, catalog);
        models.pin(entry.versionId);
      }
    }
  } finally {
    await connection.close();
  }
}
