import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/core/index.ts';
import {
  type BindMessage,
  decodeFrontend,
  frontendBytesMax,
  type FrontendMessage,
} from '../../../src/wire/message/frontend.ts';

/** Decodes a whole message of pg-protocol's serializer. */
function decoded(bytes: Buffer): FrontendMessage {
  expect(bytes.readInt32BE(1)).toBe(bytes.length - 1);
  return decodeFrontend(bytes[0]!, bytes.subarray(5));
}

const plainText = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));
const shortName = fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0'));

describe('decodeFrontend', () => {
  it('decodes what pg-protocol writes: Query', () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(decoded(serialize.query(text))).toEqual({ kind: 'query', text });
      }),
    );
  });

  it('decodes what pg-protocol writes: Parse', () => {
    fc.assert(
      fc.property(shortName, plainText, fc.array(fc.nat(2 ** 31 - 1)), (statement, text, types) => {
        expect(decoded(serialize.parse({ name: statement, text, types }))).toEqual({
          kind: 'parse',
          statement,
          text,
          parameterOids: types,
        });
      }),
    );
  });

  it('decodes what pg-protocol writes: Bind', () => {
    const value = fc.oneof(
      plainText,
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.constant(null),
    );
    fc.assert(
      fc.property(
        plainText,
        plainText,
        fc.array(value),
        fc.boolean(),
        (portal, statement, values, binary) => {
          const { parameters, ...bind } = decoded(
            serialize.bind({ portal, statement, values, binary }),
          ) as BindMessage;
          expect(bind).toEqual({
            kind: 'bind',
            portal,
            statement,
            parameterFormats: values.map((item) => (Buffer.isBuffer(item) ? 1 : 0)),
            resultFormats: [binary ? 1 : 0],
          });
          expect(Array.from({ length: parameters.count }, (_, index) => parameters.bytes(index))).toEqual(
            values.map((item) => (typeof item === 'string' ? Buffer.from(item) : item)),
          );
        },
      ),
    );
  });

  it.each<[Buffer, FrontendMessage]>([
    [serialize.describe({ type: 'S', name: 'a' }), { kind: 'describe', target: 'statement', name: 'a' }],
    [serialize.describe({ type: 'P' }), { kind: 'describe', target: 'portal', name: '' }],
    [serialize.close({ type: 'P', name: 'c' }), { kind: 'close', target: 'portal', name: 'c' }],
    [serialize.execute({ portal: 'p', rows: 10 }), { kind: 'execute', portal: 'p', rowCountMax: 10 }],
    [serialize.flush(), { kind: 'flush' }],
    [serialize.sync(), { kind: 'sync' }],
    [serialize.end(), { kind: 'terminate' }],
    [serialize.copyData(Buffer.from('1\t2\n')), { kind: 'copy-data', bytes: Buffer.from('1\t2\n') }],
    [serialize.copyDone(), { kind: 'copy-done' }],
    [serialize.copyFail('why'), { kind: 'copy-fail', reason: 'why' }],
    [serialize.password('secret'), { kind: 'password', bytes: Buffer.from('secret\0') }],
  ])('decodes what pg-protocol writes: %o', (bytes, message) => {
    expect(decoded(bytes)).toEqual(message);
  });

  it('takes a negative row count as no bound', () => {
    expect(decodeFrontend(0x45, Buffer.from('00ffffffff', 'hex'))).toEqual({
      kind: 'execute',
      portal: '',
      rowCountMax: 0,
    });
  });

  it.each([
    ['trailing bytes', 0x53, '00'],
    ['an unknown letter', 0x7a, ''],
    ['a bad target', 0x44, '5100'],
    ['a bad format', 0x42, '0000' + '00010002' + '0000' + '0000'],
    ['a count without its values', 0x50, '0000' + 'ffff'],
  ])('refuses %s with 08P01', (_, type, hex) => {
    expect(() => decodeFrontend(type, Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ state: '08P01' }),
    );
  });

  it('never fails but with an error for the client, whatever comes', () => {
    const message = fc.tuple(fc.constantFrom(...'QPBDECHSXdcfFp?'), fc.uint8Array({ maxLength: 60 }));
    let refusedCount = 0;
    fc.assert(
      fc.property(message, ([letter, body]) => {
        try {
          decodeFrontend(letter.charCodeAt(0), Buffer.from(body));
        } catch (thrown) {
          refusedCount++;
          expect(thrown).toBeInstanceOf(EngineError);
          expect((thrown as EngineError).state).toMatch(/^(08P01|22021)$/);
        }
      }),
      { numRuns: 2000 },
    );
    expect(refusedCount).toBeGreaterThan(100);
  });
});

describe('frontendBytesMax', () => {
  it('bounds messages that carry a name more tightly than those that carry data', () => {
    expect(frontendBytesMax(0x53)).toBe(10_000);
    expect(frontendBytesMax(0x51)).toBe(256 * 1024 * 1024);
    expect(frontendBytesMax(0x00)).toBe(undefined);
  });
});
