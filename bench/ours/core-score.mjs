/**
 * node core-score.mjs FILE MODEL TABLE: seconds to score a table's rows from arrays in memory, with the
 * engine's own encoder and model and no SQL, in vectors as the engine scores them. Features are numbers.
 */
import { join } from 'node:path';
import { programFolder } from '../folders.mjs';

const room = (name) => import(join(programFolder, name, 'index.js'));
const [{ openCatalog }, { openDatabase }] = await Promise.all([room('catalog'), room('database')]);
const { decodeArtifact, findEstimator, restoreEncoder } = await room('ml');

const VECTOR_ROWS = 2048;
const [file, modelName, table] = process.argv.slice(2);

/** One Float64Array a feature; NaN is missing. */
async function readColumns(connection, names) {
  const [[count]] = await connection.rows(`SELECT count(*)::INTEGER FROM public.${table}`);
  const columns = names.map(() => new Float64Array(count));
  const select = names.map((name) => `CAST("${name}" AS DOUBLE)`).join(', ');
  const result = await connection.run(`SELECT ${select} FROM public.${table}`);
  let at = 0;
  for await (const batch of result.batches) {
    batch.columns.forEach(({ values, nulls }, index) => {
      const column = columns[index];
      for (let row = 0; row < batch.rowCount; row++)
        column[at + row] = nulls?.[row] ? Number.NaN : values[row];
    });
    at += batch.rowCount;
  }
  if (at !== count) throw new Error(`read ${at} of ${count} rows`);
  return { columns, count };
}

function score({ model, encoder }, { columns, count }) {
  const scores = new Float64Array(count * model.scoreWidth);
  for (let first = 0; first < count; first += VECTOR_ROWS) {
    const end = Math.min(count, first + VECTOR_ROWS);
    const raw = columns.map((column) => ({ kind: 'number', values: column.subarray(first, end) }));
    const encoded = encoder.encode({ rowCount: end - first, columns: raw });
    model.score(encoded, scores.subarray(first * model.scoreWidth, end * model.scoreWidth));
  }
  return scores;
}

const hooks = {
  score: () => {
    throw new Error('no SQL scores here');
  },
  progress: () => [],
};
const database = await openDatabase({ file, threads: 2, memoryLimit: '4GiB', allowedPaths: [] }, hooks);
const connection = await database.connect();
const catalog = openCatalog(connection);
const entry = await catalog.find('public', modelName);
const estimator = findEstimator(entry.modelType);
const loaded = {
  model: estimator.restore(decodeArtifact(await catalog.loadArtifact(entry))),
  encoder: restoreEncoder(entry.encoder),
};
const rows = await readColumns(
  connection,
  loaded.encoder.inputs.map((input) => input.name),
);
await connection.close();
await database.close();
const start = performance.now();
const scores = score(loaded, rows);
const seconds = (performance.now() - start) / 1000;
if (!scores.every(Number.isFinite)) throw new Error('a score is not finite');
process.stdout.write(JSON.stringify({ seconds }));
