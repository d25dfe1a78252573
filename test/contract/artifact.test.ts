/** A model that went through its artifact's bytes scores as before, to the bit; so does its encoder. */
import { describe, expect, test } from 'vitest';
import { decodeArtifact, encodeArtifact, estimators, restoreEncoder } from '../../src/ml/index.ts';
import { fitModel, scoreRows } from '../support/fit-model.ts';
import { contractTable, quickOptions } from './contract-data.ts';

const tables = [
  'weights',
  'advanced_weights',
  'centroids',
  'feature_importance',
  'tree',
  'tree_text',
] as const;

describe.each(estimators.map((estimator) => [estimator.modelType, estimator] as const))(
  '%s',
  (_, estimator) => {
    const table = contractTable(estimator.task, { rowCount: 600 });
    const fresh = contractTable(estimator.task, { rowCount: 200, seed: 99 }).rows;
    const fitted = fitModel(estimator, table, { options: quickOptions(estimator) });

    test('scores the same after encodeArtifact, decodeArtifact and restore', async () => {
      const { model, encoder } = await fitted;
      const restored = estimator.restore(decodeArtifact(encodeArtifact(model.toArtifact())));
      expect(restored.modelType).toBe(model.modelType);
      expect(restored.task).toBe(model.task);
      expect(restored.scoreWidth).toBe(model.scoreWidth);
      expect(scoreRows({ model: restored, encoder }, fresh)).toEqual(scoreRows(await fitted, fresh));
    });

    test('is written the same again', async () => {
      const { model } = await fitted;
      const bytes = encodeArtifact(model.toArtifact());
      expect(Buffer.from(encodeArtifact(estimator.restore(decodeArtifact(bytes)).toArtifact()))).toEqual(
        Buffer.from(bytes),
      );
    });

    test('shows the same tables', async () => {
      const { model, encoder } = await fitted;
      const restored = estimator.restore(decodeArtifact(encodeArtifact(model.toArtifact())));
      const classLabels = ['a', 'b', 'c'];
      let shown = 0;
      for (const name of tables) {
        const request = { name, standardize: false, classLabels };
        const original = model.table(request, encoder);
        expect(restored.table(request, encoder)).toEqual(original);
        if (original === undefined) continue;
        shown++;
        for (const row of original.rows) expect(row).toHaveLength(original.schema.length);
      }
      expect(shown).toBeGreaterThan(0);
    });

    test('has an encoder that survives JSON', async () => {
      const { encoder } = await fitted;
      const restored = restoreEncoder(JSON.parse(JSON.stringify(encoder.toJson())));
      expect(restored.columns).toEqual(encoder.columns);
      expect(restored.encode(fresh)).toEqual(encoder.encode(fresh));
    });
  },
);
