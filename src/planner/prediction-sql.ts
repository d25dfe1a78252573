/**
 * From scores to predictions: the expressions that ML.PREDICT and the judging functions put over the score column.
 * Source: functions reference, 1.2 and 1.3.
 */
import { listOf, structOf, Types, type Column, type SqlType } from '../core/index.ts';
import type { ModelEntry } from '../catalog/index.ts';
import { SCORES } from './score-sql.ts';
import { valueSql } from './value-sql.ts';

/** The classes of a classifier as a SQL list, ascending. */
function classListSql(entry: ModelEntry): string {
  return valueSql(entry.label!.classes, listOf(entry.label!.type));
}

/** Whether a classifier has the two classes that make a threshold meaningful. */
export function isBinary(entry: ModelEntry): boolean {
  return entry.task === 'classification' && entry.label!.classes.length === 2;
}

/** The predicted class. Binary: the greater label when its probability is above the threshold. Else the most probable. */
export function predictedClassSql(entry: ModelEntry, threshold: string): string {
  const { classes, type } = entry.label!;
  if (classes.length === 2) {
    const [negative, positive] = classes.map((label) => valueSql(label, type));
    return `CASE WHEN ${SCORES}[2] > ${threshold} THEN ${positive!} ELSE ${negative!} END`;
  }
  return `(${classListSql(entry)})[list_position(${SCORES}, list_max(${SCORES}))]`;
}

/** Type of `predicted_<label>_probs`. */
function probabilitiesType(label: SqlType): SqlType {
  return listOf(structOf({ name: 'label', type: label }, { name: 'prob', type: Types.float8 }));
}

/** All classes with their probabilities: binary the positive first, else by falling probability, ties by label. */
function probabilitiesSql(entry: ModelEntry): string {
  const { classes, type } = entry.label!;
  if (classes.length === 2) {
    const [negative, positive] = classes.map((label) => valueSql(label, type));
    return `[{'label': ${positive!}, 'prob': ${SCORES}[2]}, {'label': ${negative!}, 'prob': ${SCORES}[1]}]`;
  }
  const ordered = `list_sort(list_transform(range(1, ${classes.length + 1}), lambda "__i": {'p': -${SCORES}["__i"], 'i': "__i"}))`;
  const labels = classListSql(entry);
  return `list_transform(${ordered}, lambda "__e": {'label': (${labels})["__e".i], 'prob': ${SCORES}["__e".i]})`;
}

/** Number of nearest centroids that ML.PREDICT lists. */
export const NEAREST_CENTROIDS_MAX = 5;

/** Columns of ML.PREDICT's own, in order. */
export function predictionColumns(entry: ModelEntry): readonly Column[] {
  if (entry.task === 'regression') return [{ name: `predicted_${entry.label!.name}`, type: Types.float8 }];
  if (entry.task === 'classification') {
    const { name, type } = entry.label!;
    return [
      { name: `predicted_${name}`, type },
      { name: `predicted_${name}_probs`, type: probabilitiesType(type) },
    ];
  }
  const nearest = structOf(
    { name: 'CENTROID_ID', type: Types.int8 },
    { name: 'DISTANCE', type: Types.float8 },
  );
  return [
    { name: 'CENTROID_ID', type: Types.int8 },
    { name: 'NEAREST_CENTROIDS_DISTANCE', type: listOf(nearest) },
  ];
}

/** The expressions of those columns over the score column, in the same order. */
export function predictionExpressions(entry: ModelEntry, threshold: string): readonly string[] {
  if (entry.task === 'regression') return [`${SCORES}[1]`];
  if (entry.task === 'classification') return [predictedClassSql(entry, threshold), probabilitiesSql(entry)];
  const pairs = `list_transform(range(1, len(${SCORES}) + 1), lambda "__i": {'d': ${SCORES}["__i"], 'i': "__i"})`;
  const nearest = `list_slice(list_sort(${pairs}), 1, ${NEAREST_CENTROIDS_MAX})`;
  return [
    `CAST(list_position(${SCORES}, list_min(${SCORES})) AS BIGINT)`,
    `list_transform(${nearest}, lambda "__e": {'CENTROID_ID': CAST("__e".i AS BIGINT), 'DISTANCE': "__e".d})`,
  ];
}
