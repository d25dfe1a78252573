import { describe, expect, it } from 'vitest';
import { checkListenSafety, isLoopback } from '../../src/wire/listen-safety.ts';

const trust = { kind: 'trust' } as const;
const password = { kind: 'password', verifierOf: () => undefined } as const;

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.0.1', '::1', 'localhost', '::ffff:127.0.0.1'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org', ''])(
    '%o is not',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('checkListenSafety', () => {
  it('lets a server of this machine be', () => {
    expect(checkListenSafety({ host: '127.0.0.1', authentication: trust })).toBe(undefined);
  });

  it('lets a server of the world be, with password and TLS', () => {
    expect(checkListenSafety({ host: '0.0.0.0', authentication: password, tls: 'generate' })).toBe(undefined);
  });

  it.each([
    ['a password and TLS', trust, undefined],
    ['a password', trust, 'generate'],
    ['TLS', password, undefined],
  ] as const)('refuses one without %s', (missing, authentication, tls) => {
    const check = (): void => checkListenSafety({ host: '0.0.0.0', authentication, tls });
    const message = `refusing to listen on 0.0.0.0, which other machines can reach, without ${missing}`;
    expect(check).toThrow(expect.objectContaining({ state: '22023', message }));
  });
});
