/**
 * The PostgreSQL protocol 3 over sockets; knows no SQL and no plan.
 *
 *   server -- connection -- startup (TLS, authentication, settings)
 *                 |
 *                 +-- simple-query, extended-query, copy-flow -- session of the engine
 *                 |            |
 *                 +-- message (source, sink: bytes <-> messages) -- type, copy (values <-> bytes)
 */
export type { Authentication } from './auth/authenticate.ts';
export { createScramVerifier, type ScramVerifier } from './auth/scram.ts';
export { checkListenSafety } from './listen-safety.ts';
export { sessionTextSettings } from './session-setting.ts';
export { serve, type ServeOptions, type Server } from './server.ts';
export type { TlsOptions } from './tls.ts';
export { DEFAULT_TEXT_SETTINGS, type TextSettings } from './type/text-settings.ts';
export { textFormatter } from './type/value-text.ts';
