/** Texts as UTF-8 against what the database itself says they are, wherever they lie in memory. */
import { afterAll, expect, test } from 'vitest';
import { sliceBatch, valueAt } from '../../src/core/index.ts';
import { batchesOf } from '../support/batches.ts';
import { openTestDatabase } from '../support/open-database.ts';

const database = await openTestDatabase();
const connection = await database.connect();
afterAll(async () => {
  await connection.close();
  await database.close();
});

/** Compares the column `text` with the column `bytes`, its UTF-8 as a BLOB. */
async function expectSame(sql: string): Promise<void> {
  let rowCount = 0;
  for (const batch of await batchesOf(connection, sql)) {
    const [text, bytes] = [batch.columns[0]!, batch.columns[1]!];
    const { heap, starts, lengths } = text.utf8!;
    for (let row = 0; row < batch.rowCount; row++) {
      const expected = valueAt(bytes, row) as Uint8Array | null;
      const found = heap.subarray(starts[row], starts[row]! + lengths[row]!);
      expect(Buffer.from(expected ?? []).equals(found)).toBe(true);
      expect(valueAt(text, row)).toBe(expected === null ? null : Buffer.from(expected).toString('utf8'));
    }
    rowCount += batch.rowCount;
  }
  expect(rowCount).toBeGreaterThan(0);
}

const withBytes = (text: string, from: string): string =>
  `SELECT text, encode(text) AS bytes FROM (SELECT ${text} AS text FROM ${from})`;

test('texts of all lengths, NULLs among them', async () => {
  await expectSame(withBytes("CASE WHEN i % 5 > 0 THEN repeat('é', i % 50) END", 'range(5000) AS t(i)'));
});

test('texts in the order of a vector, from several places', async () => {
  await expectSame(
    withBytes("CASE WHEN i % 2 = 0 THEN md5(i::VARCHAR) ELSE 'a constant text' END", 'range(9000) AS t(i)'),
  );
});

test('texts of a dictionary, in any order and again and again', async () => {
  await connection.run(
    "CREATE TABLE repeated AS SELECT 'the category ' || (i * 7919) % 911 AS name FROM range(200000) AS t(i)",
  );
  await connection.run('CHECKPOINT');
  await expectSame('SELECT name, encode(name) FROM repeated LIMIT 20000');
  await expectSame('SELECT name, encode(name) FROM repeated ORDER BY hash(name) LIMIT 5000');
});

test('texts far from each other', async () => {
  await expectSame(
    withBytes('repeat(chr(97 + (i % 26)::INTEGER), (i * 7919 % 20000)::INTEGER)', 'range(300) AS t(i)'),
  );
});

test('parts of a batch', async () => {
  const [batch] = await batchesOf(connection, "SELECT 'number ' || i || ' of them' FROM range(100) AS t(i)");
  const part = sliceBatch(batch!, 10, 20);
  expect(part.columns[0]!.values[0]).toBe('number 10 of them');
  expect(part.columns[0]!.values).toHaveLength(10);
});
