/** A plain DuckDB in this process, to make tables and to judge predictions: it belongs to no contender. */
import { DuckDBInstance } from '@duckdb/node-api';

/** Rows of one query as objects; the database is gone afterwards, with its memory. */
export async function queryDuckDb(sql) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A path as a SQL literal. */
export const literal = (text) => `'${text.replaceAll("'", "''")}'`;
