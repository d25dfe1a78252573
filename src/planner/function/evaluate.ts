/** ML.EVALUATE: one row of metrics, of given data or as stored at training. Source: functions reference, 2. */
import { assert } from '../../core/index.ts';
import type { LoadedModel } from '../context.ts';
import { judgedSql } from '../judged-sql.ts';
import { clusteringMetricSql, metricSchema, supervisedMetricSql } from '../metric-sql.ts';
import type { MlFunction } from '../ml-call.ts';
import type { SqlText } from '../sql-text.ts';
import { storedTable } from './stored-table.ts';
import { refuseThreshold, refuseTrial } from './judging-setting.ts';
import { thresholdOf } from './predict.ts';

/** Distances between the centroids of a clustering model, k x k. */
function centroidDistances(loaded: LoadedModel): readonly (readonly number[])[] {
  const table = loaded.model.table(
    { name: 'centroid_distances', standardize: true, classLabels: [] },
    loaded.encoder,
  );
  assert(table !== undefined, 'a clustering model knows the distances between its centroids');
  return table.rows.map((row) => row.map(Number));
}

/** The metrics of a model over an input, as a parenthesised query. */
export function metricsSql(
  loaded: LoadedModel,
  judged: SqlText,
  threshold: string,
  position: number,
): SqlText {
  return loaded.entry.task === 'clustering'
    ? clusteringMetricSql(judged, centroidDistances(loaded), position)
    : supervisedMetricSql(loaded.entry, judged, threshold, position);
}

export const evaluateFunction: MlFunction = {
  name: 'ML.EVALUATE',
  settings: ['threshold', 'trial_id'],
  relation: 'optional',
  takesValue: false,
  async bind(call, given) {
    const position = call.nameSpan.start;
    refuseTrial(call.name, given);
    const threshold = thresholdOf(call, given);
    const { relation, model } = given;
    if (relation === undefined) {
      refuseThreshold(call.name, given);
      return storedTable(model.entry, 'evaluate', position);
    }
    const judged = judgedSql(model, relation.sql, relation.schema, position);
    return { schema: metricSchema(model.entry), sql: metricsSql(model, judged, threshold, position) };
  },
};
