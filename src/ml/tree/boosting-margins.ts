/** The margins of all rows, which live with the rows: trees are added to them, gradients come of them. */
import { assert } from '../../core/index.ts';
import type { Split as DataSplit } from '../dataset.ts';
import type { FitContext } from '../estimator.ts';
import { fixedPoint, type FixedPoint } from '../kernel/fixed-point.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import { unitsAfter, type BoostingObjective, type ObjectiveBounds } from './boosting-objective.ts';
import { boostingPass } from './boosting-pass.ts';
import type { BoostingPartial } from './boosting-request.ts';
import { OrderedMerge } from '../ordered-merge.ts';
import { binnedTrees, type RoundTrees } from './boosting-round.ts';
import { BOOST_SUMS, type BoostedRecords, type RecordBoost } from './record-boost-order.ts';
import { recordMarginPass } from './record-boosting.ts';
import { weightPass, type WeightFacts } from './weight-pass.ts';

/** Trees of a round that are added to the margins, times a factor. */
export interface MarginChange {
  readonly trees: RoundTrees;
  readonly factor: number;
}

/** How rows are held: as records, or as bins. */
export interface MarginRows {
  readonly columnCount: number;
  readonly usesRecords: boolean;
}

interface MeanLosses {
  readonly loss: number;
  readonly evaluationLoss: number | undefined;
}

export class BoostingMargins {
  readonly #context: FitContext;
  readonly #objective: BoostingObjective;
  readonly #base: readonly number[];
  readonly #rows: MarginRows;
  /** Splits whose records have their labels and numbers. */
  readonly #started = new Set<DataSplit>();
  #units: FixedPoint = fixedPoint(1, 1, 1);
  readonly #weights: Record<DataSplit, WeightFacts> = {
    training: { sum: 0, max: 0, isPositive: false, isPlain: false },
    evaluation: { sum: 0, max: 0, isPositive: false, isPlain: false },
  };
  /** Sum of the rows' weighted absolute errors, and the greatest of them. */
  #error = 0;
  #errorMax = 0;

  constructor(context: FitContext, objective: BoostingObjective, base: readonly number[], rows: MarginRows) {
    this.#context = context;
    this.#objective = objective;
    this.#base = base;
    this.#rows = rows;
  }

  /** Units of the gradients that were written last. */
  get units(): FixedPoint {
    return this.#units;
  }

  /** Whether all training rows have weight; known after the start. */
  get everyRowWeighs(): boolean {
    return this.#weights.training.isPositive;
  }

  /** Writes the first gradients. */
  async start(): Promise<void> {
    const { aggregator, dataset } = this.#context;
    const splits: DataSplit[] = dataset.evaluationRowCount > 0 ? ['training', 'evaluation'] : ['training'];
    for (const split of splits) this.#weights[split] = await aggregator.run(weightPass, null, split);
    if (this.#objective === 'squared') await this.#run([], false, false, 'training');
    await this.#run([], false, true, 'training');
  }

  /** What a team is to do with a tree on the training rows: leaf values times `rate` are added. */
  step(rate: number, writeGradients: boolean): RecordBoost {
    const objective = this.#objective;
    assert(objective !== 'softmax', 'records have one output');
    return {
      objective,
      base: this.#base[0]!,
      rate,
      isUnweighted: this.#weights.training.isPlain,
      writeGradients,
      rowCount: this.#context.dataset.trainingRowCount,
      bounds: this.#bounds(),
    };
  }

  #bounds(): ObjectiveBounds {
    const { sum, max } = this.#weights.training;
    return { weight: sum, weightMax: max, error: this.#error, errorMax: this.#errorMax };
  }

  /**
   * Adds trees to the margins; gives the mean loss after that, of the evaluation rows too if there are any. `isGrown`:
   * whether the last tree was grown since the last update. `done`: what a team did already, on the training rows.
   */
  async update(
    changes: readonly MarginChange[],
    isGrown: boolean,
    writeGradients: boolean,
    withEvaluation: boolean,
    done?: BoostedRecords,
  ): Promise<MeanLosses> {
    const { dataset } = this.#context;
    const trees = changes.flatMap((change) => binnedTrees(change.trees, change.factor, this.#base.length));
    const { training, evaluation } = this.#weights;
    const partial =
      done === undefined ? await this.#run(trees, isGrown, writeGradients, 'training') : this.#take(done);
    const loss = partial.loss / training.sum;
    if (!withEvaluation || dataset.evaluationRowCount === 0) return { loss, evaluationLoss: undefined };
    const evaluated = await this.#run(trees, false, false, 'evaluation');
    return { loss, evaluationLoss: evaluation.sum > 0 ? evaluated.loss / evaluation.sum : undefined };
  }

  #take({ sums, units }: BoostedRecords): BoostingPartial {
    const merged = new OrderedMerge<BoostingPartial>((left, right) => boostingPass.merge(left, right));
    for (let at = 0; at < sums.length; at += BOOST_SUMS)
      merged.add({ loss: sums[at]!, error: sums[at + 1]!, errorMax: sums[at + 2]! });
    this.#units = units;
    return this.#note(merged.finish()!);
  }

  #note(partial: BoostingPartial): BoostingPartial {
    this.#error = partial.error;
    this.#errorMax = partial.errorMax;
    return partial;
  }

  /** Keeps the margins of all rows, in the order of rows, where they are in records. */
  async finish(): Promise<void> {
    if (!this.#rows.usesRecords) return;
    const { columnCount } = this.#rows;
    const request = { objective: this.#objective, base: this.#base[0]!, columnCount };
    for (const split of this.#started) await this.#context.aggregator.run(recordMarginPass, request, split);
  }

  async #run(
    trees: readonly { readonly output: number; readonly tree: BinnedTree }[],
    isGrown: boolean,
    writeGradients: boolean,
    split: DataSplit,
  ): Promise<BoostingPartial> {
    const { aggregator, dataset } = this.#context;
    if (writeGradients) {
      const binned = trees.map(({ tree }) => tree);
      this.#units = unitsAfter(this.#objective, dataset.trainingRowCount, this.#bounds(), binned);
    }
    const request = {
      objective: this.#objective,
      base: this.#base,
      ...this.#rows,
      trees,
      isFirst: !this.#started.has(split),
      isUnweighted: this.#weights[split].isPlain,
      isGrown,
      writeGradients,
      units: this.#units,
    };
    this.#started.add(split);
    const partial = await aggregator.run(boostingPass, request, split);
    return split === 'training' ? this.#note(partial) : partial;
  }
}
