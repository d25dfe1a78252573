/** Text and binary forms against what PostgreSQL itself printed, both ways. */
import { describe, expect, test } from 'vitest';
import { listOf, type SqlType, Types, type Value } from '../../../src/core/index.ts';
import { MessageWriter } from '../../../src/wire/message/writer.ts';
import { decodeParameter } from '../../../src/wire/type/parameter.ts';
import { DEFAULT_TEXT_SETTINGS, type TextSettings } from '../../../src/wire/type/text-settings.ts';
import { UNCONSTRAINED_NUMERIC } from '../../../src/wire/type/type-oid.ts';
import { binaryFieldWriter } from '../../../src/wire/type/value-binary.ts';
import { textFormatter } from '../../../src/wire/type/value-text.ts';
import { recordedGroups } from './recorded-value.ts';

function typeOf(name: string): SqlType {
  if (name.endsWith('[]')) return listOf(typeOf(name.slice(0, -2)));
  if (name === 'numeric') return UNCONSTRAINED_NUMERIC;
  return name === 'bool' ? Types.boolean : Types[name as keyof typeof Types];
}

/** The bytes of the field without its length. */
function binaryOf(type: SqlType, value: Value, settings: TextSettings): string {
  const writer = new MessageWriter();
  writer.begin(0x44);
  binaryFieldWriter(type, settings)(value, writer);
  writer.end();
  return writer.take().subarray(9).toString('hex');
}

for (const { settings: changed, values } of recordedGroups) {
  const settings = { ...DEFAULT_TEXT_SETTINGS, ...changed };
  describe(`settings ${JSON.stringify(changed)}`, () => {
    test.each(values)('%s %s', (name, literal, text, binary) => {
      const type = typeOf(name);
      const value = decodeParameter(type, 0, Buffer.from(literal), undefined, settings);
      expect(textFormatter(type, settings)(value)).toBe(text);
      expect(binaryOf(type, value, settings)).toBe(binary);
      const unpacked = decodeParameter(type, 1, Buffer.from(binary, 'hex'), undefined, settings);
      expect(unpacked).toEqual(value);
      if (settings.extraFloatDigits > 0) {
        const reread = decodeParameter(type, 0, Buffer.from(text), undefined, settings);
        expect(reread).toEqual(value);
      }
    });
  });
}
