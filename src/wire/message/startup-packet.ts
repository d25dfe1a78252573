/**
 * The first packets of a connection, which have no letter: a request for TLS or GSSAPI, a request to cancel,
 * or the startup proper. Source: PostgreSQL documentation, chapter 55.7, "StartupMessage", "CancelRequest",
 * "SSLRequest".
 */
import { protocolViolation, STARTUP_BYTES_MAX, unsupported } from '../../core/index.ts';
import { MessageReader } from './reader.ts';

export type StartupPacket =
  | { readonly kind: 'tls-request' | 'gss-request' }
  | { readonly kind: 'cancel-request'; readonly processId: number; readonly secret: Buffer }
  | StartupMessage;

export interface StartupMessage {
  readonly kind: 'startup';
  /** Minor version of protocol 3. */
  readonly minorVersion: number;
  /** Parameters in the order sent; protocol options (`_pq_.name`) are in `protocolOptions`. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly protocolOptions: readonly string[];
}

/** Codes in place of a protocol version. */
const StartupCode = { cancel: 80877102, tls: 80877103, gss: 80877104 } as const;

/** Secret keys are 4 bytes up to protocol 3.1, and up to 256 bytes since. */
const SECRET_BYTES_MAX = 256;

/** Checks the length word of a startup packet, which counts itself; the body's length. */
export function startupBodyLength(length: number): number {
  if (length < 8 || length > STARTUP_BYTES_MAX) throw protocolViolation('invalid length of startup packet');
  return length - 4;
}

/** Decodes the body of a startup packet: what follows its length. */
export function decodeStartup(body: Buffer): StartupPacket {
  const reader = new MessageReader(body, 'startup packet');
  const code = reader.int32();
  if (code === StartupCode.tls || code === StartupCode.gss) {
    reader.end();
    return { kind: code === StartupCode.tls ? 'tls-request' : 'gss-request' };
  }
  if (code === StartupCode.cancel) return readCancel(reader);
  const majorVersion = code >>> 16;
  const minorVersion = code & 0xffff;
  if (majorVersion !== 3) throw unsupported(`frontend protocol ${majorVersion}.${minorVersion}`);
  return readParameters(reader, minorVersion);
}

function readCancel(reader: MessageReader): StartupPacket {
  const processId = reader.int32();
  const secret = reader.rest();
  if (secret.length < 4 || secret.length > SECRET_BYTES_MAX) {
    throw protocolViolation('invalid length of cancel request');
  }
  return { kind: 'cancel-request', processId, secret };
}

function readParameters(reader: MessageReader, minorVersion: number): StartupMessage {
  const parameters = new Map<string, string>();
  const protocolOptions: string[] = [];
  for (let name = reader.cstring(); name !== ''; name = reader.cstring()) {
    const value = reader.cstring();
    if (name.startsWith('_pq_.')) protocolOptions.push(name);
    else parameters.set(name, value);
  }
  reader.end();
  return { kind: 'startup', minorVersion, parameters, protocolOptions };
}
