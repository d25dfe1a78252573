/**
 * Measures CREATE MODEL: wall time from the statement to the committed model, phases, peak memory,
 * predictions.
 */
import { literal } from '../data/database.mjs';
import { withServer } from './server.mjs';

const phasePattern = /^\s+(\w+): ([\d.]+) ms/;

/** Seconds of each phase, from what EXPLAIN ANALYZE shows. */
function phasesOf(rows) {
  const lines = rows.map((row) => row['QUERY PLAN']);
  const phases = lines.slice(lines.indexOf('  Phases:') + 1).map((line) => phasePattern.exec(line));
  return Object.fromEntries(
    phases.filter((match) => match !== null).map(([, name, ms]) => [name, Number(ms) / 1000]),
  );
}

const optionText = (options) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? literal(value) : JSON.stringify(value)}`)
    .join(', ');

/** CREATE MODEL of a work; nothing is split off, so that all rows train, as they do with the peers. */
export function createModelSql(name, { modelType, options, label, select, table, isSplit = true }) {
  const labels = label === undefined ? '' : `, INPUT_LABEL_COLS=[${literal(label)}]`;
  const split = isSplit ? ", DATA_SPLIT_METHOD='NO_SPLIT'" : '';
  return `CREATE MODEL ${name} OPTIONS (MODEL_TYPE=${literal(modelType)}${labels}${split}, ${optionText(options)}) AS SELECT ${select} FROM ${table}`;
}

/** Writes id and prediction of a table's rows to a Parquet file. */
function predictToFileSql(name, work, table, output) {
  return `COPY (${predictSql(name, work, table)}) TO ${literal(output)} (FORMAT parquet)`;
}

/** SELECT of id and prediction; for a classifier the probability of label 1, which comes first. */
export function predictSql(name, work, table) {
  const prediction =
    work.modelType.endsWith('_CLASSIFIER') || work.modelType === 'LOGISTIC_REG'
      ? `list_extract(predicted_${work.label}_probs, 1).prob`
      : `predicted_${work.label}`;
  return `SELECT id, ${prediction} AS prediction FROM ML.PREDICT(MODEL ${name}, (SELECT id, ${work.inputs ?? work.features.join(', ')} FROM ${table}))`;
}

/** Wall time and peak memory of one CREATE MODEL on a fresh server, so that the peak is this training's. */
export async function measureStatement(file, work, serverOptions) {
  return withServer(file, (server) => timeStatement(server, work), serverOptions);
}

/** The same, and the phases of a second training, and the predictions of the held-out rows in `output`. */
export async function measureTraining(file, work, output) {
  return withServer(file, async (server) => {
    const measured = await timeStatement(server, work);
    await server.client.query('DROP MODEL measured');
    const { rows } = await server.client.query(`EXPLAIN ANALYZE ${createModelSql('measured', work)}`);
    const phases = phasesOf(rows);
    if (phases.training === undefined) throw new Error('EXPLAIN ANALYZE shows no phase "training"');
    const quality = work.quality === 'inertia' ? await inertia(server) : undefined;
    if (output !== undefined) {
      await server.client.query(predictToFileSql('measured', work, `${work.table}_held_out`, output));
    }
    return { ...measured, core: phases.training, quality, parts: phases };
  });
}

async function timeStatement(server, work) {
  await server.client.query('DROP MODEL IF EXISTS measured');
  const idleBytes = server.residentBytes();
  const sql = await server.time(createModelSql('measured', work));
  return { sql, idleBytes, peakBytes: server.peakBytes() };
}

/** Sum of the training rows' squared distances to their centroids. */
async function inertia(server) {
  const { rows } = await server.client.query(
    `SELECT mean_squared_distance * (SELECT training_rows FROM augur.models WHERE model_name = 'measured') AS inertia
     FROM ML.EVALUATE(MODEL measured)`,
  );
  return Number(rows[0].inertia);
}
