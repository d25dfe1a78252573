/** A fitted sum of trees: margins, and the predictions they stand for. */
import type { ModelArtifact } from '../artifact.ts';
import type { ColumnScoring } from '../column-scoring.ts';
import type { WorkspaceArray } from '../dataset.ts';
import type { NumberScaling } from '../encode/number-scaling.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { Model, ModelTable, ModelTableRequest, Task } from '../estimator.ts';
import type { EncodedRows } from '../layout.ts';
import { logistic, objectiveOf, softmax } from './boosting-objective.ts';
import {
  importanceTable,
  importanceTensor,
  restoreImportance,
  type SplitImportance,
} from './split-importance.ts';
import { ensembleTensors, restoreEnsemble, type TreeEnsemble } from './tree-ensemble.ts';
import { addTreeValues, PACKED_ROWS_MIN, treeColumnForm } from './tree-sums.ts';

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
  readonly keptScores: string | undefined;
  readonly #header: BoostedHeader;
  readonly #ensemble: TreeEnsemble;
  readonly #importance: SplitImportance;

  /** `keptScores`: workspace of the training with the margins of its rows. */
  constructor(
    modelType: string,
    header: BoostedHeader,
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
    const { rowCount } = rows;
    const margins = classCount === 2 ? new Float64Array(rowCount) : output;
    if (classCount !== 1) {
      for (let row = 0; row < rowCount; row++) margins.set(baseMargins, row * baseMargins.length);
      addTreeValues(this.#ensemble, rows, margins, baseMargins.length);
    }
    this.#link(margins, rowCount, output);
  }

  columnScoring(scalings: readonly NumberScaling[], rowCount: number): ColumnScoring | 'later' | undefined {
    const { classCount, baseMargins } = this.#header;
    if (classCount === 1) return undefined;
    const form = treeColumnForm(this.#ensemble, scalings, rowCount, baseMargins.length);
    if (form === undefined || form === 'later') return form;
    if (classCount === 0) return { rowsMin: PACKED_ROWS_MIN, form, start: baseMargins };
    const finish: ColumnScoring['finish'] = (sums, count, output) => {
      if (classCount !== 2) output.set(sums);
      this.#link(classCount === 2 ? sums : output, count, output);
    };
    return { rowsMin: PACKED_ROWS_MIN, form, start: baseMargins, finish };
  }

  /** `kept` is what boosting added up: a column of margins an output, without the base. */
  scoreKept(kept: WorkspaceArray, first: number, count: number, output: Float64Array): void {
    const { classCount, baseMargins } = this.#header;
    const width = baseMargins.length;
    const columnLength = kept.length / width;
    const margins = classCount === 2 ? new Float64Array(count) : output;
    baseMargins.forEach((base, column) => {
      const start = column * columnLength + first;
      for (let row = 0; row < count; row++) margins[row * width + column] = base + kept[start + row]!;
    });
    this.#link(margins, count, output);
  }

  /** Margins, row-major, to predictions. */
  #link(margins: Float64Array, rowCount: number, output: Float64Array): void {
    const { classCount } = this.#header;
    if (classCount === 1) {
      output.fill(1, 0, rowCount);
      return;
    }
    const objective = objectiveOf(classCount);
    if (objective === 'logistic') {
      for (let row = 0; row < rowCount; row++) {
        const probability = logistic(margins[row]!);
        output[2 * row] = 1 - probability;
        output[2 * row + 1] = probability;
      }
    }
    if (objective === 'softmax') {
      for (let row = 0; row < rowCount; row++) softmax(margins, row * classCount, classCount);
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
