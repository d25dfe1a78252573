/**
 * Functions that show a model itself: ML.TRAINING_INFO, ML.FEATURE_INFO, ML.WEIGHTS, ML.ADVANCED_WEIGHTS, ML.CENTROIDS,
 * ML.FEATURE_IMPORTANCE, and our ML.DECISION_TREE and ML.DECISION_TREE_TEXT. Source: functions reference, 4 to 7.
 */
import { typeMismatch } from '../../core/index.ts';
import type { ModelTableRequest } from '../../ml/index.ts';
import { booleanSetting } from '../literal.ts';
import type { MlFunction } from '../ml-call.ts';
import { generated } from '../sql-text.ts';
import { relationSql } from '../value-sql.ts';
import { storedTable } from './stored-table.ts';

/** A function over a relation that was stored at training. */
function storedFunction(name: string, table: string): MlFunction {
  return {
    name,
    settings: [],
    relation: 'none',
    takesValue: false,
    bind: async (call, given) => storedTable(given.model.entry, table, call.nameSpan.start),
  };
}

/** A function over a table that the model makes from its learned parts. */
function modelFunction(
  name: string,
  table: ModelTableRequest['name'],
  settings: readonly string[],
  isFor: string,
): MlFunction {
  return {
    name,
    settings,
    relation: 'none',
    takesValue: false,
    async bind(call, given) {
      const { entry, model, encoder } = given.model;
      const standardize = booleanSetting(given.settings.get('standardize'), 'standardize', false);
      const classLabels = (entry.label?.classes ?? []).map(String);
      const shown = model.table({ name: table, standardize, classLabels }, encoder);
      if (shown === undefined) {
        throw typeMismatch(
          `${call.name} is for ${isFor}; model "${entry.name}" is a ${entry.modelType}`,
          call.nameSpan.start,
        );
      }
      return {
        schema: shown.schema,
        sql: generated(relationSql(shown.schema, shown.rows), call.nameSpan.start),
      };
    },
  };
}

export const inspectFunctions: readonly MlFunction[] = [
  storedFunction('ML.TRAINING_INFO', 'training_info'),
  storedFunction('ML.FEATURE_INFO', 'feature_info'),
  modelFunction('ML.WEIGHTS', 'weights', ['standardize'], 'linear and logistic models'),
  modelFunction(
    'ML.ADVANCED_WEIGHTS',
    'advanced_weights',
    ['standardize'],
    'linear and binary logistic models trained with CALCULATE_P_VALUES=TRUE',
  ),
  modelFunction('ML.CENTROIDS', 'centroids', ['standardize'], 'k-means models'),
  modelFunction('ML.FEATURE_IMPORTANCE', 'feature_importance', [], 'trees and forests'),
  modelFunction('ML.DECISION_TREE', 'tree', [], 'decision trees'),
  modelFunction('ML.DECISION_TREE_TEXT', 'tree_text', [], 'decision trees'),
];
