import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  createScramVerifier,
  formatScramVerifier,
  mockScramVerifier,
  parseScramVerifier,
  ScramExchange,
} from '../../../src/wire/auth/scram.ts';

/** node-postgres' client of SCRAM: an independent partner. */
interface SaslClient {
  startSession(mechanisms: string[]): { response: string };
  continueSession(session: object, password: string, serverData: string): Promise<void>;
  finalizeSession(session: object, serverData: string): void;
}
const sasl = createRequire(import.meta.url)('pg/lib/crypto/sasl') as SaslClient;

/** Runs the exchange; the server's verdict. */
async function converse(scram: ScramExchange, password: string): Promise<string | undefined> {
  const session = sasl.startSession(['SCRAM-SHA-256']);
  await sasl.continueSession(session, password, scram.first(session.response));
  const outcome = scram.final(session.response);
  if (outcome !== undefined) sasl.finalizeSession(session, outcome);
  return outcome;
}

describe('SCRAM-SHA-256', () => {
  it('follows the example of RFC 7677', async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    const scram = new ScramExchange(
      await createScramVerifier('pencil', 4096, salt),
      '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
    );
    expect(scram.first('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')).toBe(
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    );
    const final = 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
    expect(scram.final(`${final},p=${proof}`)).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  it.each(['secret', 'pässwörd', 'Ⅸ', 'a\u00adb', 'with,comma=and p=', ' '])(
    'agrees with a client on %o',
    async (password) => {
      const verifier = await createScramVerifier(password);
      expect(await converse(new ScramExchange(verifier), password)).toMatch(/^v=[A-Za-z0-9+/]{43}=$/);
      expect(await converse(new ScramExchange(verifier), `${password}x`)).toBe(undefined);
    },
  );

  it('gives strangers a steady salt, and no way in', async () => {
    const [first, second] = [mockScramVerifier('nobody'), mockScramVerifier('nobody')];
    expect(first.salt.equals(second.salt)).toBe(true);
    expect(first.salt.equals(mockScramVerifier('other').salt)).toBe(false);
    expect(await converse(new ScramExchange(first), 'secret')).toBe(undefined);
  });

  it('takes a client that could bind channels but is offered none, and refuses one that insists', async () => {
    const verifier = await createScramVerifier('x');
    expect(new ScramExchange(verifier, 'S').first('y,,n=,r=C')).toMatch(/^r=CS,/);
    const insisting = 'p=tls-server-end-point,,n=,r=C';
    expect(() => new ScramExchange(verifier).first(insisting)).toThrow(/without channel binding/);
  });

  it.each([
    ['no header', 'n=,r=C'],
    ['an unknown header', 'x,,n=,r=C'],
    ['an authorization identity', 'n,a=root,n=,r=C'],
    ['a mandatory extension', 'n,,m=1,n=,r=C'],
    ['no nonce', 'n,,n='],
    ['an empty nonce', 'n,,n=,r='],
    ['a nonce with a space', 'n,,n=,r=a b'],
  ])('refuses a first message with %s', (_, message) => {
    const exchange = new ScramExchange(mockScramVerifier('x'));
    expect(() => exchange.first(message)).toThrow(expect.objectContaining({ state: '08P01' }));
  });

  it.each([
    ['no proof', 'c=biws,r=CS'],
    ['another nonce', 'c=biws,r=CT,p=AAAA'],
    ['another binding', 'c=eSws,r=CS,p=AAAA'],
    ['a short proof', 'c=biws,r=CS,p=AAAA'],
    ['nothing', ''],
  ])('refuses a final message with %s', (_, message) => {
    const exchange = new ScramExchange(mockScramVerifier('x'), 'S');
    exchange.first('n,,n=,r=C');
    expect(() => exchange.final(message)).toThrow(expect.objectContaining({ state: '08P01' }));
  });
});

describe('verifiers as text', () => {
  it('are those of PostgreSQL, and read back', async () => {
    const salt = Buffer.from('0123456789abcdef');
    const verifier = await createScramVerifier('secret', 4096, salt);
    const text = formatScramVerifier(verifier);
    expect(text).toMatch(/^SCRAM-SHA-256\$4096:MDEyMzQ1Njc4OWFiY2RlZg==\$[^:]{44}:[^:]{44}$/);
    expect(parseScramVerifier(text)).toEqual(verifier);
  });

  it('are refused when malformed, without being shown', () => {
    for (const text of ['hunter2', 'SCRAM-SHA-256$0:AA==$x:y', 'md5abc']) {
      expect(() => parseScramVerifier(text)).toThrow(expect.objectContaining({ state: '22023' }));
      expect(() => parseScramVerifier(text)).not.toThrow(text);
    }
  });
});
