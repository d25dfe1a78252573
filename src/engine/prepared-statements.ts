/** SQL's own prepared statements: PREPARE, EXECUTE, DEALLOCATE. */
import {
  EngineError,
  engineError,
  SqlState,
  sqlTypeText,
  type Parameter,
  type QueryResult,
  type Schema,
  type SqlType,
} from '../core/index.ts';
import type { Statement, StatementClass } from '../parser/index.ts';
import type { SessionParts, StatementScope } from './session-parts.ts';
import type { SessionPrepared } from './session-prepared.ts';
import { typeOfName } from './type-name.ts';

type PreparedClass = StatementClass & { kind: 'prepare' | 'execute' | 'deallocate' };

/** The part of the session that prepares and runs. */
interface StatementRunner {
  prepare(
    text: string,
    statements: readonly Statement[],
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<SessionPrepared>;
  run(statement: Statement, scope: StatementScope): Promise<QueryResult>;
}

export class PreparedStatements {
  readonly #parts: SessionParts;
  readonly #runner: StatementRunner;
  readonly #statements = new Map<string, SessionPrepared>();

  constructor(parts: SessionParts, runner: StatementRunner) {
    this.#parts = parts;
    this.#runner = runner;
  }

  clear(): void {
    this.#statements.clear();
  }

  schema(name: string): Schema | undefined {
    return this.#find(name).schema;
  }

  async run(kind: PreparedClass, text: string): Promise<QueryResult> {
    switch (kind.kind) {
      case 'prepare':
        return this.#prepare(kind, text);
      case 'execute':
        return this.#execute(kind);
      case 'deallocate':
        if (kind.name === undefined) this.clear();
        else if (this.#find(kind.name)) this.#statements.delete(kind.name);
        return { kind: 'command', tag: kind.name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE' };
    }
  }

  async #prepare(kind: StatementClass & { kind: 'prepare' }, text: string): Promise<QueryResult> {
    if (this.#statements.has(kind.name)) {
      throw engineError(
        SqlState.duplicatePreparedStatement,
        `prepared statement "${kind.name}" already exists`,
      );
    }
    const body = text.slice(kind.body.start, kind.body.end);
    try {
      const prepared = await this.#runner.prepare(
        body,
        this.#parts.parse(body),
        kind.typeNames.map(typeOfName),
      );
      this.#statements.set(kind.name, prepared);
    } catch (thrown) {
      throw thrown instanceof EngineError ? thrown.shifted(kind.body.start) : thrown;
    }
    return { kind: 'command', tag: 'PREPARE' };
  }

  async #execute(kind: StatementClass & { kind: 'execute' }): Promise<QueryResult> {
    const prepared = this.#find(kind.name);
    const { statement, parameterTypes } = prepared;
    if (kind.argumentTexts.length !== parameterTypes.length) {
      throw engineError(
        SqlState.syntaxError,
        `wrong number of parameters for prepared statement "${kind.name}"`,
        {
          detail: `Expected ${parameterTypes.length} parameters but got ${kind.argumentTexts.length}.`,
        },
      );
    }
    if (statement === undefined) return { kind: 'command', tag: '' };
    try {
      const parameters = await this.#evaluate(kind.argumentTexts, parameterTypes);
      return await this.#runner.run(statement, { text: prepared.text, parameters, parameterTypes });
    } catch (thrown) {
      throw withoutPosition(thrown);
    }
  }

  /** The arguments' values, computed by the database and cast to the parameters' types. */
  async #evaluate(texts: readonly string[], types: readonly SqlType[]): Promise<readonly Parameter[]> {
    if (texts.length === 0) return [];
    const sql = `SELECT ${texts.map((text) => `(${text})`).join(', ')}`;
    this.#parts.connection.screen(sql);
    const casts = texts.map((_, index) => `CAST("a${index}" AS ${sqlTypeText(types[index]!)})`).join(', ');
    const names = texts.map((_, index) => `"a${index}"`).join(', ');
    const [row] = await this.#parts.connection.rows(
      `SELECT ${casts} FROM (${sql}) AS "__augur_arguments"(${names})`,
    );
    return row!;
  }

  #find(name: string): SessionPrepared {
    const prepared = this.#statements.get(name);
    if (prepared !== undefined) return prepared;
    throw engineError(SqlState.invalidSqlStatementName, `prepared statement "${name}" does not exist`);
  }
}

/** Places in the prepared text, or in the SELECT that computes the arguments, are none in the text of EXECUTE. */
function withoutPosition(thrown: unknown): unknown {
  if (!(thrown instanceof EngineError) || thrown.position === undefined) return thrown;
  return new EngineError(thrown.message, { ...thrown.fields(), position: undefined });
}
