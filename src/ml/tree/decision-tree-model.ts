/** A fitted decision tree: one tree whose every node can be shown. */
import type { ModelArtifact, Tensor } from '../artifact.ts';
import type { ColumnScoring } from '../column-scoring.ts';
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
import type { TreeNodes } from './shown-tree.ts';
import { treeTable } from './tree-table.ts';
import { treeTextTable } from './tree-text.ts';
import { ensembleTensors, restoreEnsemble, tensorData, type TreeEnsemble } from './tree-ensemble.ts';
import { addTreeValues, PACKED_ROWS_MIN, treeColumnForm } from './tree-sums.ts';

interface DecisionTreeHeader {
  readonly classCount: number;
  readonly numericWidth: number;
}

export class DecisionTreeModel implements Model {
  readonly modelType: string;
  readonly task: Task;
  readonly scoreWidth: number;
  readonly #header: DecisionTreeHeader;
  readonly #ensemble: TreeEnsemble;
  readonly #nodes: TreeNodes;
  readonly #importance: SplitImportance;

  constructor(
    modelType: string,
    header: DecisionTreeHeader,
    ensemble: TreeEnsemble,
    nodes: TreeNodes,
    importance: SplitImportance,
  ) {
    this.modelType = modelType;
    this.task = header.classCount === 0 ? 'regression' : 'classification';
    this.scoreWidth = Math.max(1, header.classCount);
    this.#header = header;
    this.#ensemble = ensemble;
    this.#nodes = nodes;
    this.#importance = importance;
  }

  static restore(artifact: ModelArtifact): DecisionTreeModel {
    const header = artifact.header as unknown as DecisionTreeHeader;
    const ensemble = restoreEnsemble(artifact, header.numericWidth, Math.max(1, header.classCount));
    const nodes = {
      gain: tensorData(artifact, 'gain', Float64Array),
      rows: tensorData(artifact, 'rows', Float64Array),
      values: tensorData(artifact, 'values', Float64Array),
    };
    return new DecisionTreeModel(artifact.modelType, header, ensemble, nodes, restoreImportance(artifact));
  }

  score(rows: EncodedRows, output: Float64Array): void {
    output.fill(0, 0, rows.rowCount * this.scoreWidth);
    addTreeValues(this.#ensemble, rows, output, this.scoreWidth);
  }

  columnScoring(scalings: readonly NumberScaling[], rowCount: number): ColumnScoring | 'later' | undefined {
    const form = treeColumnForm(this.#ensemble, scalings, rowCount, this.scoreWidth);
    if (form === undefined || form === 'later') return form;
    const start = new Float64Array(this.scoreWidth);
    return { rowsMin: PACKED_ROWS_MIN, form, start };
  }

  table(request: ModelTableRequest, encoder: FeatureEncoder): ModelTable | undefined {
    const shown = { task: this.task, ensemble: this.#ensemble, nodes: this.#nodes };
    switch (request.name) {
      case 'feature_importance':
        return importanceTable(this.#importance, encoder);
      case 'tree':
        return treeTable(shown, encoder, request.classLabels);
      case 'tree_text':
        return treeTextTable(shown, encoder, request.classLabels);
      default:
        return undefined;
    }
  }

  toArtifact(): ModelArtifact {
    return {
      modelType: this.modelType,
      header: { ...this.#header },
      tensors: [
        ...ensembleTensors(this.#ensemble),
        ...nodeTensors(this.#nodes),
        importanceTensor(this.#importance),
      ],
    };
  }
}

function nodeTensors(nodes: TreeNodes): Tensor[] {
  return (['gain', 'rows', 'values'] as const).map((name) => ({
    name,
    shape: [nodes[name].length],
    data: nodes[name],
  }));
}
