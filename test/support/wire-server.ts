/** A server over a database in memory, for the tests of the wire. */
import { serve, type ServeOptions, type Server } from '../../src/wire/index.ts';
import { type DirectHost, type DirectSession, openDirectHost } from './direct-session.ts';

export interface WireServer {
  readonly host: DirectHost;
  readonly server: Server;
  readonly port: number;
  /** The session that was opened last. */
  lastSession(): DirectSession;
  /** Runs SQL beside the server, for set-up and for looking at what is stored. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

export async function startWireServer(options: Partial<ServeOptions> = {}): Promise<WireServer> {
  const host = await openDirectHost();
  const authentication = { kind: 'trust' } as const;
  const server = await serve(host, { host: '127.0.0.1', port: 0, authentication, ...options });
  const connection = await host.database.connect();
  return {
    host,
    server,
    port: server.port,
    lastSession: () => host.sessions.at(-1)!,
    rows: (sql) => connection.rows(sql),
    async close() {
      await server.close({ graceful: false });
      await host.database.close();
    },
  };
}

/** Waits until something holds; fails the test's own time limit otherwise. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
