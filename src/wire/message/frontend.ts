/**
 * What clients send, decoded. Source: PostgreSQL documentation, chapter 55.7, "Message Formats".
 * Strict: a message has exactly the bytes that its fields say.
 */
import { MESSAGE_BYTES_MAX, protocolViolation } from '../../core/index.ts';
import type { Fields } from './fields.ts';
import { MessageReader } from './reader.ts';

/** 0 text, 1 binary. */
export type FormatCode = 0 | 1;

export type FrontendMessage =
  | { readonly kind: 'query'; readonly text: string }
  | {
      readonly kind: 'parse';
      readonly statement: string;
      readonly text: string;
      readonly parameterOids: number[];
    }
  | BindMessage
  | { readonly kind: 'describe' | 'close'; readonly target: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly rowCountMax: number }
  | { readonly kind: 'flush' | 'sync' | 'terminate' | 'copy-done' | 'function-call' }
  | { readonly kind: 'copy-data'; readonly bytes: Buffer }
  | { readonly kind: 'copy-fail'; readonly reason: string }
  | { readonly kind: 'password'; readonly bytes: Buffer };

export interface BindMessage {
  readonly kind: 'bind';
  readonly portal: string;
  readonly statement: string;
  readonly parameterFormats: FormatCode[];
  readonly parameters: Fields;
  readonly resultFormats: FormatCode[];
}

/** The letters of the messages. */
export const Frontend = {
  bind: 0x42, // B
  close: 0x43, // C
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyFail: 0x66, // f
  describe: 0x44, // D
  execute: 0x45, // E
  flush: 0x48, // H
  functionCall: 0x46, // F
  parse: 0x50, // P
  password: 0x70, // p
  query: 0x51, // Q
  sync: 0x53, // S
  terminate: 0x58, // X
} as const;

/**
 * Bytes of messages that carry a name at most, and of an authentication answer: as PostgreSQL bounds them.
 */
const SMALL_MESSAGE_BYTES_MAX = 10_000;
export const AUTHENTICATION_BYTES_MAX = 65_535;

/** The bound on a message's body; undefined for a letter that is no message. */
export function frontendBytesMax(type: number): number | undefined {
  switch (type) {
    case Frontend.query:
    case Frontend.parse:
    case Frontend.bind:
    case Frontend.copyData:
    case Frontend.functionCall:
      return MESSAGE_BYTES_MAX;
    case Frontend.password:
      return AUTHENTICATION_BYTES_MAX;
    case Frontend.close:
    case Frontend.copyDone:
    case Frontend.copyFail:
    case Frontend.describe:
    case Frontend.execute:
    case Frontend.flush:
    case Frontend.sync:
    case Frontend.terminate:
      return SMALL_MESSAGE_BYTES_MAX;
    default:
      return undefined;
  }
}

/** Decodes a message. Throws 08P01 for a malformed one, 22021 for text that is not UTF-8. */
export function decodeFrontend(type: number, body: Buffer): FrontendMessage {
  const reader = new MessageReader(body, describeType(type));
  const message = readMessage(type, reader);
  reader.end();
  return message;
}

/** A message's letter for errors. */
export function describeType(type: number): string {
  return type > 0x20 && type < 0x7f ? `"${String.fromCharCode(type)}"` : String(type);
}

function readMessage(type: number, reader: MessageReader): FrontendMessage {
  switch (type) {
    case Frontend.query:
      return { kind: 'query', text: reader.cstring() };
    case Frontend.parse:
      return readParse(reader);
    case Frontend.bind:
      return readBind(reader);
    case Frontend.describe:
    case Frontend.close:
      return {
        kind: type === Frontend.close ? 'close' : 'describe',
        target: readTarget(reader),
        name: reader.cstring(),
      };
    case Frontend.execute:
      return { kind: 'execute', portal: reader.cstring(), rowCountMax: Math.max(0, reader.int32()) };
    case Frontend.flush:
      return { kind: 'flush' };
    case Frontend.sync:
      return { kind: 'sync' };
    case Frontend.terminate:
      return { kind: 'terminate' };
    case Frontend.copyData:
      return { kind: 'copy-data', bytes: reader.rest() };
    case Frontend.copyDone:
      return { kind: 'copy-done' };
    case Frontend.copyFail:
      return { kind: 'copy-fail', reason: reader.cstring() };
    case Frontend.functionCall:
      reader.rest();
      return { kind: 'function-call' };
    case Frontend.password:
      return { kind: 'password', bytes: reader.rest() };
    default:
      throw protocolViolation(`invalid frontend message type ${describeType(type)}`);
  }
}

function readParse(reader: MessageReader): FrontendMessage {
  const statement = reader.cstring();
  const text = reader.cstring();
  const parameterOids = Array.from({ length: reader.count() }, () => reader.oid());
  return { kind: 'parse', statement, text, parameterOids };
}

function readBind(reader: MessageReader): BindMessage {
  const portal = reader.cstring();
  const statement = reader.cstring();
  const parameterFormats = readFormats(reader);
  const parameters = reader.fields(reader.count());
  const resultFormats = readFormats(reader);
  return { kind: 'bind', portal, statement, parameterFormats, parameters, resultFormats };
}

function readFormats(reader: MessageReader): FormatCode[] {
  const formats: FormatCode[] = [];
  for (let count = reader.count(); count > 0; count--) {
    const format = reader.int16();
    if (format !== 0 && format !== 1) throw protocolViolation(`invalid format code: ${format}`);
    formats.push(format);
  }
  return formats;
}

function readTarget(reader: MessageReader): 'statement' | 'portal' {
  const letter = reader.int8();
  if (letter === 0x53) return 'statement';
  if (letter === 0x50) return 'portal';
  throw protocolViolation(`invalid target of Describe or Close: ${describeType(letter)}, must be "S" or "P"`);
}
