/**
 * The extended query protocol: Parse, Bind, Describe, Execute, Close. Flush and Sync are the connection's.
 */
import { type Parameter, protocolViolation, engineError, type QueryResult, SqlState } from '../core/index.ts';
import type { TransactionStatus } from '../engine/index.ts';
import type { Conversation } from './conversation.ts';
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
import { decodeParameter } from './type/parameter.ts';
import type { TextSettings } from './type/text-settings.ts';
import { sqlTypeOfOid, typeOid } from './type/type-oid.ts';

type Message<Kind extends FrontendMessage['kind']> = Extract<FrontendMessage, { kind: Kind }>;
export type ExtendedMessage = Message<'parse' | 'bind' | 'execute' | 'describe' | 'close'>;

/** Answers one message. Throws EngineError: then the client's messages are skipped up to its Sync. */
export function answerExtended(conversation: Conversation, message: ExtendedMessage): Promise<void> {
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

async function bind(conversation: Conversation, message: BindMessage): Promise<void> {
  const { portals, session, sink } = conversation;
  const prepared = portals.statement(message.statement);
  conversation.text = prepared.statement.text;
  const columnCount = prepared.statement.schema?.length ?? 0;
  await portals.addPortal(message.portal, {
    prepared,
    parameters: decodeParameters(prepared, message, sessionTextSettings(session)),
    formats: columnCount === 0 ? [] : expandFormats(message.resultFormats, columnCount, 'result column'),
    cursor: undefined,
    isDone: false,
  });
  writeBare(sink.writer, 'bindComplete');
}

function decodeParameters(prepared: Prepared, message: BindMessage, settings: TextSettings): Parameter[] {
  const types = prepared.statement.parameterTypes;
  if (message.parameters.length !== types.length) {
    const name = message.statement;
    throw protocolViolation(
      `bind message supplies ${message.parameters.length} parameters, ` +
        `but prepared statement "${name}" requires ${types.length}`,
    );
  }
  const formats = expandFormats(message.parameterFormats, types.length, 'parameter');
  return types.map((type, index) => {
    const bytes = message.parameters[index] ?? null;
    return decodeParameter(type, formats[index]!, bytes, prepared.parameterOids[index], settings);
  });
}

async function describe(conversation: Conversation, message: Message<'describe' | 'close'>): Promise<void> {
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

async function close(conversation: Conversation, message: Message<'describe' | 'close'>): Promise<void> {
  const { portals, sink } = conversation;
  if (message.target === 'portal') await portals.removePortal(message.name);
  else portals.removeStatement(message.name);
  writeBare(sink.writer, 'closeComplete');
}

async function execute(conversation: Conversation, message: Message<'execute'>): Promise<void> {
  const portal = conversation.portals.portal(message.portal);
  conversation.text = portal.prepared.statement.text;
  if (portal.cursor !== undefined) return sendRows(conversation, portal.cursor, message.rowCountMax);
  if (portal.isDone) {
    const reason = `portal "${message.portal}" cannot be run`;
    throw engineError(SqlState.objectNotInPrerequisiteState, reason);
  }
  await conversation.portals.materializePortals();
  portal.isDone = true;
  const statusBefore = conversation.session.transactionStatus;
  const result = await runPortal(conversation, portal, statusBefore);
  await sendResult(conversation, portal, result, statusBefore, message.rowCountMax);
}

/**
 * Runs the statement; as a part of an implicit transaction when the client has more to send before its Sync.
 */
async function runPortal(
  conversation: Conversation,
  portal: Portal,
  statusBefore: TransactionStatus,
): Promise<QueryResult> {
  const isPipelined = conversation.isPipelineOpen || !conversation.source.isSyncNext;
  if (isPipelined && statusBefore === 'idle') conversation.isPipelineOpen = true;
  return conversation.session.execute(portal.prepared.statement, portal.parameters, isPipelined);
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
