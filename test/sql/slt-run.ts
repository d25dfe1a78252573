/** Runs the records of a file against a real engine on a temporary database file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  characterPosition,
  EngineError,
  valueAt,
  type Notice,
  type QueryResult,
  type Value,
} from '../../src/core/index.ts';
import { Engine, type Session } from '../../src/engine/index.ts';
import type { Record } from './slt-file.ts';

/** A value as an .slt file writes it. */
function cellText(value: Value): string {
  if (value === null) return 'NULL';
  if (value === '') return '(empty)';
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map(cellText).join(', ')}]`;
  if (typeof value === 'object')
    return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
  return String(value).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

async function linesOf(result: QueryResult): Promise<readonly string[]> {
  if (result.kind !== 'rows') return [];
  const lines: string[] = [];
  for await (const batch of result.batches) {
    for (let row = 0; row < batch.rowCount; row++)
      lines.push(batch.columns.map((column) => cellText(valueAt(column, row))).join('\t'));
  }
  return lines;
}

/** An engine on a file of its own, with named sessions. */
export class SltRunner {
  readonly #sessions = new Map<string, Session>();
  readonly notices: Notice[] = [];
  #engine: Engine | undefined;
  #folder: string | undefined;
  #current = 'main';

  async open(): Promise<void> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'augur-slt-'));
    this.#engine = await Engine.open({
      file: join(this.#folder, 'test.db'),
      threads: 2,
      memoryBytes: 2 ** 30,
    });
  }

  async close(): Promise<void> {
    this.#sessions.clear();
    await this.#engine?.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs the record; gives what it found in the words of the file, or throws what the statement threw. */
  async run(record: Record): Promise<readonly string[]> {
    if (record.kind === 'restart') {
      this.#sessions.clear();
      await this.#engine!.close();
      await this.open();
      return [];
    }
    if (record.kind === 'session') {
      this.#current = record.name;
      return [];
    }
    this.notices.length = 0;
    const session = await this.#session();
    let lines: readonly string[] = [];
    for await (const result of session.query(record.sql)) lines = await linesOf(result);
    return lines;
  }

  async #session(): Promise<Session> {
    const known = this.#sessions.get(this.#current);
    if (known !== undefined) return known;
    const session = await this.#engine!.openSession({
      user: 'augur',
      database: 'test',
      remoteAddress: undefined,
    });
    session.onNotice = (notice) => this.notices.push(notice);
    this.#sessions.set(this.#current, session);
    return session;
  }
}

/** An error as an .slt file expects it: state, position as PostgreSQL counts, message and hint. */
export function errorOf(
  thrown: unknown,
  sql: string,
): { readonly state: string; readonly position: number | undefined; readonly text: string } {
  if (!(thrown instanceof EngineError)) throw thrown;
  const position = thrown.position === undefined ? undefined : characterPosition(sql, thrown.position);
  return {
    state: thrown.state,
    position,
    text: [thrown.message, thrown.detail, thrown.hint].filter(Boolean).join('\n'),
  };
}
