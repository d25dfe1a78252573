/**
 * PostgreSQL's catalogue for clients that ask for it: statements that read only pg_catalog and
 * information_schema are answered by a real PostgreSQL (in WebAssembly, on one thread of its own), which
 * mirrors the database's definitions. Nothing is loaded before the first such statement.
 */
import {
  BATCH_ROWS,
  type Batch,
  Log,
  type Parameter,
  type RowsResult,
  type SqlType,
  batchOf,
  internalError,
} from '../../core/index.ts';
import type {
  CatalogAnswers,
  CatalogDescription,
  CatalogRequest,
  CatalogRows,
  SessionFacts,
} from './catalog-message.ts';
import type { CatalogSnapshot } from './catalog-snapshot.ts';
import { CatalogThread } from './catalog-thread.ts';
import { mirrorChange } from './mirror-change.ts';
import { type MirrorObject, mirrorObjects } from './mirror-object.ts';
import { type Route, loadStatementParser, routeStatement } from './statement-route.ts';

export interface PostgresCatalogOptions {
  readonly log?: Log | undefined;
  /** Milliseconds that a catalogue statement may take; 30,000 by default. */
  readonly statementTimeoutMs?: number | undefined;
}

/** Whose eyes a catalogue statement is answered for. */
export interface CatalogSession {
  readonly user: string;
  readonly databaseName: string;
  readonly processId: number;
  /** Run-time settings that current_setting() and pg_settings show, `server_version` among them. */
  readonly settings: ReadonlyMap<string, string>;
  /** Schemas that are searched, without pg_catalog. */
  readonly searchPath: readonly string[];
  /** What the session sees: the mirror is brought in line with it right before the statement runs. */
  readonly snapshot: CatalogSnapshot;
  /** Cancels: the statement fails with 57014. */
  readonly signal?: AbortSignal | undefined;
}

export interface PostgresCatalog {
  /** Whether the mirror answers a statement. */
  route(sql: string): Route;
  /** Parameters and columns. Throws EngineError with PostgreSQL's SQLSTATE, message, position and hint. */
  describe(
    sql: string,
    parameterTypes: readonly (SqlType | undefined)[],
    session: CatalogSession,
  ): Promise<CatalogDescription>;
  /** Runs; the rows are complete when this resolves. Throws as `describe` does. */
  run(
    sql: string,
    parameters: readonly Parameter[],
    parameterTypes: readonly (SqlType | undefined)[],
    session: CatalogSession,
  ): Promise<RowsResult>;
  /** Brings the mirror in line ahead of a statement; only a matter of speed. */
  refresh(snapshot: CatalogSnapshot): Promise<void>;
  /** Ends the thread. Idempotent. */
  close(): Promise<void>;
}

/**
 * Steps after which the thread is replaced by a fresh one: dead catalogue rows and its log only grow in
 * memory.
 */
const STEP_COUNT_MAX = 20_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Milliseconds for bringing the mirror in line, however many definitions there are. */
const REFRESH_TIMEOUT_MS = 120_000;

/** Loads the statement parser (some 50 ms); the mirror itself starts with the first statement. */
export async function createPostgresCatalog(options: PostgresCatalogOptions = {}): Promise<PostgresCatalog> {
  await loadStatementParser();
  return new MirroredCatalog(options);
}

class MirroredCatalog implements PostgresCatalog {
  readonly #log: Log;
  readonly #timeoutMs: number;
  #thread: CatalogThread | undefined;
  #held: readonly MirrorObject[] = [];
  #fingerprint: string | undefined;
  #stepCount = 0;
  #isClosed = false;
  /** Settles when the last piece of work in line has. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PostgresCatalogOptions) {
    this.#log = options.log ?? new Log();
    this.#timeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  }

  route(sql: string): Route {
    return routeStatement(sql);
  }

  async describe(
    sql: string,
    parameterTypes: readonly (SqlType | undefined)[],
    session: CatalogSession,
  ): Promise<CatalogDescription> {
    return this.#answer({ kind: 'describe', sql, parameterTypes, session: factsOf(session) }, session);
  }

  async run(
    sql: string,
    parameters: readonly Parameter[],
    parameterTypes: readonly (SqlType | undefined)[],
    session: CatalogSession,
  ): Promise<RowsResult> {
    const rows = await this.#answer(
      { kind: 'run', sql, parameters, parameterTypes, session: factsOf(session) },
      session,
    );
    return { kind: 'rows', schema: rows.schema, batches: batchesOf(rows), tag: (count) => `SELECT ${count}` };
  }

  async refresh(snapshot: CatalogSnapshot): Promise<void> {
    await this.#inLine(async () => this.#follow(await this.#running(), snapshot));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.close();
  }

  async #answer<K extends 'describe' | 'run'>(
    request: Extract<CatalogRequest, { kind: K }>,
    session: CatalogSession,
  ): Promise<CatalogAnswers[K]> {
    return this.#inLine(async () => {
      const thread = await this.#running();
      await this.#follow(thread, session.snapshot);
      return thread.ask<K>(request, this.#timeoutMs, session.signal);
    });
  }

  /** One piece of work after the other: the mirror must not change between a refresh and its statement. */
  async #inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The thread, started if there is none, if it was lost, or if it has grown old. */
  async #running(): Promise<CatalogThread> {
    if (this.#isClosed) throw internalError('the catalogue is closed');
    if (this.#thread?.isAlive === true && this.#stepCount < STEP_COUNT_MAX) return this.#thread;
    await this.#thread?.close();
    this.#held = [];
    this.#fingerprint = undefined;
    this.#stepCount = 0;
    this.#thread = await CatalogThread.start();
    return this.#thread;
  }

  async #follow(thread: CatalogThread, snapshot: CatalogSnapshot): Promise<void> {
    if (snapshot.fingerprint === this.#fingerprint) return;
    const wanted = mirrorObjects(snapshot);
    const steps = mirrorChange(this.#held, wanted);
    if (steps.length > 0) {
      const failures = await thread.ask({ kind: 'apply', steps }, REFRESH_TIMEOUT_MS);
      for (const failure of failures)
        this.#log.write('warning', 'catalogue: definition left out', { ...failure });
    }
    this.#held = wanted;
    this.#fingerprint = snapshot.fingerprint;
    this.#stepCount += steps.length;
  }
}

function factsOf(session: CatalogSession): SessionFacts {
  const { user, databaseName, processId, searchPath } = session;
  const settings = Object.fromEntries(
    [...session.settings].map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { user, databaseName, processId, searchPath, settings };
}

async function* batchesOf({ schema, rows }: CatalogRows): AsyncGenerator<Batch> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield batchOf(schema, rows.slice(start, start + BATCH_ROWS));
  }
}
