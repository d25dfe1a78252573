/** A fitted forest: the mean of its trees' leaves. */
import type { ModelArtifact } from '../artifact.ts';
import type { ColumnScoring } from '../column-scoring.ts';
import type { WorkspaceArray } from '../dataset.ts';
import type { NumberScaling } from '../encode/number-scaling.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { Model, ModelTable, ModelTableRequest, Task } from '../estimator.ts';
import type { EncodedRows } from '../layout.ts';
import {
  importanceTable,
  importanceTensor,
  restoreImportance,
  type SplitImportance,
} from './split-importance.ts';
import { ensembleTensors, restoreEnsemble, treeCount, type TreeEnsemble } from './tree-ensemble.ts';
import { addTreeValues, PACKED_ROWS_MIN, treeColumnForm } from './tree-sums.ts';

interface ForestHeader {
  readonly classCount: number;
  readonly numericWidth: number;
}

export class RandomForestModel implements Model {
  readonly modelType: string;
  readonly task: Task;
  readonly scoreWidth: number;
  readonly keptScores: string | undefined;
  readonly #header: ForestHeader;
  readonly #ensemble: TreeEnsemble;
  readonly #importance: SplitImportance;

  /** `keptScores`: workspace of the training with the summed leaves of its rows. */
  constructor(
    modelType: string,
    header: ForestHeader,
    ensemble: TreeEnsemble,
    importance: SplitImportance,
    keptScores?: string,
  ) {
    this.keptScores = keptScores;
    this.modelType = modelType;
    this.task = header.classCount === 0 ? 'regression' : 'classification';
    this.scoreWidth = Math.max(1, header.classCount);
    this.#header = header;
    this.#ensemble = ensemble;
    this.#importance = importance;
  }

  static restore(artifact: ModelArtifact): RandomForestModel {
    const header = artifact.header as unknown as ForestHeader;
    const ensemble = restoreEnsemble(artifact, header.numericWidth, Math.max(1, header.classCount));
    return new RandomForestModel(artifact.modelType, header, ensemble, restoreImportance(artifact));
  }

  score(rows: EncodedRows, output: Float64Array): void {
    const count = rows.rowCount * this.scoreWidth;
    output.fill(0, 0, count);
    addTreeValues(this.#ensemble, rows, output, this.scoreWidth);
    this.#divide(output, count);
  }

  /** `kept` is the sum of all trees' leaves, row-major. */
  scoreKept(kept: WorkspaceArray, first: number, count: number, output: Float64Array): void {
    const width = this.scoreWidth;
    output.set(kept.subarray(first * width, (first + count) * width));
    this.#divide(output, count * width);
  }

  #divide(sums: Float64Array, count: number): void {
    const trees = treeCount(this.#ensemble);
    for (let index = 0; index < count; index++) sums[index] = sums[index]! / trees;
  }

  columnScoring(scalings: readonly NumberScaling[], rowCount: number): ColumnScoring | 'later' | undefined {
    const form = treeColumnForm(this.#ensemble, scalings, rowCount, this.scoreWidth);
    if (form === undefined || form === 'later') return form;
    const start = new Float64Array(this.scoreWidth);
    const trees = treeCount(this.#ensemble);
    const finish: ColumnScoring['finish'] = (sums, _rowCount, output) => {
      for (let index = 0; index < sums.length; index++) output[index] = sums[index]! / trees;
    };
    return { rowsMin: PACKED_ROWS_MIN, form, start, finish };
  }

  table(request: ModelTableRequest, encoder: FeatureEncoder): ModelTable | undefined {
    return request.name === 'feature_importance' ? importanceTable(this.#importance, encoder) : undefined;
  }

  toArtifact(): ModelArtifact {
    return {
      modelType: this.modelType,
      header: { ...this.#header },
      tensors: [...ensembleTensors(this.#ensemble), importanceTensor(this.#importance)],
    };
  }
}
