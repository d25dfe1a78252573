/** The authentication exchange at the start of a connection: none (trust), or SCRAM-SHA-256. */
import { isUtf8 } from 'node:buffer';
import { engineError, protocolViolation, SqlState } from '../../core/index.ts';
import { writeAuthenticationOk, writeAuthenticationSasl, writeSaslData } from '../message/backend.ts';
import { AUTHENTICATION_BYTES_MAX, decodeFrontend, describeType, Frontend } from '../message/frontend.ts';
import { invalidEncoding, MessageReader } from '../message/reader.ts';
import type { MessageSink } from '../message/sink.ts';
import type { MessageSource } from '../message/source.ts';
import {
  mockScramVerifier,
  passwordFailed,
  SCRAM_MECHANISM,
  ScramExchange,
  type ScramVerifier,
} from './scram.ts';

/** Who may connect. */
export type Authentication =
  | { readonly kind: 'trust' }
  | {
      readonly kind: 'password';
      /** What is kept of a user's password; undefined when there is no such user. */
      verifierOf(user: string): ScramVerifier | undefined | Promise<ScramVerifier | undefined>;
    };

/**
 * Runs the exchange; returns after AuthenticationOk was written. Throws 28P01 for a wrong password, 08P01.
 */
export async function authenticate(
  authentication: Authentication,
  user: string,
  source: MessageSource,
  sink: MessageSink,
): Promise<void> {
  if (authentication.kind === 'password') {
    await exchange(await authentication.verifierOf(user), user, source, sink);
  }
  writeAuthenticationOk(sink.writer);
}

async function exchange(
  verifier: ScramVerifier | undefined,
  user: string,
  source: MessageSource,
  sink: MessageSink,
): Promise<void> {
  const scram = new ScramExchange(verifier ?? mockScramVerifier(user));
  writeAuthenticationSasl(sink.writer, [SCRAM_MECHANISM]);
  await sink.flush();
  writeSaslData(sink.writer, 'continue', scram.first(readInitialResponse(await answer(source))));
  await sink.flush();
  const outcome = scram.final(saslText(await answer(source)));
  if (outcome === undefined || verifier === undefined) throw passwordFailed(user);
  writeSaslData(sink.writer, 'final', outcome);
}

/** The client's next answer. */
async function answer(source: MessageSource): Promise<Buffer> {
  const frame = await source.message(AUTHENTICATION_BYTES_MAX);
  if (frame === undefined)
    throw engineError(SqlState.connectionFailure, 'the client left during authentication');
  const message = frame.type === Frontend.password ? decodeFrontend(frame.type, frame.body) : undefined;
  if (message?.kind !== 'password') {
    throw protocolViolation(`expected SASL response, got message type ${describeType(frame.type)}`);
  }
  return message.bytes;
}

/** SASLInitialResponse: the mechanism, and the client's first message. */
function readInitialResponse(body: Buffer): string {
  const reader = new MessageReader(body, 'SASLInitialResponse');
  const mechanism = reader.cstring();
  if (mechanism !== SCRAM_MECHANISM)
    throw protocolViolation('client selected an invalid SASL authentication mechanism');
  const response = reader.field();
  reader.end();
  if (response === null) throw protocolViolation('the SASL initial response is missing');
  return saslText(response);
}

function saslText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw invalidEncoding('a SASL message');
  return bytes.toString('utf8');
}
