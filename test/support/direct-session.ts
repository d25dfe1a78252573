/**
 * A session straight over the database: what the wire's own tests talk to, without parser, planner and
 * models. It knows transaction blocks, implicit transactions of scripts and pipelines, SET, COPY, `notice
 * '…'` and `sleep <ms>`.
 */
import {
  type CopyFormat,
  engineError,
  invalidOption,
  type Notice,
  type Parameter,
  type QueryResult,
  queryCanceled,
  SqlState,
  type SqlType,
  Types,
} from '../../src/core/index.ts';
import { type Database, type DatabaseConnection, openDatabase } from '../../src/database/index.ts';
import type { PreparedStatement, Session, SessionHost, TransactionStatus } from '../../src/engine/index.ts';

/** A host over a database in memory, with every session it opened. */
export interface DirectHost extends SessionHost {
  readonly database: Database;
  readonly sessions: DirectSession[];
}

export async function openDirectHost(): Promise<DirectHost> {
  const score = () => ({ width: 0, scores: new Float64Array(0) });
  const hooks = { score, scoreNumbers: score, progress: () => [] };
  const database = await openDatabase({ file: undefined, threads: 2, allowedPaths: [] }, hooks);
  const sessions: DirectSession[] = [];
  return {
    database,
    databaseName: 'direct',
    sessions,
    async openSession() {
      const session = new DirectSession(sessions.length + 1000, await database.connect());
      sessions.push(session);
      return session;
    },
  };
}

const textCopy: CopyFormat = {
  format: 'text',
  delimiter: '\t',
  nullText: '\\N',
  header: false,
  quote: '"',
  escape: '"',
  forceQuote: [],
};

export class DirectSession implements Session {
  readonly id: number;
  transactionStatus: TransactionStatus = 'idle';
  onNotice: (notice: Notice) => void = () => {};
  onSettingChange: (name: string, value: string) => void = () => {};
  onTerminate: () => void = () => {};
  onDeallocate: (name: string) => boolean = () => false;
  /** What the wire told: `execute` with its pipelining, `sync` with its failure, `cancel`, `close`. */
  readonly calls: string[] = [];
  readonly settings: Map<string, string> = new Map([
    ['timezone', 'UTC'],
    ['application_name', ''],
  ]);
  #connection: DatabaseConnection;
  #isImplicit = false;

  constructor(id: number, connection: DatabaseConnection) {
    this.id = id;
    this.#connection = connection;
  }

  async *query(text: string): AsyncIterable<QueryResult> {
    const statements = (text.match(/(?:'[^']*'|[^;'])+/g) ?? []).filter(
      (statement) => statement.trim() !== '',
    );
    if (statements.length > 1 && this.transactionStatus === 'idle') await this.#beginImplicit();
    try {
      for (const statement of statements) yield await this.#run(statement.trim());
    } catch (thrown) {
      await this.sync(true);
      throw thrown;
    }
    await this.sync(false);
  }

  async prepare(text: string, parameterTypes: readonly (SqlType | undefined)[]): Promise<PreparedStatement> {
    if (this.#isOurs(text)) return { text, parameterTypes: [], schema: undefined };
    const { parameterTypes: found, schema } = await this.#connection.describe(text, parameterTypes);
    return { text, schema, parameterTypes: found.map((type) => type ?? Types.text) };
  }

  answerAtOnce(): undefined {
    return undefined;
  }

  async execute(
    statement: PreparedStatement,
    parameters: readonly Parameter[],
    isPipelined: boolean,
  ): Promise<QueryResult> {
    this.calls.push(`execute ${isPipelined ? 'pipelined' : 'alone'}`);
    const mayBegin = isPipelined && !this.#isImplicit && this.transactionStatus === 'idle';
    if (mayBegin && !/^begin/i.test(statement.text)) await this.#beginImplicit();
    return this.#run(statement.text, parameters, statement.parameterTypes);
  }

  async sync(failed: boolean): Promise<void> {
    this.calls.push(`sync ${failed ? 'failed' : 'done'}`);
    if (!this.#isImplicit) return;
    this.#isImplicit = false;
    await this.#connection.run(failed ? 'rollback' : 'commit');
  }

  setting(name: string): string | undefined {
    return this.settings.get(name.toLowerCase());
  }

  configure(name: string, value: string): void {
    if (name === 'no_such_setting') {
      throw engineError(SqlState.undefinedObject, `unrecognized configuration parameter "${name}"`);
    }
    if (name === 'bad') throw invalidOption(`invalid value for parameter "bad": "${value}"`);
    this.settings.set(name.toLowerCase(), value);
  }

  cancel(reason?: string): void {
    this.calls.push(`cancel ${reason ?? ''}`.trim());
    this.#connection.interrupt();
  }

  async close(): Promise<void> {
    this.calls.push('close');
    await this.#connection.close();
  }

  async #beginImplicit(): Promise<void> {
    await this.#connection.run('begin');
    this.#isImplicit = true;
  }

  #isOurs(text: string): boolean {
    return /^(begin|commit|rollback|set|notice|sleep|copy|discard|deallocate)\b/i.test(text);
  }

  async #run(
    text: string,
    parameters: readonly Parameter[] = [],
    types: readonly SqlType[] = [],
  ): Promise<QueryResult> {
    const word = /^\w*/.exec(text)![0].toLowerCase();
    if (this.transactionStatus === 'failed' && word !== 'rollback') {
      throw engineError(SqlState.inFailedSqlTransaction, 'current transaction is aborted');
    }
    if (this.#isOurs(text)) return this.#runOurs(word, text);
    try {
      const result = await this.#connection.run(text, parameters, types);
      if (result.kind === 'rows') return result;
      return {
        kind: 'command',
        tag: word === 'insert' ? `INSERT 0 ${result.rowCount}` : text.split(' ', 2).join(' ').toUpperCase(),
      };
    } catch (thrown) {
      if (this.transactionStatus === 'transaction') this.transactionStatus = 'failed';
      throw thrown;
    }
  }

  async #runOurs(word: string, text: string): Promise<QueryResult> {
    switch (word) {
      case 'begin':
      case 'commit':
      case 'rollback':
        if (!this.#isImplicit || word !== 'begin') await this.#connection.run(word);
        this.#isImplicit = false;
        this.transactionStatus = word === 'begin' ? 'transaction' : 'idle';
        return { kind: 'command', tag: word.toUpperCase() };
      case 'set': {
        const [, name, value] = /^set (\w+) (?:=|to) '?([^']*)'?$/i.exec(text)!;
        this.settings.set(name!.toLowerCase(), value!);
        this.onSettingChange(name!, value!);
        return { kind: 'command', tag: 'SET' };
      }
      case 'notice':
        this.onNotice({
          severity: 'NOTICE',
          state: '00000',
          message: /'(.*)'/.exec(text)![1]!,
          hint: 'a hint',
        });
        return { kind: 'command', tag: 'NOTICE' };
      case 'sleep':
        await new Promise((resolve) => setTimeout(resolve, Number(text.split(' ')[1])));
        return { kind: 'command', tag: 'SLEEP' };
      case 'deallocate': {
        const name = text.split(' ')[1]!;
        if (this.onDeallocate(name)) return { kind: 'command', tag: 'DEALLOCATE' };
        throw engineError(SqlState.invalidSqlStatementName, `prepared statement "${name}" does not exist`);
      }
      case 'discard':
        return { kind: 'command', tag: 'DISCARD ALL' };
      default:
        return this.#copy(text);
    }
  }

  async #copy(text: string): Promise<QueryResult> {
    const [, source, direction, options] = /^copy\s+(.+) (from stdin|to stdout)(.*)$/i.exec(text)!;
    const csv: CopyFormat = {
      ...textCopy,
      format: 'csv',
      delimiter: ',',
      nullText: '',
      header: /header/i.test(options!),
    };
    const format = /csv/i.test(options!) ? csv : textCopy;
    if (direction!.toLowerCase() === 'to stdout') {
      const result = await this.#connection.run(
        source!.startsWith('(') ? source!.slice(1, -1) : `from ${source}`,
      );
      if (result.kind !== 'rows') throw queryCanceled('COPY needs rows');
      return { kind: 'copy-out', schema: result.schema, format, batches: result.batches };
    }
    const appender = await this.#connection.append([source!], undefined);
    return {
      kind: 'copy-in',
      schema: appender.schema,
      format,
      write: (rows) => appender.appendText(rows),
      isPlain: appender.isPlain,
      writeBatch: (batch) => appender.appendParsed(batch),
      finish: () => appender.finish(),
      abort: async (reason) => {
        this.calls.push(`abort ${reason}`);
        await appender.abort();
      },
    };
  }
}
