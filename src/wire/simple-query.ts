/** The simple query protocol: a script in, for each statement its rows and its tag out. */
import { type QueryResult, type RowsResult, unreachable } from '../core/index.ts';
import type { Conversation } from './conversation.ts';
import { copyIn, copyOut } from './copy-flow.ts';
import { writeBare, writeCommandComplete, writeRowDescription } from './message/backend.ts';
import { describeColumns, textFormats } from './row-description.ts';
import { RowCursor } from './row-cursor.ts';

/** Runs a Query message. Throws EngineError; what was complete before has been reported. */
export async function runScript(conversation: Conversation, text: string): Promise<void> {
  const { portals, session, sink } = conversation;
  conversation.text = text;
  portals.removeStatement('');
  await portals.removePortal('');
  if (conversation.isPipelineOpen) await conversation.sync(false);
  await portals.materializePortals();
  let isEmpty = true;
  let statusBefore = session.transactionStatus;
  for await (const result of session.query(text)) {
    isEmpty = false;
    await sendResult(conversation, result, statusBefore);
    statusBefore = session.transactionStatus;
  }
  if (isEmpty) writeBare(sink.writer, 'emptyQuery');
}

async function sendResult(
  conversation: Conversation,
  result: QueryResult,
  statusBefore: Conversation['session']['transactionStatus'],
): Promise<void> {
  switch (result.kind) {
    case 'rows':
      return sendRows(conversation, result);
    case 'command':
      return conversation.completeCommand(result, statusBefore);
    case 'copy-in':
      return copyIn(conversation, result);
    case 'copy-out':
      return copyOut(conversation, result);
    default:
      return unreachable(result);
  }
}

async function sendRows(conversation: Conversation, result: RowsResult): Promise<void> {
  const { session, sink } = conversation;
  const formats = textFormats(result.schema);
  const cursor = new RowCursor(result, formats, session);
  try {
    writeRowDescription(sink.writer, describeColumns(result.schema, formats));
    const { rowCount } = await cursor.send(sink, 0);
    writeCommandComplete(sink.writer, result.tag(rowCount));
  } finally {
    await cursor.close();
  }
}
