import { Parser } from 'pg-protocol/dist/parser.js';
import type { BackendMessage } from 'pg-protocol/dist/messages.js';
import { describe, expect, it } from 'vitest';
import { type EngineError, internalError, syntaxError } from '../../src/core/index.ts';
import { type Severity, writeError, writeNotice } from '../../src/wire/error-response.ts';
import { MessageWriter } from '../../src/wire/message/writer.ts';

function parsed(write: (writer: MessageWriter) => void): BackendMessage[] {
  const writer = new MessageWriter();
  write(writer);
  const messages: BackendMessage[] = [];
  new Parser().parse(writer.take(), (message) => messages.push(message));
  return messages;
}

const written = (error: EngineError, severity: Severity, text?: string): BackendMessage[] =>
  parsed((writer) => writeError(writer, error, severity, text));

describe('writeError', () => {
  it('counts the position in characters from 1, where the text is known', () => {
    const error = syntaxError('unexpected "x"', 3, 'Leave it out.');
    expect(written(error, 'ERROR', '😀 x')).toMatchObject([
      { severity: 'ERROR', code: '42601', message: 'unexpected "x"', hint: 'Leave it out.', position: '3' },
    ]);
    expect(written(error, 'FATAL')).toMatchObject([{ severity: 'FATAL', position: undefined }]);
  });

  it('tells nothing of the cause', () => {
    const [message] = written(internalError('it broke', internalError('the secret reason')), 'ERROR');
    expect(JSON.stringify({ ...message })).not.toContain('secret');
  });

  it('takes the place of a message that was half written', () => {
    const messages = parsed((writer) => {
      writer.begin(0x44);
      writer.int16(1);
      writeError(writer, syntaxError('no', 0), 'ERROR', 'x');
    });
    expect(messages).toMatchObject([{ name: 'error', position: '1' }]);
  });
});

describe('writeNotice', () => {
  it('writes severity, state, message and hint', () => {
    const notice = { severity: 'WARNING', state: '01000', message: 'mind', hint: 'the gap' } as const;
    expect(parsed((writer) => writeNotice(writer, notice))).toMatchObject([
      {
        name: 'notice',
        severity: 'WARNING',
        code: '01000',
        message: 'mind',
        hint: 'the gap',
        detail: undefined,
      },
    ]);
  });
});
