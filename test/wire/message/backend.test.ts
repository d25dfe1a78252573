import fc from 'fast-check';
import { Parser } from 'pg-protocol/dist/parser.js';
import type { BackendMessage } from 'pg-protocol/dist/messages.js';
import { describe, expect, it } from 'vitest';
import * as backend from '../../../src/wire/message/backend.ts';
import { MessageWriter } from '../../../src/wire/message/writer.ts';

/** Writes messages, and decodes them with pg-protocol, an independent reader. */
function parsed(write: (writer: MessageWriter) => void): BackendMessage[] {
  const writer = new MessageWriter();
  write(writer);
  const messages: BackendMessage[] = [];
  new Parser().parse(writer.take(), (message) => messages.push(message));
  return messages;
}

const plainText = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

describe('messages of the server, as pg-protocol reads them', () => {
  it.each<backend.BareMessage>([
    'bindComplete',
    'closeComplete',
    'copyDone',
    'emptyQuery',
    'noData',
    'parseComplete',
    'portalSuspended',
  ])('%s', (name) => {
    expect(parsed((writer) => backend.writeBare(writer, name))).toMatchObject([{ name }]);
  });

  it('refuses more columns than a message can count, before anything of it is written', () => {
    const column = { name: 'a', typeOid: 23, typeSize: 4, typeModifier: -1, format: 0 } as const;
    const writer = new MessageWriter();
    const tooMany = expect.objectContaining({
      state: '54000',
      message: 'a result can have at most 32767 columns, got 32768',
    });
    expect(() => backend.writeRowDescription(writer, Array(32_768).fill(column))).toThrow(tooMany);
    expect(() => backend.writeCopyResponse(writer, 'out', 32_768)).toThrow(tooMany);
    expect(writer.length).toBe(0);
  });

  it('authentication', () => {
    const messages = parsed((writer) => {
      backend.writeAuthenticationSasl(writer, ['SCRAM-SHA-256']);
      backend.writeSaslData(writer, 'continue', 'r=1');
      backend.writeSaslData(writer, 'final', 'v=2');
      backend.writeAuthenticationOk(writer);
    });
    expect(messages).toMatchObject([
      { name: 'authenticationSASL', mechanisms: ['SCRAM-SHA-256'] },
      { name: 'authenticationSASLContinue', data: 'r=1' },
      { name: 'authenticationSASLFinal', data: 'v=2' },
      { name: 'authenticationOk' },
    ]);
  });

  it('what a session starts with', () => {
    const messages = parsed((writer) => {
      backend.writeParameterStatus(writer, 'TimeZone', 'UTC');
      backend.writeBackendKeyData(writer, 42, Buffer.from([0, 0, 1, 0]));
      backend.writeReadyForQuery(writer, 'T');
    });
    expect(messages).toMatchObject([
      { name: 'parameterStatus', parameterName: 'TimeZone', parameterValue: 'UTC' },
      { name: 'backendKeyData', processID: 42, secretKey: 256 },
      { name: 'readyForQuery', status: 'T' },
    ]);
  });

  it('NegotiateProtocolVersion, which pg-protocol does not know', () => {
    const writer = new MessageWriter();
    backend.writeNegotiateProtocolVersion(writer, 0x3_0002, ['_pq_.x']);
    expect(writer.take().toString('hex')).toBe(
      '76' + '00000013' + '00030002' + '00000001' + '5f70715f2e7800',
    );
  });

  it('descriptions', () => {
    const field = fc.record({
      name: plainText,
      typeOid: fc.nat(100_000),
      typeSize: fc.integer({ min: -2, max: 100 }),
      typeModifier: fc.integer({ min: -1, max: 1e6 }),
      format: fc.constantFrom(0 as const, 1 as const),
    });
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const expected = fields.map((one) => ({
          name: one.name,
          dataTypeID: one.typeOid,
          dataTypeSize: one.typeSize,
          dataTypeModifier: one.typeModifier,
          format: one.format === 1 ? 'binary' : 'text',
        }));
        expect(parsed((writer) => backend.writeRowDescription(writer, fields))).toMatchObject([
          { fields: expected },
        ]);
      }),
    );
    const oids = parsed((writer) => backend.writeParameterDescription(writer, [23, 25]));
    expect(oids).toMatchObject([{ name: 'parameterDescription', dataTypeIDs: [23, 25] }]);
  });

  it('completion and COPY', () => {
    const messages = parsed((writer) => {
      backend.writeCommandComplete(writer, 'SELECT 1');
      backend.writeCopyResponse(writer, 'in', 2);
      backend.writeCopyResponse(writer, 'out', 3);
      backend.writeCopyData(writer, 'ä\n');
    });
    expect(messages).toMatchObject([
      { name: 'commandComplete', text: 'SELECT 1' },
      { name: 'copyInResponse', binary: false, columnTypes: [0, 0] },
      { name: 'copyOutResponse', binary: false, columnTypes: [0, 0, 0] },
      { name: 'copyData', chunk: Buffer.from('ä\n') },
    ]);
  });

  it('errors and notices', () => {
    const fields = { severity: 'ERROR', state: '42601', message: 'no', detail: 'd', hint: 'h', position: 3 };
    const bare = { severity: 'NOTICE', state: '00000', message: 'mind' };
    const messages = parsed((writer) => {
      backend.writeResponse(writer, 'error', fields);
      backend.writeResponse(writer, 'notice', bare);
    });
    expect(messages[0]).toMatchObject({
      name: 'error',
      severity: 'ERROR',
      code: '42601',
      message: 'no',
      detail: 'd',
      hint: 'h',
      position: '3',
    });
    expect(messages[1]).toMatchObject({
      name: 'notice',
      severity: 'NOTICE',
      message: 'mind',
      position: undefined,
    });
  });
});
