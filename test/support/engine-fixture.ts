/** An engine in memory for tests of sessions, and what a session gives and throws as plain values. */
import { EngineError, valueAt, type QueryResult, type Value } from '../../src/core/index.ts';
import { Engine, type EngineOptions, type Session } from '../../src/engine/index.ts';

export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  return Engine.open({ threads: 2, memoryBytes: 2 ** 30, ...options });
}

export function openSession(engine: Engine): Promise<Session> {
  return engine.openSession({ user: 'augur', database: engine.databaseName, remoteAddress: undefined });
}

/** Rows of a result; none of a command. */
export async function resultRows(result: QueryResult): Promise<readonly (readonly Value[])[]> {
  const rows: Value[][] = [];
  if (result.kind !== 'rows') return rows;
  for await (const batch of result.batches) {
    for (let row = 0; row < batch.rowCount; row++)
      rows.push(batch.columns.map((column) => valueAt(column, row)));
  }
  return rows;
}

/** Runs a script; the rows of its last statement. */
export async function rowsOf(session: Session, sql: string): Promise<readonly (readonly Value[])[]> {
  let rows: readonly (readonly Value[])[] = [];
  for await (const result of session.query(sql)) rows = await resultRows(result);
  return rows;
}

/** What a promise fails with; throws when it does not fail, or fails with anything but an EngineError. */
export async function failureOf(running: Promise<unknown>): Promise<EngineError> {
  const thrown = await running.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (thrown instanceof EngineError) return thrown;
  throw thrown;
}

/** Waits until a query of the session gives a row. */
export async function untilRow(session: Session, sql: string): Promise<readonly Value[]> {
  for (;;) {
    const [row] = await rowsOf(session, sql);
    if (row !== undefined) return row;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
