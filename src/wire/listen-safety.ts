/** Who may be reached by strangers: a server beyond this machine must ask for a password and speak TLS. */
import { isIP } from 'node:net';
import { invalidOption } from '../core/index.ts';
import type { Authentication } from './auth/authenticate.ts';
import type { TlsOptions } from './tls.ts';

/** What a server would listen with. */
interface ListenTerms {
  readonly host: string;
  readonly tls?: TlsOptions | undefined;
  readonly authentication: Authentication;
}

/**
 * Whether only this machine can reach the address. Names other than localhost could be anything: they are
 * not.
 */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  return isIP(host) === 6 && (host === '::1' || host.toLowerCase().startsWith('::ffff:127.'));
}

/** Throws 22023 when other machines could reach the server without a password or without TLS. */
export function checkListenSafety(terms: ListenTerms): void {
  if (isLoopback(terms.host)) return;
  const missing: string[] = [];
  if (terms.authentication.kind !== 'password') missing.push('a password');
  if (terms.tls === undefined) missing.push('TLS');
  if (missing.length === 0) return;
  const address = terms.host || 'all addresses';
  throw invalidOption(
    `refusing to listen on ${address}, which other machines can reach, without ${missing.join(' and ')}`,
    undefined,
    'Listen on 127.0.0.1, or ask for a password and use TLS.',
  );
}
