/** Texts that were read go back into a table as they were, whatever lay beside them in memory. */
import { expect, test } from 'vitest';
import { batchesOf } from '../support/batches.ts';
import { openTestDatabase } from '../support/open-database.ts';

test('texts of all lengths go from one table into another', async () => {
  const database = await openTestDatabase();
  const connection = await database.connect();
  await connection.run(`CREATE TABLE texts AS SELECT
    CASE WHEN i % 5 > 0 THEN repeat('é', i % 30) END AS text, 'the number ' || (i * 7919) % 5003 AS name,
    chr(97 + (i % 26)::INTEGER) AS letter FROM range(50000) AS t(i)`);
  const batches = await batchesOf(connection, 'SELECT * FROM texts');
  for (const way of ['append', 'appendParsed'] as const) {
    await connection.run('CREATE OR REPLACE TABLE arrived AS SELECT * FROM texts LIMIT 0');
    const appender = await connection.append(['arrived'], undefined);
    for (const batch of batches) await appender[way](batch);
    expect(await appender.finish()).toBe(50_000);
    const different =
      await connection.rows(`SELECT count(*) FROM arrived AS a JOIN texts AS t ON a.rowid = t.rowid
      WHERE a.text IS DISTINCT FROM t.text OR a.name <> t.name OR a.letter <> t.letter`);
    expect(different).toEqual([[0n]]);
  }
  await connection.close();
  await database.close();
});
