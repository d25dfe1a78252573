/** The library's face to one engine. */
import {
  engineError,
  SqlState,
  unsupported,
  valueAt,
  type Notice,
  type QueryResult,
  type Value,
} from './core/index.ts';
import { Engine, type EngineOptions, type Session } from './engine/index.ts';
import { serve, type ServeOptions, type Server } from './wire/index.ts';

/** The rows of a statement, or the tag of one that gives none. */
export interface QueryRows {
  readonly tag: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Value>>[];
}

/** COPY with standard input or output where there is none: ends it and throws 0A000. */
export async function refuseCopy(
  result: QueryResult & { readonly kind: 'copy-in' | 'copy-out' },
): Promise<never> {
  const feature = 'COPY with standard input or output outside of a client connection';
  if (result.kind === 'copy-in') await result.abort(feature);
  throw unsupported(
    feature,
    undefined,
    'Copy from or to a file below an allowed path, or use a PostgreSQL client.',
  );
}

/** Reads a result to its end. Throws 0A000 for COPY with standard input or output. */
export async function readResult(result: QueryResult): Promise<QueryRows> {
  if (result.kind === 'command') return { tag: result.tag, columns: [], rows: [] };
  if (result.kind !== 'rows') return refuseCopy(result);
  const columns = result.schema.map((column) => column.name);
  const rows: Record<string, Value>[] = [];
  for await (const batch of result.batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      rows.push(
        Object.fromEntries(columns.map((name, index) => [name, valueAt(batch.columns[index]!, row)])),
      );
    }
  }
  return { tag: result.tag(rows.length), columns, rows };
}

export class Augur {
  readonly #engine: Engine;
  readonly #servers: Server[] = [];
  #session: Session | undefined;
  /** The call of `query` that runs, or the last one: a session runs one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #engineEnd: Promise<void> | undefined;
  /** Called for every notice of `query`. */
  onNotice: (notice: Notice) => void = () => undefined;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Opens a database file, or one in memory. */
  static async open(options: EngineOptions = {}): Promise<Augur> {
    return new Augur(await Engine.open(options));
  }

  /** Name that clients connect to. */
  get databaseName(): string {
    return this.#engine.databaseName;
  }

  /** A session of its own, for streaming, parameters and transactions beside others. Close it when done. */
  openSession(user = 'augur'): Promise<Session> {
    return this.#engine.openSession({ user, database: this.#engine.databaseName, remoteAddress: undefined });
  }

  /**
   * Runs a script in this object's own session and gives the result of its last statement. Calls wait for each other.
   * Throws EngineError.
   */
  query(text: string): Promise<QueryRows> {
    const run = this.#last.then(() => this.#run(text));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #run(text: string): Promise<QueryRows> {
    this.#checkOpen();
    if (this.#session === undefined) {
      this.#session = await this.openSession();
      this.#session.onNotice = (notice) => this.onNotice(notice);
    }
    let last: QueryRows = { tag: '', columns: [], rows: [] };
    for await (const result of this.#session.query(text)) last = await readResult(result);
    return last;
  }

  /** Serves the PostgreSQL protocol; on 127.0.0.1, any free port, without a password unless told otherwise. */
  async serve(options: Partial<ServeOptions> = {}): Promise<Server> {
    this.#checkOpen();
    const defaults = { host: '127.0.0.1', port: 0, authentication: { kind: 'trust' } } as const;
    const server = await serve(this.#engine, { ...defaults, ...options });
    this.#servers.push(server);
    this.#engine.warmUp();
    return server;
  }

  /**
   * Stops serving, ends every session and closes the database. Clients' running statements may finish (for the time that
   * `serve` was told) unless `graceful` is false, which also ends the patience of an earlier call. Idempotent.
   */
  async close({ graceful = true }: { readonly graceful?: boolean } = {}): Promise<void> {
    this.#isClosed = true;
    if (!graceful) await this.#closeEngine();
    await Promise.all(this.#servers.map((server) => server.close({ graceful })));
    await this.#session?.close();
    await this.#closeEngine();
  }

  #closeEngine(): Promise<void> {
    this.#engineEnd ??= this.#engine.close();
    return this.#engineEnd;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw engineError(SqlState.cannotConnectNow, 'the engine is closed');
  }
}
