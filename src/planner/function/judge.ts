/** ML.CONFUSION_MATRIX and ML.ROC_CURVE: classifiers only. Source: functions reference, 3. */
import { invalidOption, typeMismatch } from '../../core/index.ts';
import { confusionSchema, confusionSql, rocSchema, rocSql } from '../confusion-sql.ts';
import { judgedSql } from '../judged-sql.ts';
import type { MlFunction } from '../ml-call.ts';
import { isBinary } from '../prediction-sql.ts';
import { findColumn } from '../score-sql.ts';
import { refuseThreshold, refuseTrial } from './judging-setting.ts';
import { thresholdOf } from './predict.ts';
import { storedTable } from './stored-table.ts';

export const confusionMatrixFunction: MlFunction = {
  name: 'ML.CONFUSION_MATRIX',
  settings: ['threshold', 'trial_id'],
  relation: 'optional',
  takesValue: false,
  async bind(call, given) {
    const position = call.nameSpan.start;
    const { model, relation } = given;
    refuseTrial(call.name, given);
    if (model.entry.task !== 'classification') {
      throw typeMismatch(
        `${call.name} is for classifiers; model "${model.entry.name}" is a ${model.entry.modelType}`,
        position,
      );
    }
    const threshold = thresholdOf(call, given);
    if (relation === undefined) {
      refuseThreshold(call.name, given);
      return storedTable(model.entry, 'confusion_matrix', position);
    }
    const judged = judgedSql(model, relation.sql, relation.schema, position);
    const actual = findColumn(relation.schema, model.entry.label!.name)!;
    return {
      schema: confusionSchema(model.entry, actual.type),
      sql: confusionSql(model.entry, judged, threshold, position),
    };
  },
};

export const rocCurveFunction: MlFunction = {
  name: 'ML.ROC_CURVE',
  settings: ['trial_id'],
  relation: 'optional',
  takesValue: true,
  async bind(call, given) {
    const position = call.nameSpan.start;
    const { model, relation } = given;
    refuseTrial(call.name, given);
    if (!isBinary(model.entry)) {
      throw typeMismatch(
        `${call.name} is for binary classifiers; model "${model.entry.name}" is none`,
        position,
      );
    }
    if (relation === undefined) {
      if (given.value !== undefined)
        throw invalidOption(`${call.name}: thresholds need data to judge`, given.value.position);
      return storedTable(model.entry, 'roc_curve', position);
    }
    const judged = judgedSql(model, relation.sql, relation.schema, position);
    return { schema: rocSchema, sql: rocSql(judged, given.value, position) };
  },
};
