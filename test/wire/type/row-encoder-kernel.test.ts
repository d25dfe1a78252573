/** The kernel's rows against those that the plain encoder writes one by one, byte for byte. */
import { afterAll, describe, expect, test } from 'vitest';
import type { Batch } from '../../../src/core/index.ts';
import type { FormatCode } from '../../../src/wire/message/frontend.ts';
import { MessageWriter } from '../../../src/wire/message/writer.ts';
import { createRowEncoder } from '../../../src/wire/type/row-encoder.ts';
import { DEFAULT_TEXT_SETTINGS, type TextSettings } from '../../../src/wire/type/text-settings.ts';
import { batchesOf } from '../../support/batches.ts';
import { everyType, repeated } from '../../support/edge-values.ts';
import { openTestDatabase } from '../../support/open-database.ts';

function encoded(
  batches: readonly Batch[],
  step: number,
  formats: readonly FormatCode[],
  settings: TextSettings,
): Buffer {
  const target = new MessageWriter();
  const encoder = createRowEncoder(batches[0]!.schema, formats, () => settings);
  for (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row += step) {
      encoder.encode(batch, row, Math.min(batch.rowCount, row + step), target);
    }
  }
  return target.take();
}

const database = await openTestDatabase();
const connection = await database.connect();
afterAll(async () => {
  await connection.close();
  await database.close();
});

async function expectSame(
  sql: string,
  formats: readonly FormatCode[] = [],
  settings: Partial<TextSettings> = {},
) {
  const batches = await batchesOf(connection, sql);
  const all = { ...DEFAULT_TEXT_SETTINGS, ...settings };
  const plain = encoded(batches, 1, formats, all);
  expect(batches.some((batch) => batch.rowCount >= 32)).toBe(true);
  for (const step of [4096, 100, 33]) {
    const fast = encoded(batches, step, formats, all);
    expect(fast.equals(plain)).toBe(true);
  }
}

describe('rows written many at a time', () => {
  for (const [name, values] of Object.entries(everyType)) {
    test(`${name} as text`, async () => expectSame(repeated(values)));
    test(`${name} in binary`, async () => expectSame(repeated(values), [1]));
    test(`${name} in either format`, async () => expectSame(repeated(values), [0, 1, 0]));
    test(`${name} with other settings`, async () =>
      expectSame(repeated(values), [], {
        timeZone: 'Europe/Berlin',
        dateStyle: 'Postgres, DMY',
        intervalStyle: 'iso_8601',
        extraFloatDigits: 0,
        byteaOutput: 'escape',
      }));
  }

  test('random doubles print their shortest digits', async () => {
    await expectSame(
      'SELECT setseed(0.5), random(), random() * 1e-300, 10 ** (600 * random() - 300) FROM range(20000)',
    );
  });

  test('doubles of few decimals, and whole numbers of any length', async () => {
    await expectSame(
      `SELECT setseed(0.5), round(10 ** (14 * random()), (8 * random())::INTEGER), (random() - 0.5) * 10 ** 4,
        round(random(), 4), trunc((random() - 0.5) * 10 ** (19 * random()))::DOUBLE,
        trunc((random() - 0.5) * 10 ** (18.9 * random()))::BIGINT FROM range(20000)`,
    );
  });

  test('days near and far, and instants around midnight', async () => {
    await expectSame(
      `SELECT setseed(0.5), DATE '2020-01-01' + (2000 * random())::INTEGER,
        DATE '2020-01-01' + ((random() - 0.5) * 3000000)::INTEGER, DATE '0001-01-01' + (20 * random() - 10)::INTEGER,
        DATE '9999-12-25' + (20 * random())::INTEGER, make_timestamp(((random() - 0.5) * 1.8e19)::BIGINT),
        make_timestamp(86400000000 * (2000000 * random() - 1000000)::BIGINT + (3 * random())::BIGINT - 1),
        TIME '00:00:00' + to_microseconds((86399999999 * random())::BIGINT) FROM range(20000)`,
    );
  });

  test('a row longer than what is written at once goes out alone', async () => {
    await expectSame(
      "SELECT i, CASE WHEN i % 40 = 39 THEN repeat('é', 100000) ELSE 'short' END FROM range(100) AS t(i)",
    );
  });

  test('texts from a table of many row groups', async () => {
    await connection.run(`CREATE TABLE texts AS SELECT i, 'customer ' || (i * 7919) % 1000 AS name,
      CASE WHEN i % 9 > 0 THEN md5(i::VARCHAR) END AS hash, repeat('x', i % 40) AS run FROM range(300000) AS t(i)`);
    await expectSame('SELECT * FROM texts');
  });
});
