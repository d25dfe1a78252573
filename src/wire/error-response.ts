/** Errors and notices as the protocol's fields. The error type itself knows nothing of the protocol. */
import { characterPosition, type EngineError, type Notice } from '../core/index.ts';
import { writeResponse } from './message/backend.ts';
import type { MessageWriter } from './message/writer.ts';

/** ERROR ends a statement, FATAL the connection. */
export type Severity = 'ERROR' | 'FATAL';

/** Writes an ErrorResponse. `text` is what the client sent: the error's position counts in it. */
export function writeError(
  writer: MessageWriter,
  error: EngineError,
  severity: Severity,
  text?: string,
): void {
  writer.abandon();
  const hasPosition = text !== undefined && error.position !== undefined;
  writeResponse(writer, 'error', {
    severity,
    state: error.state,
    message: error.message,
    detail: error.detail,
    hint: error.hint,
    position: hasPosition ? characterPosition(text, error.position) : undefined,
  });
}

export function writeNotice(writer: MessageWriter, notice: Notice): void {
  writeResponse(writer, 'notice', notice);
}
