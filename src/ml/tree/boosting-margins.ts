/** The margins of all rows, which live with the rows: trees are added to them, gradients come of them. */
import type { FitContext } from '../estimator.ts';
import { fixedPoint, type FixedPoint } from '../kernel/fixed-point.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import { unitsOf, type BoostingObjective } from './boosting-objective.ts';
import { boostingPass, type BoostingPartial } from './boosting-pass.ts';
import { binnedTrees, type RoundTrees } from './boosting-round.ts';

/** Trees of a round that are added to the margins, times a factor. */
export interface MarginChange {
  readonly trees: RoundTrees;
  readonly factor: number;
}

interface MeanLosses {
  readonly loss: number;
  readonly evaluationLoss: number | undefined;
}

export class BoostingMargins {
  readonly #context: FitContext;
  readonly #objective: BoostingObjective;
  readonly #base: readonly number[];
  readonly #columnCount: number;
  #units: FixedPoint = fixedPoint(1, 1, 1);
  #weight = 0;
  /** Sum of the rows' weighted absolute errors. */
  #error = 0;

  constructor(
    context: FitContext,
    objective: BoostingObjective,
    base: readonly number[],
    columnCount: number,
  ) {
    this.#context = context;
    this.#objective = objective;
    this.#base = base;
    this.#columnCount = columnCount;
  }

  /** Units of the gradients that were written last. */
  get units(): FixedPoint {
    return this.#units;
  }

  /** Writes the first gradients. */
  async start(): Promise<void> {
    await this.#run([], false, 'training');
    await this.#run([], true, 'training');
  }

  /**
   * Adds trees to the margins; gives the mean loss after that, of the evaluation rows too if there are any.
   */
  async update(
    changes: readonly MarginChange[],
    writeGradients: boolean,
    withEvaluation: boolean,
  ): Promise<MeanLosses> {
    const { dataset } = this.#context;
    const trees = changes.flatMap((change) => binnedTrees(change.trees, change.factor, this.#base.length));
    const { loss, weight } = await this.#run(trees, writeGradients, 'training');
    if (!withEvaluation || dataset.evaluationRowCount === 0)
      return { loss: loss / weight, evaluationLoss: undefined };
    const evaluation = await this.#run(trees, false, 'evaluation');
    const evaluationLoss = evaluation.weight > 0 ? evaluation.loss / evaluation.weight : undefined;
    return { loss: loss / weight, evaluationLoss };
  }

  async #run(
    trees: readonly { readonly output: number; readonly tree: BinnedTree }[],
    writeGradients: boolean,
    split: 'training' | 'evaluation',
  ): Promise<BoostingPartial> {
    const { aggregator, dataset } = this.#context;
    if (writeGradients) {
      // No row's error changes by more than the trees' greatest values.
      const change = trees.reduce((sum, { tree }) => sum + greatestSize(tree.value), 0);
      const error = this.#error + this.#weight * change;
      this.#units = unitsOf(this.#objective, dataset.trainingRowCount, this.#weight, error);
    }
    const request = {
      objective: this.#objective,
      base: this.#base,
      columnCount: this.#columnCount,
      trees,
      writeGradients,
      units: this.#units,
    };
    const partial = await aggregator.run(boostingPass, request, split);
    if (split === 'training') {
      this.#weight = partial.weight;
      this.#error = partial.error;
    }
    return partial;
  }
}

function greatestSize(values: Float64Array): number {
  return values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
}
