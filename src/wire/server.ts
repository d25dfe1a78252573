/**
 * The listening server: accepts connections, bounds their number, and stops without breaking off what runs.
 */
import { type AddressInfo, createServer, type Server as Listener, type Socket } from 'node:net';
import { engineError, type EngineError, Log, SqlState } from '../core/index.ts';
import type { SessionHost } from '../engine/index.ts';
import type { Authentication } from './auth/authenticate.ts';
import { CancelRegistry } from './cancel.ts';
import { Connection, type ConnectionTimes } from './connection.ts';
import { checkListenSafety, isLoopback } from './listen-safety.ts';
import type { StartupTerms } from './startup.ts';
import { loadTls, type TlsOptions } from './tls.ts';

export interface ServeOptions {
  /** Address or name to listen on. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls?: TlsOptions | undefined;
  readonly authentication: Authentication;
  /** Clients at a time; 100 unless given. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds that a client may rest between statements; 0, the default: for ever. */
  readonly idleTimeoutMs?: number | undefined;
  /** Milliseconds from connecting to the end of authentication; a minute unless given. */
  readonly authenticationTimeoutMs?: number | undefined;
  /**
   * Milliseconds that running statements have to finish when the server is closed; 10 seconds unless given.
   */
  readonly shutdownGraceMs?: number | undefined;
  readonly log?: Log | undefined;
}

/** A running server. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /**
   * Stops: accepts nobody, sends idle clients away (57P01), lets running statements finish within the grace
   * (not at all when `graceful` is false), then cancels them. Resolves when every session is closed.
   * Idempotent.
   */
  close(options?: { readonly graceful?: boolean }): Promise<void>;
}

const CONNECTION_COUNT_MAX = 100;
/**
 * Sockets that may be in their startup beside the admitted ones: cancel requests, and clients about to be
 * refused.
 */
const STARTING_COUNT_MAX = 100;
const AUTHENTICATION_MS = 60_000;
const SHUTDOWN_GRACE_MS = 10_000;
/** Milliseconds that a cancelled statement has before its connection is cut. */
const CANCELLED_MS = 2_000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Serves the PostgreSQL protocol. Throws 22023 for options that would let strangers in (see
 * checkListenSafety) or an unusable certificate, 58000 when the address cannot be listened on.
 */
export async function serve(host: SessionHost, options: ServeOptions): Promise<Server> {
  checkListenSafety(options);
  const secureContext = options.tls === undefined ? undefined : await loadTls(options.tls, options.host);
  const server = new ListeningServer(options, {
    host,
    authentication: options.authentication,
    secureContext,
    isTlsRequired: !isLoopback(options.host),
    cancels: new CancelRegistry(),
  });
  await server.listen();
  return server;
}

class ListeningServer implements Server {
  readonly host: string;
  #options: ServeOptions;
  #terms: Omit<StartupTerms, 'admit'>;
  #times: ConnectionTimes;
  #log: Log;
  #listener: Listener;
  /** Every connection, with the promise of its end. */
  #connections = new Map<Connection, Promise<void>>();
  #admitted = new Set<Connection>();
  #closing: Promise<void> | undefined;

  constructor(options: ServeOptions, terms: Omit<StartupTerms, 'admit'>) {
    this.host = options.host;
    this.#options = options;
    this.#terms = terms;
    this.#log = options.log ?? new Log();
    this.#times = {
      authenticationMs: options.authenticationTimeoutMs ?? AUTHENTICATION_MS,
      idleMs: options.idleTimeoutMs ?? 0,
    };
    this.#listener = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
      (socket) => this.#accept(socket),
    );
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error): void =>
        reject(engineError(SqlState.systemError, `cannot listen on ${host}:${port}: ${cause.message}`));
      this.#listener.once('error', refuse);
      this.#listener.listen(port, host, () => {
        this.#listener.off('error', refuse);
        this.#listener.on('error', (error) =>
          this.#log.write('error', 'the listener failed', { reason: error.message }),
        );
        resolve();
      });
    });
  }

  close(options: { readonly graceful?: boolean } = {}): Promise<void> {
    this.#closing ??= this.#stop(options.graceful ?? true);
    return this.#closing;
  }

  #accept(socket: Socket): void {
    const { size } = this.#connections;
    if (size >= this.#connectionCountMax() + STARTING_COUNT_MAX) {
      socket.destroy();
      return;
    }
    const terms: StartupTerms = { ...this.#terms, admit: () => this.#admit(connection) };
    const connection = new Connection(socket, terms, this.#times, this.#log);
    const end = connection.run().finally(() => {
      this.#connections.delete(connection);
      this.#admitted.delete(connection);
    });
    this.#connections.set(connection, end);
  }

  #admit(connection: Connection): void {
    if (this.#closing !== undefined) {
      throw engineError(SqlState.cannotConnectNow, 'the database system is shutting down');
    }
    if (this.#admitted.size >= this.#connectionCountMax()) {
      throw engineError(SqlState.tooManyConnections, 'sorry, too many clients already');
    }
    this.#admitted.add(connection);
  }

  #connectionCountMax(): number {
    return this.#options.maxConnections ?? CONNECTION_COUNT_MAX;
  }

  async #stop(isGraceful: boolean): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    const reason = adminShutdown();
    for (const connection of this.#connections.keys()) connection.stop(reason);
    if (isGraceful) await this.#ended(this.#options.shutdownGraceMs ?? SHUTDOWN_GRACE_MS);
    for (const connection of this.#connections.keys()) connection.cancel(reason.message);
    await this.#ended(CANCELLED_MS);
    for (const connection of this.#connections.keys()) connection.destroy();
    await Promise.all(this.#connections.values());
    await closed;
  }

  /** Waits until every connection has ended, but no longer than so many milliseconds. */
  async #ended(boundMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, boundMs)));
    await Promise.race([Promise.all(this.#connections.values()), bound]);
    clearTimeout(timer);
  }
}

function adminShutdown(): EngineError {
  return engineError(SqlState.adminShutdown, 'terminating connection due to administrator command');
}
