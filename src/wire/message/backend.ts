/**
 * What the server sends, encoded into a MessageWriter. Source: PostgreSQL documentation, chapter 55.7,
 * "Message Formats". Names are those of pg-protocol, the decoder that Node's own PostgreSQL clients use. Rows
 * are written by the row encoder.
 */
import { limitExceeded, RESULT_COLUMN_COUNT_MAX } from '../../core/index.ts';
import type { MessageName } from 'pg-protocol/dist/messages.js';
import type { FormatCode } from './frontend.ts';
import type { MessageWriter } from './writer.ts';

/** Messages that the server sends. */
type BackendName =
  | Exclude<MessageName, `authentication${string}` | 'replicationStart' | 'notification'>
  | 'authentication'
  | 'negotiateProtocolVersion';

/** The letters of the messages. */
const Backend: Readonly<Record<BackendName, number>> = {
  authentication: 0x52, // R
  backendKeyData: 0x4b, // K
  bindComplete: 0x32, // 2
  closeComplete: 0x33, // 3
  commandComplete: 0x43, // C
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyInResponse: 0x47, // G
  copyOutResponse: 0x48, // H
  dataRow: 0x44, // D
  emptyQuery: 0x49, // I
  error: 0x45, // E
  negotiateProtocolVersion: 0x76, // v
  noData: 0x6e, // n
  notice: 0x4e, // N
  parameterDescription: 0x74, // t
  parameterStatus: 0x53, // S
  parseComplete: 0x31, // 1
  portalSuspended: 0x73, // s
  readyForQuery: 0x5a, // Z
  rowDescription: 0x54, // T
};

/** Messages that are a letter and nothing else. */
export type BareMessage =
  | 'bindComplete'
  | 'closeComplete'
  | 'copyDone'
  | 'emptyQuery'
  | 'noData'
  | 'parseComplete'
  | 'portalSuspended';

export function writeBare(writer: MessageWriter, name: BareMessage): void {
  writer.begin(Backend[name]);
  writer.end();
}

export function writeAuthenticationOk(writer: MessageWriter): void {
  writer.begin(Backend.authentication);
  writer.int32(0);
  writer.end();
}

export function writeAuthenticationSasl(writer: MessageWriter, mechanisms: readonly string[]): void {
  writer.begin(Backend.authentication);
  writer.int32(10);
  for (const mechanism of mechanisms) writer.cstring(mechanism);
  writer.int8(0);
  writer.end();
}

/** The server's part of a SASL exchange: `continue` asks for more, `final` is the outcome. */
export function writeSaslData(writer: MessageWriter, step: 'continue' | 'final', data: string): void {
  writer.begin(Backend.authentication);
  writer.int32(step === 'continue' ? 11 : 12);
  writer.string(data);
  writer.end();
}

export function writeBackendKeyData(writer: MessageWriter, processId: number, secret: Buffer): void {
  writer.begin(Backend.backendKeyData);
  writer.int32(processId);
  writer.bytes(secret);
  writer.end();
}

/**
 * `version`: major in the high, minor in the low 16 bits; `unknownOptions`: those that the server does not
 * know.
 */
export function writeNegotiateProtocolVersion(
  writer: MessageWriter,
  version: number,
  unknownOptions: readonly string[],
): void {
  writer.begin(Backend.negotiateProtocolVersion);
  writer.int32(version);
  writer.int32(unknownOptions.length);
  for (const option of unknownOptions) writer.cstring(option);
  writer.end();
}

export function writeParameterStatus(writer: MessageWriter, name: string, value: string): void {
  writer.begin(Backend.parameterStatus);
  writer.cstring(name);
  writer.cstring(value);
  writer.end();
}

/** `status`: I idle, T in a transaction, E in a failed one. */
export function writeReadyForQuery(writer: MessageWriter, status: 'I' | 'T' | 'E'): void {
  writer.begin(Backend.readyForQuery);
  writer.int8(status.charCodeAt(0));
  writer.end();
}

export function writeCommandComplete(writer: MessageWriter, tag: string): void {
  writer.begin(Backend.commandComplete);
  writer.cstring(tag);
  writer.end();
}

/** A column of a RowDescription; columns here belong to no table. */
export interface FieldDescription {
  readonly name: string;
  readonly typeOid: number;
  /** Bytes of the type, negative when they vary. */
  readonly typeSize: number;
  readonly typeModifier: number;
  readonly format: FormatCode;
}

/** Throws 54000 for more columns than messages can count. */
function checkColumnCount(count: number): void {
  if (count <= RESULT_COLUMN_COUNT_MAX) return;
  throw limitExceeded(`a result can have at most ${RESULT_COLUMN_COUNT_MAX} columns, got ${count}`);
}

export function writeRowDescription(writer: MessageWriter, fields: readonly FieldDescription[]): void {
  checkColumnCount(fields.length);
  writer.begin(Backend.rowDescription);
  writer.int16(fields.length);
  for (const field of fields) {
    writer.cstring(field.name);
    writer.int32(0);
    writer.int16(0);
    writer.int32(field.typeOid);
    writer.int16(field.typeSize);
    writer.int32(field.typeModifier);
    writer.int16(field.format);
  }
  writer.end();
}

export function writeParameterDescription(writer: MessageWriter, typeOids: readonly number[]): void {
  writer.begin(Backend.parameterDescription);
  writer.int16(typeOids.length);
  for (const oid of typeOids) writer.int32(oid);
  writer.end();
}

/** COPY begins, in text, with as many columns. */
export function writeCopyResponse(writer: MessageWriter, direction: 'in' | 'out', columnCount: number): void {
  checkColumnCount(columnCount);
  writer.begin(direction === 'in' ? Backend.copyInResponse : Backend.copyOutResponse);
  writer.int8(0);
  writer.int16(columnCount);
  for (let column = 0; column < columnCount; column++) writer.int16(0);
  writer.end();
}

export function writeCopyData(writer: MessageWriter, data: string): void {
  writer.begin(Backend.copyData);
  writer.string(data);
  writer.end();
}

/** The fields of an error or a notice, by the protocol's letters. */
export interface ResponseFields {
  readonly severity: string;
  readonly state: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** 1-based, in characters of the client's text. */
  readonly position?: number | undefined;
}

export function writeResponse(writer: MessageWriter, name: 'error' | 'notice', fields: ResponseFields): void {
  writer.begin(Backend[name]);
  const put = (letter: string, value: string | undefined): void => {
    if (value === undefined) return;
    writer.int8(letter.charCodeAt(0));
    writer.cstring(value);
  };
  put('S', fields.severity);
  put('V', fields.severity);
  put('C', fields.state);
  put('M', fields.message);
  put('D', fields.detail);
  put('H', fields.hint);
  put('P', fields.position?.toString());
  writer.int8(0);
  writer.end();
}
