/**
 * The server's side of SCRAM-SHA-256, without channel binding. Sources: RFC 5802 and RFC 7677; PostgreSQL
 * documentation, chapter 55.3; verifiers in the text form of PostgreSQL's pg_authid:
 *
 *   SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>        (salt and keys in base64)
 *
 *   client                                   server
 *   n,,n=*,r=<client nonce>            ->
 *                                      <-    r=<client nonce><server nonce>,s=<salt>,i=<iterations>
 *   c=biws,r=<both nonces>,p=<proof>   ->
 *                                      <-    v=<server signature>
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep } from '@mongodb-js/saslprep';
import {
  engineError,
  type EngineError,
  invalidOption,
  present,
  protocolViolation,
  SqlState,
} from '../../core/index.ts';

/** What a server keeps of a password: it proves the password and does not give it away. */
export interface ScramVerifier {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** The only mechanism offered. */
export const SCRAM_MECHANISM = 'SCRAM-SHA-256';
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 18;

const deriveKey = promisify(pbkdf2);

/** Makes a verifier of a password; the salt is random unless given. */
export async function createScramVerifier(
  password: string,
  iterations: number = ITERATIONS,
  salt: Buffer = randomBytes(SALT_BYTES),
): Promise<ScramVerifier> {
  const salted = await deriveKey(prepared(password), salt, iterations, KEY_BYTES, 'sha256');
  return {
    iterations,
    salt,
    storedKey: createHash('sha256').update(hmac(salted, 'Client Key')).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

/** A verifier as text, as PostgreSQL keeps it. */
export function formatScramVerifier(verifier: ScramVerifier): string {
  const [salt, storedKey, serverKey] = [verifier.salt, verifier.storedKey, verifier.serverKey].map((bytes) =>
    bytes.toString('base64'),
  );
  return `${SCRAM_MECHANISM}$${verifier.iterations}:${salt}$${storedKey}:${serverKey}`;
}

/** Reads a verifier's text. Throws 22023 when it is none; the text itself is never shown. */
export function parseScramVerifier(text: string): ScramVerifier {
  const match =
    /^SCRAM-SHA-256\$([1-9]\d{0,8}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})$/.exec(text);
  const [salt, storedKey, serverKey] = (match ?? []).slice(2).map((part) => Buffer.from(part, 'base64'));
  if (match === null || storedKey?.length !== KEY_BYTES || serverKey?.length !== KEY_BYTES) {
    throw invalidOption(
      'a password verifier must have the form SCRAM-SHA-256$iterations:salt$storedKey:serverKey',
    );
  }
  return { iterations: Number(match[1]), salt: present(salt, 'salt'), storedKey, serverKey };
}

const mockSecret = randomBytes(KEY_BYTES);

/**
 * A verifier that no password satisfies, the same for a name at every try: strangers learn not who exists.
 */
export function mockScramVerifier(user: string): ScramVerifier {
  const salt = hmac(mockSecret, user).subarray(0, SALT_BYTES);
  return {
    iterations: ITERATIONS,
    salt,
    storedKey: randomBytes(KEY_BYTES),
    serverKey: randomBytes(KEY_BYTES),
  };
}

/** One exchange. `first` takes the client's first message and answers it, `final` checks the proof. */
export class ScramExchange {
  #verifier: ScramVerifier;
  #serverNonce: string;
  #gs2Header = '';
  #clientFirstBare = '';
  #serverFirst = '';
  #nonce = '';

  constructor(verifier: ScramVerifier, serverNonce: string = randomBytes(NONCE_BYTES).toString('base64')) {
    this.#verifier = verifier;
    this.#serverNonce = serverNonce;
  }

  /** Server-first-message for a client-first-message. Throws 08P01 for a malformed one. */
  first(clientFirst: string): string {
    const match = /^([^,]*),([^,]*),(.*)$/s.exec(clientFirst);
    if (match === null) throw malformed();
    const [binding, identity, bare] = [match[1]!, match[2]!, match[3]!];
    checkBinding(binding);
    if (identity !== '') throw protocolViolation('a SCRAM authorization identity is not supported');
    const attributes = attributesOf(bare);
    if (attributes[0]?.name === 'm') throw protocolViolation('a SCRAM mandatory extension is not supported');
    const nonce = attributes[1]?.value;
    if (attributes[0]?.name !== 'n' || attributes[1]?.name !== 'r' || !isNonce(nonce)) throw malformed();
    this.#gs2Header = `${binding},,`;
    this.#clientFirstBare = bare;
    this.#nonce = nonce + this.#serverNonce;
    const { salt, iterations } = this.#verifier;
    this.#serverFirst = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
    return this.#serverFirst;
  }

  /** Server-final-message for a client-final-message; undefined when the proof is wrong. Throws 08P01. */
  final(clientFinal: string): string | undefined {
    const proofStart = clientFinal.lastIndexOf(',p=');
    const [binding, nonce] = attributesOf(clientFinal);
    if (proofStart === -1 || binding?.name !== 'c' || nonce?.name !== 'r') throw malformed();
    if (binding.value !== Buffer.from(this.#gs2Header).toString('base64')) {
      throw protocolViolation('unexpected SCRAM channel binding attribute in client-final-message');
    }
    if (nonce.value !== this.#nonce) throw protocolViolation('SCRAM nonce does not match');
    const proof = Buffer.from(clientFinal.slice(proofStart + 3), 'base64');
    if (proof.length !== KEY_BYTES) throw malformed();
    const signed = `${this.#clientFirstBare},${this.#serverFirst},${clientFinal.slice(0, proofStart)}`;
    const signature = hmac(this.#verifier.storedKey, signed);
    const clientKey = proof.map((byte, index) => byte ^ signature[index]!);
    const storedKey = createHash('sha256').update(clientKey).digest();
    if (!timingSafeEqual(storedKey, this.#verifier.storedKey)) return undefined;
    return `v=${hmac(this.#verifier.serverKey, signed).toString('base64')}`;
  }
}

/** n: the client has no channel binding; y: it has, and rightly thinks that we have not; p: it insists. */
function checkBinding(binding: string): void {
  if (binding === 'n' || binding === 'y') return;
  if (!binding.startsWith('p=')) throw malformed();
  throw protocolViolation(
    'the client selected SCRAM-SHA-256 without channel binding, but sent channel binding data',
  );
}

/** Comma-separated `name=value` pairs. */
function attributesOf(text: string): { readonly name: string; readonly value: string }[] {
  return text.split(',').map((part) => {
    if (!/^[A-Za-z]=/.test(part)) throw malformed();
    return { name: part[0]!, value: part.slice(2) };
  });
}

/** Printable ASCII without a comma. */
function isNonce(nonce: string | undefined): nonce is string {
  return nonce !== undefined && /^[\x21-\x2b\x2d-\x7e]+$/.test(nonce);
}

/** SASLprep; a password that it prohibits is taken as it is, as PostgreSQL does. */
function prepared(password: string): string {
  try {
    return saslprep(password);
  } catch {
    return password;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function malformed(): EngineError {
  return protocolViolation('malformed SCRAM message');
}

/** The one answer to a wrong password and to an unknown user. */
export function passwordFailed(user: string): EngineError {
  return engineError(SqlState.invalidPassword, `password authentication failed for user "${user}"`);
}
