/** The kernel's lines against those that are made one by one, byte for byte. */
import { afterAll, describe, expect, test } from 'vitest';
import { resolveCopyFormat, type Batch, type CopyFormat } from '../../../src/core/index.ts';
import { MessageWriter } from '../../../src/wire/message/writer.ts';
import { createCopyWriter } from '../../../src/wire/copy/copy-format.ts';
import { DEFAULT_TEXT_SETTINGS } from '../../../src/wire/type/text-settings.ts';
import { batchesOf } from '../../support/batches.ts';
import { everyType, repeated } from '../../support/edge-values.ts';
import { openTestDatabase } from '../../support/open-database.ts';

const database = await openTestDatabase();
const connection = await database.connect();
afterAll(async () => {
  await connection.close();
  await database.close();
});

type Written = readonly (readonly [name: string, value: string | boolean | readonly string[]])[];

const formats: readonly Written[] = [
  [],
  [
    ['delimiter', '|'],
    ['null', 'NULL'],
  ],
  [['delimiter', '-']],
  [
    ['delimiter', ':'],
    ['null', ''],
  ],
  [['format', 'csv']],
  [
    ['format', 'csv'],
    ['delimiter', ' '],
    ['quote', "'"],
    ['escape', '\\'],
    ['null', '\\N'],
  ],
  [
    ['format', 'csv'],
    ['null', '1'],
  ],
  [
    ['format', 'csv'],
    ['force_quote', ['value', 'i']],
  ],
];

function lines(batches: readonly Batch[], step: number, format: CopyFormat): Buffer {
  const target = new MessageWriter();
  const writer = createCopyWriter(batches[0]!.schema, format, DEFAULT_TEXT_SETTINGS);
  for (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row += step) {
      writer.write(batch, row, Math.min(batch.rowCount, row + step), target);
    }
  }
  return target.take();
}

describe('lines written many at a time', () => {
  for (const written of formats) {
    const format = resolveCopyFormat(
      written.map(([name, value]) => ({ name, value, position: 0 })) as Parameters<
        typeof resolveCopyFormat
      >[0],
    );
    for (const [name, values] of Object.entries(everyType)) {
      test(`${name} with ${JSON.stringify(written)}`, async () => {
        const batches = await batchesOf(connection, repeated(values));
        const plain = lines(batches, 1, format);
        for (const step of [4096, 50]) expect(lines(batches, step, format).equals(plain)).toBe(true);
      });
    }
    test(`a single column of texts with ${JSON.stringify(written)}`, async () => {
      const batches = await batchesOf(connection, `SELECT value FROM (${repeated(everyType['text']!)})`);
      const plain = lines(batches, 1, format);
      expect(lines(batches, 4096, format).equals(plain)).toBe(true);
    });
  }
});
