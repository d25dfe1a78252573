/** A fitted sum of trees: margins, and the predictions they stand for. */
import type { ModelArtifact } from '../artifact.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { Model, ModelTable, ModelTableRequest, Task } from '../estimator.ts';
import type { EncodedRows } from '../layout.ts';
import { logistic, objectiveOf, outputCount, softmax } from './boosting-objective.ts';
import {
  importanceTable,
  importanceTensor,
  restoreImportance,
  type SplitImportance,
} from './split-importance.ts';
import { ensembleTensors, restoreEnsemble, type TreeEnsemble } from './tree-ensemble.ts';
import { addTreeValues } from './tree-sums.ts';

/** Facts of the model beside its tensors; JSON. */
interface BoostedHeader {
  readonly classCount: number;
  readonly baseMargins: readonly number[];
  readonly numericWidth: number;
}

export class BoostedTreeModel implements Model {
  readonly modelType: string;
  readonly task: Task;
  readonly scoreWidth: number;
  readonly #header: BoostedHeader;
  readonly #ensemble: TreeEnsemble;
  readonly #importance: SplitImportance;

  constructor(modelType: string, header: BoostedHeader, ensemble: TreeEnsemble, importance: SplitImportance) {
    this.modelType = modelType;
    this.task = header.classCount === 0 ? 'regression' : 'classification';
    this.scoreWidth = Math.max(1, header.classCount);
    this.#header = header;
    this.#ensemble = ensemble;
    this.#importance = importance;
  }

  static restore(artifact: ModelArtifact): BoostedTreeModel {
    const header = artifact.header as unknown as BoostedHeader;
    return new BoostedTreeModel(
      artifact.modelType,
      header,
      restoreEnsemble(artifact, header.numericWidth, 1),
      restoreImportance(artifact),
    );
  }

  score(rows: EncodedRows, output: Float64Array): void {
    const { classCount, baseMargins } = this.#header;
    if (classCount === 1) {
      output.fill(1, 0, rows.rowCount);
      return;
    }
    const objective = objectiveOf(classCount);
    const width = outputCount(objective, classCount);
    const margins = objective === 'logistic' ? new Float64Array(rows.rowCount) : output;
    for (let row = 0; row < rows.rowCount; row++) margins.set(baseMargins, row * width);
    addTreeValues(this.#ensemble, rows, margins, width);
    if (objective === 'logistic') {
      for (let row = 0; row < rows.rowCount; row++) {
        const probability = logistic(margins[row]!);
        output[2 * row] = 1 - probability;
        output[2 * row + 1] = probability;
      }
    }
    if (objective === 'softmax') {
      for (let row = 0; row < rows.rowCount; row++) softmax(margins, row * width, width);
    }
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
