/**
 * From an accepted socket to a session, as PostgreSQL's clients expect it:
 *
 *   SSLRequest / GSSENCRequest … -> startup packet -> authentication -> settings -> BackendKeyData
 *                                -> CancelRequest: cancels another session; the connection ends without an answer
 */
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { engineError, protocolViolation, SqlState, unsupported } from '../core/index.ts';
import type { Session, SessionHost } from '../engine/index.ts';
import { authenticate, type Authentication } from './auth/authenticate.ts';
import type { CancelRegistry } from './cancel.ts';
import {
  writeBackendKeyData,
  writeNegotiateProtocolVersion,
  writeParameterStatus,
} from './message/backend.ts';
import { MessageSink } from './message/sink.ts';
import { MessageSource } from './message/source.ts';
import { decodeStartup, type StartupMessage, type StartupPacket } from './message/startup-packet.ts';
import { reportedSettings } from './session-setting.ts';
import { startupSettings } from './startup-setting.ts';
import { secure } from './tls.ts';

/** What a server gives to every connection. */
export interface StartupTerms {
  readonly host: SessionHost;
  readonly authentication: Authentication;
  readonly secureContext: SecureContext | undefined;
  /** Whether a client must use TLS. */
  readonly isTlsRequired: boolean;
  readonly cancels: CancelRegistry;
  /** Called before a client is authenticated: throws when it cannot be admitted (53300, 57P03). */
  admit(): void;
}

/** The byte streams of a connection; TLS replaces them by its own. */
export interface Transport {
  socket: Socket;
  source: MessageSource;
  sink: MessageSink;
}

/** The newest minor version of protocol 3 spoken here. */
const MINOR_VERSION_MAX = 2;

export function transportOf(socket: Socket): Transport {
  return { socket, source: new MessageSource(socket), sink: new MessageSink(socket) };
}

/**
 * Runs the startup; undefined when there is nothing to serve. Throws EngineError, which ends the connection.
 */
export async function startUp(transport: Transport, terms: StartupTerms): Promise<Session | undefined> {
  const message = await firstMessage(transport, terms);
  if (message === undefined) return undefined;
  if (terms.isTlsRequired && !isSecure(transport)) {
    throw engineError(
      SqlState.invalidAuthorization,
      'connections to this server must be encrypted with TLS',
      {
        hint: 'Connect with sslmode=require.',
      },
    );
  }
  const { sink, source } = transport;
  const user = message.parameters.get('user') ?? '';
  if (user === '')
    throw engineError(SqlState.invalidAuthorization, 'no user name specified in startup packet');
  if (isReplication(message)) throw unsupported('replication');
  terms.admit();
  if (message.minorVersion > MINOR_VERSION_MAX || message.protocolOptions.length > 0) {
    const version = (3 << 16) | Math.min(message.minorVersion, MINOR_VERSION_MAX);
    writeNegotiateProtocolVersion(sink.writer, version, message.protocolOptions);
  }
  await authenticate(terms.authentication, user, source, sink);
  return openSession(transport, terms, message, user);
}

async function openSession(
  transport: Transport,
  terms: StartupTerms,
  message: StartupMessage,
  user: string,
): Promise<Session> {
  const database = message.parameters.get('database') || user;
  checkDatabase(database, user, terms.host);
  const settings = startupSettings(message.parameters);
  const remoteAddress = transport.socket.remoteAddress;
  const session = await terms.host.openSession({ user, database, remoteAddress });
  try {
    for (const [name, value] of settings) session.configure(name, value);
    const { writer } = transport.sink;
    for (const [name, value] of reportedSettings(session, user)) writeParameterStatus(writer, name, value);
    const secret = terms.cancels.register(session, message.minorVersion >= 2);
    writeBackendKeyData(writer, session.id, secret);
    return session;
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

/**
 * The startup message, after TLS where the client wants it; undefined when the client left or only cancelled.
 */
async function firstMessage(transport: Transport, terms: StartupTerms): Promise<StartupMessage | undefined> {
  for (;;) {
    const body = await transport.source.startupPacket();
    if (body === undefined) return undefined;
    if (body === 'tls') {
      await useTls(transport, terms, true);
      continue;
    }
    const packet: StartupPacket = decodeStartup(body);
    switch (packet.kind) {
      case 'startup':
        return packet;
      case 'cancel-request':
        terms.cancels.cancel(packet.processId, packet.secret);
        return undefined;
      case 'gss-request':
        await answer(transport, 'N');
        break;
      case 'tls-request':
        await answerTlsRequest(transport, terms);
        break;
    }
  }
}

async function answerTlsRequest(transport: Transport, terms: StartupTerms): Promise<void> {
  if (terms.secureContext === undefined || isSecure(transport)) return answer(transport, 'N');
  if (transport.source.hasUnread) {
    // What came in clear text behind the request may have been slipped in: it must not pass as encrypted.
    throw protocolViolation('received unencrypted data after SSL request');
  }
  await answer(transport, 'S');
  await useTls(transport, terms, false);
}

/** Goes on over TLS. `isUnasked`: the client began with the handshake itself. */
async function useTls(transport: Transport, terms: StartupTerms, isUnasked: boolean): Promise<void> {
  if (terms.secureContext === undefined || isSecure(transport)) {
    throw protocolViolation('received an unexpected TLS handshake');
  }
  const received = transport.source.detach();
  if (received.length > 0) transport.socket.unshift(received);
  Object.assign(transport, transportOf(await secure(transport.socket, terms.secureContext, isUnasked)));
}

function isSecure(transport: Transport): boolean {
  return 'encrypted' in transport.socket;
}

async function answer(transport: Transport, letter: 'S' | 'N'): Promise<void> {
  transport.sink.writer.bytes(Buffer.from(letter));
  await transport.sink.flush();
}

function isReplication(message: StartupMessage): boolean {
  const value = message.parameters.get('replication') ?? 'false';
  return !['false', 'off', 'no', '0'].includes(value.toLowerCase());
}

/**
 * There is one database. Beside its own name, those that clients choose when they are not told one are taken
 * for it: the user's name, `postgres` and `augur`. Throws 3D000 for any other.
 */
function checkDatabase(database: string, user: string, host: SessionHost): void {
  if ([host.databaseName, user, 'postgres', 'augur'].includes(database)) return;
  throw engineError(SqlState.invalidCatalogName, `database "${database}" does not exist`, {
    hint: `The database of this server is "${host.databaseName}".`,
  });
}
