/** Statements by kind: ours and queries go through the planner, the session's own are answered here. */
import type { ModelView } from '../catalog/index.ts';
import {
  type Batch,
  EngineError,
  engineError,
  SqlState,
  Types,
  type QueryResult,
  type Schema,
  type SqlType,
} from '../core/index.ts';
import type { PlainStatement, Statement } from '../parser/index.ts';
import { planSchema, type PhysicalPlan } from '../planner/index.ts';
import { CatalogAnswers } from './catalog-answers.ts';
import { copyStatement } from './copy-statement.ts';
import { DatabaseSettings } from './database-settings.ts';
import { CursorStatements } from './cursor-statements.ts';
import { ModelViews } from './model-views.ts';
import { checkDefinition } from './namespace-check.ts';
import { mayChangeDefinitions, PlannedStatements } from './planned-statements.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { refuseWriting } from './read-only.ts';
import type { SessionParts, StatementScope } from './session-parts.ts';
import type { SessionPrepared } from './session-prepared.ts';
import { screenStatement } from './screen-statement.ts';
import { setStatement, showStatement, type SetClass } from './setting-statements.ts';
import { signalStatement } from './signal-statement.ts';
import { transactionStatement } from './transaction-statements.ts';

/** Statements that PostgreSQL has and that are not built, by first word. */
const unbuilt: ReadonlySet<string> = new Set([
  'LISTEN',
  'UNLISTEN',
  'NOTIFY',
  'GRANT',
  'REVOKE',
  'LOCK',
  'REASSIGN',
  'SECURITY',
]);

/** Statements about the session's settings alone: the database need not know them first. */
const ownKinds: ReadonlySet<string> = new Set(['empty', 'set', 'set-transaction', 'discard', 'show']);

export class SessionStatements {
  readonly #parts: SessionParts;
  readonly #cursors: CursorStatements;
  readonly #planned: PlannedStatements;
  readonly #prepared: PreparedStatements;
  readonly #answers: CatalogAnswers;
  readonly #views: ModelViews;
  readonly #databaseSettings: DatabaseSettings;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#databaseSettings = new DatabaseSettings(parts.connection, parts.settings);
    const runText = async (text: string, offset: number): Promise<QueryResult> => this.#runText(text, offset);
    this.#cursors = new CursorStatements(parts, runText);
    this.#planned = new PlannedStatements(parts, async () => this.#cursors.readAhead());
    this.#prepared = new PreparedStatements(parts, this);
    this.#answers = new CatalogAnswers(parts);
    this.#views = new ModelViews(parts);
  }

  async close(): Promise<void> {
    await this.#cursors.closeAll();
  }

  async closeCursors(): Promise<void> {
    await this.#cursors.closeAll();
  }

  /** Runs one statement of a script. */
  async run(statement: Statement, scope: StatementScope): Promise<QueryResult> {
    if (!mayChangeDefinitions(statement)) return this.#runChecked(statement, scope);
    try {
      return await this.#runChecked(statement, scope);
    } finally {
      this.#parts.plans.definitionsChanged();
    }
  }

  /** The rows of a query that its kept plan answers without the database, if it may run at all. */
  answerAtOnce(statement: Statement, scope: StatementScope): Batch | undefined {
    const isReady = this.#parts.transaction.status !== 'failed' && !this.#databaseSettings.isBehind;
    return isReady ? this.#planned.answerAtOnce(statement, scope) : undefined;
  }

  async #runChecked(statement: Statement, scope: StatementScope): Promise<QueryResult> {
    if (statement.kind !== 'plain') {
      this.#parts.transaction.refuseIfFailed();
      refuseWriting(statement, this.#parts.settings);
      await this.#tellDatabase();
      return this.#runPlanned(statement, scope);
    }
    const ended = await this.#runTransaction(statement);
    if (ended !== undefined) return ended;
    this.#parts.transaction.refuseIfFailed();
    refuseWriting(statement, this.#parts.settings);
    return this.#runPlain(statement, scope);
  }

  async #set(kind: SetClass): Promise<QueryResult> {
    const result = setStatement(kind, this.#parts);
    await this.#tellDatabase();
    return result;
  }

  /** Lets the database know of settings that changed. */
  async #tellDatabase(): Promise<void> {
    if (!this.#databaseSettings.isBehind) return;
    await this.#cursors.readAhead();
    await this.#databaseSettings.tell();
    this.#parts.plans.clear();
  }

  async #runTransaction(statement: PlainStatement): Promise<QueryResult | undefined> {
    const kind = statement.class.kind;
    if (kind === 'commit' || kind === 'rollback') await this.#cursors.closeAll();
    return transactionStatement(statement, this.#parts);
  }

  async #runPlain(statement: PlainStatement, scope: StatementScope): Promise<QueryResult> {
    const { class: kind } = statement;
    if (!ownKinds.has(kind.kind)) await this.#tellDatabase();
    const kept = this.#planned.kept(statement, scope);
    if (kept !== undefined) return this.#planned.runKept(kept, scope);
    switch (kind.kind) {
      case 'empty':
        return { kind: 'command', tag: '' };
      case 'set':
      case 'set-transaction':
      case 'discard':
        if (kind.kind === 'discard') this.#prepared.clear();
        return this.#set(kind);
      case 'show':
        return showStatement(kind, statement, this.#parts);
      case 'declare-cursor':
      case 'fetch':
      case 'close-cursor':
        return this.#cursors.run(kind, scope.text);
      case 'prepare':
      case 'execute':
      case 'deallocate':
        return this.#prepared.run(kind, scope.text);
      case 'copy':
        if (kind.copy.end.kind !== 'stdio') break;
        await this.#cursors.readAhead();
        return copyStatement(kind.copy, statement, scope, this.#parts);
      case 'other':
        if (unbuilt.has(kind.word))
          throw engineError(SqlState.featureNotSupported, `${kind.word} is not supported`, {
            position: statement.span.start,
          });
        break;
      default:
        break;
    }
    const signalled = signalStatement(statement, scope, this.#parts);
    if (signalled !== undefined) return signalled;
    if (this.#answers.answers(statement)) {
      await this.#cursors.readAhead();
      return this.#answers.run(statement, scope);
    }
    return this.#runPlanned(statement, scope);
  }

  /** Through planner and executor. */
  async #runPlanned(statement: Statement, scope: StatementScope): Promise<QueryResult> {
    const physical = await this.#planned.plan(statement, scope);
    if (physical.kind !== 'sql') return this.#parts.execute(physical, scope);
    const single = await this.#planned.runSingle(statement, scope);
    if (single !== undefined) return single;
    const definition = physical.statement.class;
    if (definition.kind !== 'create' && definition.kind !== 'drop' && definition.kind !== 'alter') {
      return this.#parts.execute(physical, scope);
    }
    const isCascade = /\bcascade\b/i.test(physical.statement.fragment.text);
    return this.#parts.transaction.run(async () => {
      await checkDefinition(definition, isCascade, this.#parts);
      return this.#views.follow(physical, definition, () => this.#parts.execute(physical, scope));
    });
  }

  /** Lowers a view over models again, in the open transaction. */
  refreshView(view: ModelView): Promise<void> {
    return this.#views.refresh(view);
  }

  /** Runs a statement that stands inside another one, at an offset of its text. */
  async #runText(text: string, offset: number): Promise<QueryResult> {
    try {
      const [statement] = this.#parts.parse(text);
      if (statement === undefined)
        throw engineError(SqlState.syntaxError, 'syntax error at end of input', { position: text.length });
      return await this.run(statement, { text, parameters: [], parameterTypes: [] });
    } catch (thrown) {
      throw thrown instanceof EngineError ? thrown.shifted(offset) : thrown;
    }
  }

  /** Parses, plans and describes without running. */
  async prepare(
    text: string,
    statements: readonly Statement[],
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<SessionPrepared> {
    if (statements.length > 1)
      throw engineError(SqlState.syntaxError, 'cannot insert multiple commands into a prepared statement', {
        position: statements[1]!.span.start,
      });
    const [statement] = statements;
    if (statement === undefined) return { text, statement, parameterTypes: [], schema: undefined };
    const isEnd = statement.kind === 'plain' && ['commit', 'rollback'].includes(statement.class.kind);
    if (!isEnd) this.#parts.transaction.refuseIfFailed();
    const isBehind = this.#databaseSettings.isBehind;
    const kept = isBehind ? undefined : this.#planned.keptPrepared(statement, parameterTypes);
    if (kept !== undefined) return kept;
    return this.#planned.prepare(statement, parameterTypes, () =>
      this.#prepareAnew(statement, text, parameterTypes),
    );
  }

  async #prepareAnew(
    statement: Statement,
    text: string,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<SessionPrepared> {
    const described = await this.#describe(statement, text, parameterTypes);
    const count = statement.kind === 'plain' ? statement.parameterCount : described.parameterTypes.length;
    const types = Array.from(
      { length: Math.max(count, parameterTypes.length) },
      (_, index) => parameterTypes[index] ?? described.parameterTypes[index] ?? Types.text,
    );
    return { text, statement, parameterTypes: types, schema: described.schema };
  }

  async #describe(
    statement: Statement,
    text: string,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<{
    readonly schema: Schema | undefined;
    readonly parameterTypes: readonly (SqlType | undefined)[];
  }> {
    const none = { schema: undefined, parameterTypes: [] };
    if (statement.kind !== 'plain') {
      screenStatement(statement, this.#parts.connection);
      await this.#tellDatabase();
      await this.#cursors.readAhead();
      const physical = await this.#parts.plan(statement, text, parameterTypes);
      return {
        schema: planSchema(physical),
        parameterTypes: await this.#trainingParameters(physical, parameterTypes),
      };
    }
    switch (statement.class.kind) {
      case 'show':
        return { ...none, schema: [{ name: statement.class.name, type: Types.text }] };
      case 'fetch':
        return {
          ...none,
          schema: statement.class.isMove ? undefined : this.#cursors.schema(statement.class.name),
        };
      case 'execute':
        return { ...none, schema: this.#prepared.schema(statement.class.name) };
      case 'read':
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
      case 'create':
        return this.#describePlanned(statement, text, parameterTypes);
      default:
        return none;
    }
  }

  /** Parameters of a training query; other statements of ours take none. */
  async #trainingParameters(
    physical: PhysicalPlan,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<readonly (SqlType | undefined)[]> {
    const training = physical.kind === 'explain' ? physical.plan : physical;
    if (training.kind !== 'create-model') return [];
    return (await this.#parts.connection.describe(training.source.text, parameterTypes)).parameterTypes;
  }

  async #describePlanned(
    statement: PlainStatement,
    text: string,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<{
    readonly schema: Schema | undefined;
    readonly parameterTypes: readonly (SqlType | undefined)[];
  }> {
    await this.#tellDatabase();
    await this.#cursors.readAhead();
    if (this.#answers.answers(statement)) return this.#answers.describe(statement, parameterTypes);
    screenStatement(statement, this.#parts.connection);
    const physical = await this.#parts.plan(statement, text, parameterTypes);
    if (physical.kind !== 'sql') return { schema: planSchema(physical), parameterTypes: [] };
    const described = await this.#parts.connection.describe(physical.sql.text, parameterTypes);
    return described;
  }
}
