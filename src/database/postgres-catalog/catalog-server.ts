/** The mirror itself: a PostgreSQL server in WebAssembly that holds definitions and no rows. */
import { type PGlite, protocol } from '@electric-sql/pglite';
import {
  EngineError,
  type Schema,
  SqlState,
  type Value,
  engineError,
  quoteIdentifier,
  quoteLiteral,
} from '../../core/index.ts';
import type {
  CatalogDescription,
  CatalogRows,
  FailedStep,
  SessionFacts,
  StatementRequest,
} from './catalog-message.ts';
import { INITIAL_DATABASE, OWNER_ROLE } from './data-directory.ts';
import type { MirrorStep } from './mirror-object.ts';
import { clippedName } from './name-register.ts';
import { textOfValue, valueOfText } from './postgres-text.ts';
import { oidOfSqlType, sqlTypeOfOid } from './postgres-type.ts';

type Message = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];
type Field = InstanceType<typeof protocol.messages.RowDescriptionMessage>['fields'][number];

const { serialize } = protocol;
const TEXT_OID = 25;

/** Statements run one at a time: the caller awaits each call before the next. */
export class CatalogServer {
  readonly #server: PGlite;
  readonly #roles = new Set<string>([OWNER_ROLE]);
  #databaseName = INITIAL_DATABASE;

  constructor(server: PGlite) {
    this.#server = server;
  }

  /** Carries out steps in one transaction. Steps that cannot be carried out are left out, and told. */
  async apply(steps: readonly MirrorStep[]): Promise<readonly FailedStep[]> {
    const script = steps.map((alternatives) => alternatives[0]).join(';\n');
    try {
      await this.#server.exec(`BEGIN; SET LOCAL search_path = public, main; ${script}; COMMIT`);
      return [];
    } catch {
      await this.#server.exec('ROLLBACK');
      return this.#applyOneByOne(steps);
    }
  }

  async #applyOneByOne(steps: readonly MirrorStep[]): Promise<readonly FailedStep[]> {
    const failures: FailedStep[] = [];
    await this.#server.exec('BEGIN; SET LOCAL search_path = public, main');
    for (const step of steps) {
      const failure = await this.#applyStep(step);
      if (failure !== undefined) failures.push(failure);
    }
    await this.#server.exec('COMMIT');
    return failures;
  }

  async #applyStep(step: MirrorStep): Promise<FailedStep | undefined> {
    let failure: FailedStep | undefined;
    for (const sql of step) {
      try {
        await this.#server.exec(`SAVEPOINT step; ${sql}; RELEASE SAVEPOINT step`);
        return undefined;
      } catch (thrown) {
        await this.#server.exec('ROLLBACK TO SAVEPOINT step');
        failure = { sql, message: thrown instanceof Error ? thrown.message : String(thrown) };
      }
    }
    return failure;
  }

  /** Parameters and columns of a statement. */
  async describe(request: StatementRequest): Promise<CatalogDescription> {
    return this.#inSession(request, async (oids) => {
      const messages = await this.#exchange(request.sql, [
        serialize.parse({ text: request.sql, types: oids }),
        serialize.describe({ type: 'S' }),
      ]);
      const parameters = ofName(
        messages,
        'parameterDescription',
        protocol.messages.ParameterDescriptionMessage,
      );
      return {
        parameterTypes: (parameters[0]?.dataTypeIDs ?? []).map((oid) => sqlTypeOfOid(oid)),
        schema: schemaOf(messages),
      };
    });
  }

  /** Runs a statement to its end. */
  async run(request: StatementRequest, parameters: readonly Value[]): Promise<CatalogRows> {
    const values = parameters.map((value, index) => {
      const type = request.parameterTypes[index];
      return type === undefined ? (value as string | null) : textOfValue(value, type);
    });
    return this.#inSession(request, async (oids) => {
      const messages = await this.#exchange(request.sql, [
        serialize.parse({ text: request.sql, types: oids }),
        serialize.bind({ values }),
        serialize.describe({ type: 'P' }),
        serialize.execute({}),
      ]);
      const schema = schemaOf(messages);
      const rows = ofName(messages, 'dataRow', protocol.messages.DataRowMessage).map((row) =>
        row.fields.map((text, index) => (text === null ? null : valueOfText(text, schema[index]!.type))),
      );
      return { schema, rows };
    });
  }

  /**
   * Runs `work` in a read-only transaction as the session sees itself. Text parameters are declared as
   * unknown, so that they become names, OIDs or whatever is asked for; where that is ambiguous they are
   * declared as text.
   */
  async #inSession<T>(request: StatementRequest, work: (oids: number[]) => Promise<T>): Promise<T> {
    const declared = request.parameterTypes.map(oidOfSqlType);
    const open = declared.map((oid) => (oid === TEXT_OID ? 0 : oid));
    try {
      return await this.#inTransaction(request.session, () => work(open));
    } catch (thrown) {
      const isAmbiguous =
        thrown instanceof EngineError && ['42725', SqlState.indeterminateDatatype].includes(thrown.state);
      if (!isAmbiguous || !declared.includes(TEXT_OID)) throw thrown;
      return this.#inTransaction(request.session, () => work(declared));
    }
  }

  async #inTransaction<T>(session: SessionFacts, work: () => Promise<T>): Promise<T> {
    await this.#introduce(session);
    try {
      await this.#server.exec(sessionScript(session));
      return await work();
    } finally {
      await this.#server.exec('ROLLBACK');
    }
  }

  /** Makes the session's role and the database's name known. */
  async #introduce(session: SessionFacts): Promise<void> {
    const database = clippedName(session.databaseName);
    if (database !== this.#databaseName) {
      const [before, after] = [this.#databaseName, database].map(quoteLiteral);
      await this.#server.exec(
        `UPDATE pg_catalog.__pg_database SET datname = ${after} WHERE datname = ${before}`,
      );
      this.#databaseName = database;
    }
    const role = clippedName(session.user);
    if (this.#roles.has(role)) return;
    await this.#server.exec(`CREATE ROLE ${quoteIdentifier(role)} LOGIN SUPERUSER`);
    this.#roles.add(role);
  }

  /** Sends messages in turn, then Sync; the first error ends it. */
  async #exchange(sql: string, requests: readonly Uint8Array[]): Promise<readonly Message[]> {
    const messages: Message[] = [];
    try {
      for (const request of requests) {
        const answers = await this.#server.execProtocolStream(request, {
          syncToFs: false,
          throwOnError: false,
        });
        messages.push(...answers);
        const failure = answers.find((message) => message instanceof protocol.messages.DatabaseError);
        if (failure !== undefined) throw carriedError(failure, sql);
      }
      return messages;
    } finally {
      await this.#server.execProtocolStream(serialize.sync(), { syncToFs: false, throwOnError: false });
    }
  }
}

/** Begins the transaction: the role, then settings that our own functions read, then no more writing. */
function sessionScript(session: SessionFacts): string {
  const path = session.searchPath.map(quoteIdentifier).join(', ');
  const settings = [
    ['search_path', path],
    ['augur.settings', JSON.stringify(session.settings)],
    ['augur.process_id', String(session.processId)],
    ['application_name', session.settings['application_name'] ?? ''],
  ].map(([name, value]) => `pg_catalog.set_config(${quoteLiteral(name!)}, ${quoteLiteral(value!)}, true)`);
  const role = quoteIdentifier(clippedName(session.user));
  const change = `SET LOCAL SESSION AUTHORIZATION ${role}; SELECT ${settings.join(', ')}`;
  return `BEGIN; ${change}; SET TRANSACTION READ ONLY`;
}

function ofName<T>(
  messages: readonly Message[],
  name: string,
  kind: abstract new (...parts: never[]) => T,
): readonly T[] {
  return messages.filter(
    (message): message is Message & T => message.name === name && message instanceof kind,
  );
}

function schemaOf(messages: readonly Message[]): Schema {
  const [description] = ofName(messages, 'rowDescription', protocol.messages.RowDescriptionMessage);
  return (description?.fields ?? []).map((field: Field) => ({
    name: field.name,
    type: sqlTypeOfOid(field.dataTypeID, field.dataTypeModifier),
  }));
}

/** PostgreSQL counts characters from 1, the engine UTF-16 code units from 0. */
function carriedError(error: InstanceType<typeof protocol.messages.DatabaseError>, sql: string): EngineError {
  const character = error.position === undefined ? undefined : Number(error.position);
  return engineError(error.code ?? SqlState.internalError, error.message, {
    position: character === undefined ? undefined : [...sql].slice(0, character - 1).join('').length,
    detail: error.detail,
    hint: error.hint,
  });
}
