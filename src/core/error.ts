/**
 * The one error type of the engine, and the builders that make it. Three kinds of failure stay apart: the user's
 * fault (has a SQLSTATE and, if possible, a position), the world's fault (memory, disk, cancellation, a lost worker)
 * and ours (see assert.ts). Nothing else in the sources constructs an error.
 */
import { SqlState, type SqlStateCode } from './sql-state.ts';

/** What an error carries beside its message; every field is optional except the state. */
export interface ErrorFields {
  readonly state: SqlStateCode;
  /** 0-based offset in UTF-16 code units into the text the client sent; the wire turns it into a 1-based character. */
  readonly position?: number | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A failure with a SQLSTATE, to be shown to a client as PostgreSQL shows its own. */
export class EngineError extends Error {
  readonly state: SqlStateCode;
  readonly position: number | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, fields: ErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'EngineError';
    this.state = fields.state;
    this.position = fields.position;
    this.detail = fields.detail;
    this.hint = fields.hint;
  }

  /** The same error with its position moved by `delta`, for text that is a part of a longer one. */
  shifted(delta: number): EngineError {
    if (this.position === undefined) return this;
    return new EngineError(this.message, { ...this.fields(), position: this.position + delta });
  }

  /** The fields, for rebuilding the error elsewhere (another thread, another position). */
  fields(): ErrorFields {
    return {
      state: this.state,
      position: this.position,
      detail: this.detail,
      hint: this.hint,
      cause: this.cause,
    };
  }
}

/** Any failure with an explicit state: the general builder behind the named ones. */
export function engineError(
  state: SqlStateCode,
  message: string,
  more: Omit<ErrorFields, 'state'> = {},
): EngineError {
  return new EngineError(message, { state, ...more });
}

/** The text does not follow the grammar. `position`: 0-based offset of the offending token. */
export function syntaxError(message: string, position: number, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.syntaxError, position, hint });
}

/** Grammatical, known, and not built yet (or never will be): names the feature. */
export function unsupported(feature: string, position?: number, hint?: string): EngineError {
  return new EngineError(`${feature} is not supported`, {
    state: SqlState.featureNotSupported,
    position,
    hint,
  });
}

/** No model of that name. */
export function undefinedModel(name: string, position?: number, hint?: string): EngineError {
  return new EngineError(`model "${name}" does not exist`, {
    state: SqlState.undefinedObject,
    position,
    hint,
  });
}

/** A relation that is not there, or is none. */
export function undefinedTable(message: string, position?: number, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.undefinedTable, position, hint });
}

/** A model, table or view of that name stands already. */
export function duplicateObject(kind: string, name: string, position?: number, hint?: string): EngineError {
  const state = kind === 'model' ? SqlState.duplicateObject : SqlState.duplicateTable;
  return new EngineError(`${kind} "${name}" already exists`, { state, position, hint });
}

/** A column that the query, table or model does not have. */
export function undefinedColumn(message: string, position?: number, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.undefinedColumn, position, hint });
}

/** An option or argument outside what is allowed. The message says what is allowed and what was got. */
export function invalidOption(message: string, position?: number, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.invalidParameterValue, position, hint });
}

/** A value of the wrong type. */
export function typeMismatch(message: string, position?: number, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.datatypeMismatch, position, hint });
}

/** Data that cannot be learned from or scored (no rows, NULL labels, too many classes, infinities). */
export function invalidData(message: string, detail?: string, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.dataException, detail, hint });
}

/** The statement was cancelled by the user, by a timeout or by a closing connection. */
export function queryCanceled(reason = 'canceling statement due to user request'): EngineError {
  return new EngineError(reason, { state: SqlState.queryCanceled });
}

/** Work that would need more memory than it may have. */
export function outOfMemory(message: string, detail?: string, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.outOfMemory, detail, hint });
}

/** A bound of core/limits.ts was exceeded. */
export function limitExceeded(message: string, hint?: string): EngineError {
  return new EngineError(message, { state: SqlState.programLimitExceeded, hint });
}

/** The client broke the wire protocol. */
export function protocolViolation(message: string): EngineError {
  return new EngineError(message, { state: SqlState.protocolViolation });
}

/** Our own bug, seen: reported as an internal error and logged with its stack. */
export function internalError(message: string, cause?: unknown): EngineError {
  return new EngineError(message, { state: SqlState.internalError, cause });
}

/** Any thrown thing as an EngineError; what is not one already is an internal error. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return internalError(`internal error: ${message}`, thrown);
}
