/**
 * The extended query protocol: Parse, Bind, Describe, Execute, Close. Flush and Sync are the connection's.
 */
import {
  type Batch,
  engineError,
  type Parameter,
  protocolViolation,
  type QueryResult,
  SqlState,
} from '../core/index.ts';
import type { TransactionStatus } from '../engine/index.ts';
import type { Conversation } from './conversation.ts';
import { afterwards, type Eventual } from './eventual.ts';
import { copyIn, copyOut } from './copy-flow.ts';
import {
  writeBare,
  writeCommandComplete,
  writeParameterDescription,
  writeRowDescription,
} from './message/backend.ts';
import type { BindMessage, FormatCode, FrontendMessage } from './message/frontend.ts';
import type { Portal, Prepared } from './portal.ts';
import { checkDescribed, describeColumns, expandFormats, textFormats } from './row-description.ts';
import { RowCursor } from './row-cursor.ts';
import { sessionTextSettings } from './session-setting.ts';
import { decodeField } from './type/parameter.ts';
import { createRowEncoder } from './type/row-encoder.ts';
import type { TextSettings } from './type/text-settings.ts';
import { sqlTypeOfOid, typeOid } from './type/type-oid.ts';

type Message<Kind extends FrontendMessage['kind']> = Extract<FrontendMessage, { kind: Kind }>;
export type ExtendedMessage = Message<'parse' | 'bind' | 'execute' | 'describe' | 'close'>;

/** Answers one message. Throws EngineError: then the client's messages are skipped up to its Sync. */
export function answerExtended(conversation: Conversation, message: ExtendedMessage): Eventual<void> {
  switch (message.kind) {
    case 'parse':
      return parse(conversation, message);
    case 'bind':
      return bind(conversation, message);
    case 'execute':
      return execute(conversation, message);
    case 'describe':
      return describe(conversation, message);
    case 'close':
      return close(conversation, message);
  }
}

async function parse(conversation: Conversation, message: Message<'parse'>): Promise<void> {
  const { portals, session, sink } = conversation;
  conversation.text = message.text;
  portals.checkStatementName(message.statement);
  await portals.materializePortals();
  const declared = message.parameterOids.map(sqlTypeOfOid);
  const statement = await session.prepare(message.text, declared);
  const parameterOids = statement.parameterTypes.map((type, index) =>
    declared[index] === undefined ? typeOid(type).oid : message.parameterOids[index]!,
  );
  portals.addStatement(message.statement, { statement, parameterOids });
  writeBare(sink.writer, 'parseComplete');
}

function bind(conversation: Conversation, message: BindMessage): Eventual<void> {
  const { portals, session, sink } = conversation;
  const prepared = portals.statement(message.statement);
  conversation.text = prepared.statement.text;
  const columnCount = prepared.statement.schema?.length ?? 0;
  const added = portals.addPortal(message.portal, {
    prepared,
    parameters: decodeParameters(prepared, message, () => sessionTextSettings(session)),
    formats: columnCount === 0 ? [] : expandFormats(message.resultFormats, columnCount, 'result column'),
    cursor: undefined,
    isDone: false,
  });
  return afterwards(added, () => writeBare(sink.writer, 'bindComplete'));
}

function decodeParameters(
  prepared: Prepared,
  message: BindMessage,
  settings: () => TextSettings,
): Parameter[] {
  const types = prepared.statement.parameterTypes;
  const fields = message.parameters;
  if (fields.count !== types.length) {
    const name = message.statement;
    throw protocolViolation(
      `bind message supplies ${fields.count} parameters, ` +
        `but prepared statement "${name}" requires ${types.length}`,
    );
  }
  const formats = expandFormats(message.parameterFormats, types.length, 'parameter');
  return types.map((type, index) =>
    decodeField(type, formats[index]!, fields, index, prepared.parameterOids[index], settings),
  );
}

function describe(conversation: Conversation, message: Message<'describe' | 'close'>): void {
  const { portals } = conversation;
  if (message.target === 'portal') {
    const { prepared, formats } = portals.portal(message.name);
    describeRows(conversation, prepared, formats);
    return;
  }
  const prepared = portals.statement(message.name);
  writeParameterDescription(conversation.sink.writer, prepared.parameterOids);
  describeRows(conversation, prepared, textFormats(prepared.statement.schema ?? []));
}

function describeRows(conversation: Conversation, prepared: Prepared, formats: readonly FormatCode[]): void {
  const { writer } = conversation.sink;
  const { schema } = prepared.statement;
  if (schema === undefined) writeBare(writer, 'noData');
  else writeRowDescription(writer, describeColumns(schema, formats));
}

function close(conversation: Conversation, message: Message<'describe' | 'close'>): Eventual<void> {
  const { portals, sink } = conversation;
  if (message.target === 'statement') portals.removeStatement(message.name);
  const removed = message.target === 'portal' ? portals.removePortal(message.name) : undefined;
  return afterwards(removed, () => writeBare(sink.writer, 'closeComplete'));
}

function execute(conversation: Conversation, message: Message<'execute'>): Eventual<void> {
  const portal = conversation.portals.portal(message.portal);
  conversation.text = portal.prepared.statement.text;
  if (portal.cursor !== undefined) return sendRows(conversation, portal.cursor, message.rowCountMax);
  if (portal.isDone) {
    const reason = `portal "${message.portal}" cannot be run`;
    throw engineError(SqlState.objectNotInPrerequisiteState, reason);
  }
  return afterwards(conversation.portals.materializePortals(), () => {
    portal.isDone = true;
    const batch = message.rowCountMax === 0 ? answerAtOnce(conversation, portal) : undefined;
    return batch === undefined
      ? runPortal(conversation, portal, message.rowCountMax)
      : sendBatch(conversation, portal, batch);
  });
}

/** Whether the client has more to send before its Sync: then the statement is a part of an implicit transaction. */
function isPipelined({ isPipelineOpen, source }: Conversation): boolean {
  return isPipelineOpen || !source.isSyncNext;
}

/** All rows of a statement for which nothing is to be waited; undefined for any other. */
function answerAtOnce(conversation: Conversation, { prepared, parameters }: Portal): Batch | undefined {
  if (isPipelined(conversation)) return undefined;
  return conversation.session.answerAtOnce(prepared.statement, parameters);
}

/** Sends a result that is one batch. */
function sendBatch(conversation: Conversation, { prepared, formats }: Portal, batch: Batch): Eventual<void> {
  const { sink, session } = conversation;
  checkDescribed(prepared.statement.schema, batch.schema);
  const encoder = createRowEncoder(batch.schema, formats, () => sessionTextSettings(session));
  encoder.encode(batch, 0, batch.rowCount, sink.writer);
  writeCommandComplete(sink.writer, `SELECT ${batch.rowCount}`);
  return sink.flushIfFull();
}

/** Runs the statement and sends its result. */
async function runPortal(conversation: Conversation, portal: Portal, rowCountMax: number): Promise<void> {
  const { session } = conversation;
  const statusBefore = session.transactionStatus;
  const isPart = isPipelined(conversation);
  if (isPart && statusBefore === 'idle') conversation.isPipelineOpen = true;
  const result = await session.execute(portal.prepared.statement, portal.parameters, isPart);
  await sendResult(conversation, portal, result, statusBefore, rowCountMax);
}

async function sendResult(
  conversation: Conversation,
  portal: Portal,
  result: QueryResult,
  statusBefore: TransactionStatus,
  rowCountMax: number,
): Promise<void> {
  switch (result.kind) {
    case 'command':
      return conversation.completeCommand(result, statusBefore);
    case 'copy-in':
      return copyIn(conversation, result);
    case 'copy-out':
      return copyOut(conversation, result);
    case 'rows': {
      const cursor = new RowCursor(result, portal.formats, conversation.session);
      try {
        checkDescribed(portal.prepared.statement.schema, result.schema);
      } catch (thrown) {
        await cursor.close();
        throw thrown;
      }
      portal.cursor = cursor;
      return sendRows(conversation, portal.cursor, rowCountMax);
    }
  }
}

/** Sends a portal's next rows; the portal is suspended when as many as asked for were sent. */
async function sendRows(conversation: Conversation, cursor: RowCursor, rowCountMax: number): Promise<void> {
  const { writer } = conversation.sink;
  const { rowCount, isDone } = await cursor.send(conversation.sink, rowCountMax);
  if (isDone) writeCommandComplete(writer, cursor.result.tag(rowCount));
  else writeBare(writer, 'portalSuspended');
}
