/** COPY: rows from the client into a table (FROM STDIN), and rows to the client as text (TO STDOUT). */
import { setImmediate } from 'node:timers/promises';
import {
  BATCH_ROWS,
  type CopyInResult,
  type CopyOutResult,
  engineError,
  protocolViolation,
  queryCanceled,
  SqlState,
} from '../core/index.ts';
import type { Conversation } from './conversation.ts';
import { CopyBatchReader, type CopyPart } from './copy/copy-batches.ts';
import { createCopyWriter, formatCopyHeader } from './copy/copy-format.ts';
import { writeBare, writeCommandComplete, writeCopyData, writeCopyResponse } from './message/backend.ts';
import { RowPace } from './message/row-pace.ts';
import { decodeFrontend, describeType, type FrontendMessage } from './message/frontend.ts';
import { sessionTextSettings } from './session-setting.ts';

/**
 * COPY FROM STDIN. The client sends data until CopyDone or CopyFail; Flush and Sync in between are ignored.
 * Throws when a row is bad, when the client gives up (57014), or when it sends anything else (08P01); then
 * nothing is kept.
 */
export async function copyIn(conversation: Conversation, result: CopyInResult): Promise<void> {
  const { sink } = conversation;
  try {
    writeCopyResponse(sink.writer, 'in', result.schema.length);
    await sink.flush();
    await receiveRows(conversation, result);
  } catch (thrown) {
    await result.abort(thrown instanceof Error ? thrown.message : 'COPY failed');
    throw thrown;
  }
  const rowCount = await result.finish();
  writeCommandComplete(sink.writer, `COPY ${rowCount}`);
}

async function receiveRows(conversation: Conversation, result: CopyInResult): Promise<void> {
  const reader = new CopyBatchReader(result.format, result.schema, result.isPlain);
  let gathered: (readonly (string | null)[])[] = [];
  const take = async (parts: Iterable<CopyPart>, isLast: boolean): Promise<void> => {
    for (const part of parts) {
      if (part.kind === 'batch') {
        await result.writeBatch(part.batch);
        // A message may hold many batches: others get their turn in between.
        await setImmediate();
      } else for (const row of part.rows) gathered.push(row);
    }
    if (gathered.length === 0 || (gathered.length < BATCH_ROWS && !isLast)) return;
    const full = gathered;
    gathered = [];
    await result.write(full);
  };
  for (;;) {
    const message = await nextCopyMessage(conversation);
    switch (message.kind) {
      case 'copy-data':
        await take(reader.push(message.bytes), false);
        break;
      case 'copy-done':
        return take(reader.finish(), true);
      case 'copy-fail':
        throw queryCanceled(`COPY from stdin failed: ${message.reason}`);
      default:
        break;
    }
  }
}

/** The next message that may come during COPY FROM STDIN. */
async function nextCopyMessage(conversation: Conversation): Promise<FrontendMessage> {
  const frame = await conversation.source.message();
  if (frame === undefined) {
    throw engineError(SqlState.connectionFailure, 'the client closed the connection during COPY FROM STDIN');
  }
  const message = decodeFrontend(frame.type, frame.body);
  switch (message.kind) {
    case 'copy-data':
    case 'copy-done':
    case 'copy-fail':
    case 'flush':
    case 'sync':
      return message;
    default:
      throw protocolViolation(`unexpected message type ${describeType(frame.type)} during COPY from stdin`);
  }
}

/** COPY TO STDOUT. */
export async function copyOut(conversation: Conversation, result: CopyOutResult): Promise<void> {
  try {
    await sendCopy(conversation, result);
  } catch (thrown) {
    await result.batches[Symbol.asyncIterator]().return?.();
    throw thrown;
  }
}

async function sendCopy(conversation: Conversation, result: CopyOutResult): Promise<void> {
  const { session, sink } = conversation;
  const settings = sessionTextSettings(session);
  writeCopyResponse(sink.writer, 'out', result.schema.length);
  let rowCount = 0;
  const header = formatCopyHeader(result.schema, result.format);
  if (header !== undefined) writeCopyData(sink.writer, header);
  const copy = createCopyWriter(result.schema, result.format, settings);
  const pace = new RowPace();
  for await (const batch of result.batches) {
    for (let row = 0; row < batch.rowCount;) {
      const last = Math.min(batch.rowCount, row + pace.rowCount(sink.writer.length));
      const before = sink.writer.length;
      copy.write(batch, row, last, sink.writer);
      pace.learn(last - row, sink.writer.length - before);
      row = last;
      await sink.flushIfFull();
    }
    rowCount += batch.rowCount;
    batch.release?.();
  }
  writeBare(sink.writer, 'copyDone');
  writeCommandComplete(sink.writer, `COPY ${rowCount}`);
}
