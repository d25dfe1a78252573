/** TLS: the server's certificate, given or made for the occasion, and the handshake on an accepted socket. */
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { engineError, invalidOption, SqlState } from '../core/index.ts';

/**
 * A certificate and its private key, both PEM; `generate` makes a self-signed pair that lives as long as the
 * server.
 */
export type TlsOptions = { readonly certificate: string; readonly key: string } | 'generate';

const DAY_MS = 86_400_000;
const CERTIFICATE_DAYS = 825;
/** The protocol's name in TLS's own negotiation, which clients that start with TLS must give. */
const PROTOCOL_NAME = 'postgresql';

/** The context for handshakes. Throws 22023 when certificate or key cannot be used. */
export async function loadTls(options: TlsOptions, host: string): Promise<SecureContext> {
  const identity = options === 'generate' ? await generateIdentity(host) : options;
  try {
    return createSecureContext({ cert: identity.certificate, key: identity.key, minVersion: 'TLSv1.2' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw invalidOption(`the TLS certificate and key cannot be used: ${reason}`);
  }
}

/** A self-signed certificate for the host and for this machine. */
async function generateIdentity(host: string): Promise<{ certificate: string; key: string }> {
  const now = Date.now();
  const isAddress = /^[\d.]+$|:/.test(host);
  const names = isAddress ? ['localhost'] : [...new Set(['localhost', host])];
  const addresses = isAddress ? [...new Set(['127.0.0.1', '::1', host])] : ['127.0.0.1', '::1'];
  const pair = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + CERTIFICATE_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { certificate: pair.cert, key: pair.private };
}

/**
 * The server's side of a handshake. `mustName`: the client began with TLS unasked and so must name the
 * protocol. Throws 08006 when the handshake fails.
 */
export function secure(socket: Socket, context: SecureContext, mustName: boolean): Promise<TLSSocket> {
  const tls = new TLSSocket(socket, {
    isServer: true,
    secureContext: context,
    ALPNProtocols: [PROTOCOL_NAME],
  });
  tls.on('error', () => tls.destroy());
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(engineError(SqlState.connectionFailure, 'the TLS handshake failed'));
    tls.once('close', fail);
    tls.once('secure', () => {
      tls.off('close', fail);
      if (mustName && tls.alpnProtocol !== PROTOCOL_NAME) {
        tls.destroy();
        fail();
      } else {
        resolve(tls);
      }
    });
  });
}
