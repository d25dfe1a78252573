/**
 * node core-score.mjs FILE MODEL TABLE: seconds to score a table's rows from arrays in memory, by the program and the
 * threads that SQL scores with, and no SQL. Features are numbers. The arrays lie where the compiled kernel reads them, as
 * a library's arrays lie where it reads its own; a second thread runs before the time begins, its code is not warm.
 */
import { join } from 'node:path';
import { programFolder } from '../folders.mjs';
import { THREADS } from '../goals.mjs';

const room = (name) => import(join(programFolder, name, 'index.js'));
const [{ openCatalog }, { openDatabase }] = await Promise.all([room('catalog'), room('database')]);
const { createScoringThreads, decodeArtifact, findEstimator, restoreEncoder } = await room('ml');
const { ScoreArena } = await import(join(programFolder, 'ml/kernel/score-arena.js'));
const { placeForm } = await import(join(programFolder, 'ml/kernel/score-form.js'));

const ARENA_BYTES = 3.5 * 1024 ** 3;
const [file, modelName, table] = process.argv.slice(2);

/** Columns of numbers in the arena, one behind the other; NaN is missing. */
async function readColumns(connection, arena, names) {
  const [[count]] = await connection.rows(`SELECT count(*)::INTEGER FROM public.${table}`);
  // The kernel reads a row behind an odd last one.
  const columnBytes = (count + 2) * 8;
  const address = arena.place({}, names.length * columnBytes, () => undefined);
  const columns = names.map(
    (_, index) => new Float64Array(arena.buffer, address + index * columnBytes, count),
  );
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
  return { values: address, columnBytes, count };
}

/** The model's own way from columns; its compilation to a program is part of what is timed. */
function score({ model, encoder }, arena, threads, { values, columnBytes, count }, room) {
  const { form, start, finish } = model.columnScoring(encoder.scalings, count);
  const { outputs, sharedRowsMin } = form;
  const sums = new Float64Array(arena.buffer, room, count * outputs);
  if (start !== undefined) {
    if (outputs === 1) sums.fill(start[0]);
    else for (let row = 0; row < count; row++) sums.set(start, row * outputs);
  }
  const placed = placeForm(arena, form);
  const job = { ...placed, values, sums: room, columnBytes, rowBytes: 8, rowCount: count, outputs };
  threads.run(arena, { ...job, sharedRowsMin });
  if (finish === undefined) return sums;
  const scores = new Float64Array(count * model.scoreWidth);
  finish(sums, count, scores);
  return scores;
}

const refuse = () => {
  throw new Error('no SQL scores here');
};
const hooks = {
  score: refuse,
  scoreNumbers: refuse,
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
const arena = new ScoreArena(ARENA_BYTES);
const names = loaded.encoder.inputs.map((input) => input.name);
const rows = await readColumns(connection, arena, names);
const outputs = Math.max(1, loaded.model.scoreWidth);
const sumsAddress = arena.place({}, rows.count * outputs * 8, () => undefined);
await connection.close();
await database.close();
const threads = createScoringThreads(THREADS);
threads.start(arena);
await new Promise((resolve) => setTimeout(resolve, 500));
const start = performance.now();
const scores = score(loaded, arena, threads, rows, sumsAddress);
const seconds = (performance.now() - start) / 1000;
await threads.close();
if (!scores.every(Number.isFinite)) throw new Error('a score is not finite');
process.stdout.write(JSON.stringify({ seconds }));
