/**
 * Second-order gradient boosting on histograms. Source: Chen and Guestrin, XGBoost (2016); option semantics
 * from the statements reference, 2.6 and 3.10.
 *
 *   margins -> gradients -> one tree an output (times NUM_PARALLEL_TREE) -> margins -> loss -> stop or again
 */
import type { Split as DataSplit } from '../dataset.ts';
import type { FitContext } from '../estimator.ts';
import type { RoundTrees } from './boosting-round.ts';
import { learnBins, type BinMapper } from './bin-mapper.ts';
import { BoostedTreeModel } from './boosted-tree-model.ts';
import { baseMargins, objectiveOf, outputCount, type BoostingObjective } from './boosting-objective.ts';
import { MARGIN_WORKSPACE } from './boosting-pass.ts';
import { mixSeed } from './column-sampler.ts';
import { GradientCriterion, leafValue, type NewtonPenalty } from './criterion.ts';
import { BoostingMargins, type MarginChange } from './boosting-margins.ts';
import { drawDropped, dropoutWeights } from './dropout.ts';
import { allocateGrowth, rulesOf, slotCount } from './growth-workspace.ts';
import { classPriors, meanLabel } from './label-pass.ts';
import { NODE_WORKSPACE } from './node-runs.ts';
import type { BoostedRecords } from './record-boost-order.ts';
import { RECORD_MARGIN_WORKSPACE } from './record-boosting.ts';
import { RecordGrower } from './record-grower.ts';
import { learnRecords } from './row-records.ts';
import { addSplits, splitImportance } from './split-importance.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { EnsembleBuilder } from './tree-ensemble.ts';
import { TreeGrower } from './tree-grower.ts';

/** Bins of a numeric column. */
export const BOOSTING_BINS = 255;
const DROPOUT_STREAM = 7;

/** Whether a fit with so many trees a round holds its rows as records, in which one tree at a time can stand. */
export function usesRecords(treesPerRound: number): boolean {
  return treesPerRound === 1;
}

/** What one round brings. */
interface Round {
  readonly changes: MarginChange[];
  /** What was done with them on the training rows already, if anything was. */
  readonly boosted: BoostedRecords | undefined;
}

/** One fit of a boosted tree model. */
export class Boosting {
  readonly #context: FitContext;
  readonly #modelType: string;
  readonly #classCount: number;
  readonly #objective: BoostingObjective;
  readonly #outputs: number;
  readonly #learnRate: number;
  readonly #dropout: number;
  readonly #treesPerRound: number;
  readonly #usesRecords: boolean;
  readonly #penalty: NewtonPenalty;
  readonly #rounds: RoundTrees[] = [];

  constructor(context: FitContext, modelType: string) {
    const { dataset, options } = context;
    this.#context = context;
    this.#modelType = modelType;
    this.#classCount = dataset.classCount;
    this.#objective = objectiveOf(dataset.classCount);
    this.#outputs = outputCount(this.#objective, dataset.classCount);
    this.#treesPerRound = this.#outputs * options.number('NUM_PARALLEL_TREE');
    this.#usesRecords = usesRecords(this.#treesPerRound);
    this.#learnRate = options.number('LEARN_RATE');
    this.#penalty = { l1: options.number('L1_REG'), l2: options.number('L2_REG') };
    this.#dropout = options.text('BOOSTER_TYPE') === 'DART' ? options.number('DROPOUT') : 0;
  }

  async fit(): Promise<BoostedTreeModel> {
    const mapper = await this.#bins();
    const base = await this.#base();
    if (this.#classCount === 1) this.#context.report({ iteration: 1, loss: 0, durationMs: 0 });
    else await this.#boost(mapper, base);
    return this.#model(mapper, base);
  }

  async #bins(): Promise<BinMapper> {
    const { aggregator, dataset } = this.#context;
    const splits: DataSplit[] = dataset.evaluationRowCount > 0 ? ['training', 'evaluation'] : ['training'];
    const request = {
      numericBins: BOOSTING_BINS,
      categoryOrder: () => 'single' as const,
      outputs: this.#outputs,
    };
    return this.#usesRecords
      ? learnRecords(aggregator, dataset, request, splits)
      : learnBins(aggregator, dataset, request, splits);
  }

  async #base(): Promise<number[]> {
    const { aggregator } = this.#context;
    if (this.#classCount === 0)
      return baseMargins('squared', new Float64Array(0), await meanLabel(aggregator));
    const priors = await classPriors(aggregator, this.#classCount);
    return this.#classCount === 1 ? [0] : baseMargins(this.#objective, priors, 0);
  }

  async #boost(mapper: BinMapper, base: readonly number[]): Promise<void> {
    const { aggregator, dataset, options } = this.#context;
    const slots = this.#usesRecords ? 1 : slotCount(this.#treesPerRound, dataset, mapper, 0);
    if (this.#usesRecords) aggregator.allocate(NODE_WORKSPACE, 'int32', 1);
    else allocateGrowth(aggregator, slots);
    if (!this.#usesRecords) aggregator.allocate(MARGIN_WORKSPACE, 'float64', this.#outputs);
    const depth = options.number('MAX_TREE_DEPTH');
    const penalty = this.#penalty;
    const iterations = options.number('MAX_ITERATIONS');
    const margins = new BoostingMargins(this.#context, this.#objective, base, {
      columnCount: mapper.columns.length,
      usesRecords: this.#usesRecords,
    });
    await margins.start();
    const { everyRowWeighs } = margins;
    const rules = { ...rulesOf(options, depth === 0 ? Infinity : depth), everyRowWeighs };
    const grower = this.#usesRecords
      ? new RecordGrower(aggregator, mapper, rules, penalty, dataset)
      : new TreeGrower(aggregator, mapper, rules, new GradientCriterion('newton', penalty, 1, undefined), 0);
    let previous: number | undefined;
    for (let iteration = 1; iteration <= iterations; iteration++) {
      const start = performance.now();
      await aggregator.checkpoint();
      const isLast = iteration === iterations;
      const { changes, boosted } = await this.#round(grower, margins, iteration, slots, isLast);
      const { loss, evaluationLoss } = await margins.update(changes, true, !isLast, true, boosted);
      const durationMs = performance.now() - start;
      this.#context.report({ iteration, loss, evaluationLoss, learningRate: this.#learnRate, durationMs });
      const watched = evaluationLoss ?? loss;
      if (this.#shouldStop(previous, watched)) break;
      previous = watched;
    }
    await margins.finish();
  }

  #shouldStop(previous: number | undefined, loss: number): boolean {
    const { options } = this.#context;
    if (!options.flag('EARLY_STOP') || previous === undefined) return false;
    return previous <= 0 || (previous - loss) / previous < options.number('MIN_REL_PROGRESS');
  }

  /** Grows the trees of one round. */
  async #round(
    grower: TreeGrower | RecordGrower,
    margins: BoostingMargins,
    iteration: number,
    slots: number,
    isLast: boolean,
  ): Promise<Round> {
    const { options, seed } = this.#context;
    const dropped = this.#dropout === 0 ? [] : this.#drawDropped(iteration);
    if (dropped.length > 0) {
      const removals = dropped.map((trees): MarginChange => ({ trees, factor: -trees.weight }));
      await margins.update(removals, false, true, true);
    }
    const rate = this.#learnRate / options.number('NUM_PARALLEL_TREE');
    const trees: TreeBuilder[] = [];
    let boosted: BoostedRecords | undefined;
    for (let first = 0; first < this.#treesPerRound; first += slots) {
      const plans = Array.from({ length: Math.min(slots, this.#treesPerRound - first) }, (_, index) => ({
        output: (first + index) % this.#outputs,
        seed: mixSeed(seed, iteration, first + index),
      }));
      if (grower instanceof RecordGrower && dropped.length === 0) {
        const grown = await grower.growAndBoost(plans[0]!, margins.units, margins.step(rate, !isLast));
        trees.push(grown.tree);
        ({ boosted } = grown);
      } else trees.push(...(await grower.grow(plans, margins.units)));
    }
    const weights = dropoutWeights(options.text('DART_NORMALIZE_TYPE'), dropped.length, this.#learnRate);
    for (const old of dropped) old.weight *= weights.dropped;
    const added: RoundTrees = {
      trees,
      weight: weights.added,
      leaf: (sums) => rate * leafValue(sums, this.#penalty),
    };
    this.#rounds.push(added);
    const changes = [...dropped, added].map((round) => ({ trees: round, factor: round.weight }));
    return { changes, boosted };
  }

  #drawDropped(iteration: number): RoundTrees[] {
    const seed = mixSeed(this.#context.seed, iteration, DROPOUT_STREAM);
    return drawDropped(this.#rounds.length, this.#dropout, seed).map((round) => this.#rounds[round]!);
  }

  #model(mapper: BinMapper, base: readonly number[]): BoostedTreeModel {
    const { layout } = this.#context.dataset;
    const ensemble = new EnsembleBuilder(mapper, layout.numericWidth, 1);
    const importance = splitImportance(layout);
    for (const { trees, weight, leaf } of this.#rounds) {
      for (const tree of trees) {
        const nodes = ensemble.add(tree, (node) => [weight * leaf(tree.sums[node]!)]);
        addSplits(importance, tree, nodes, mapper, layout, (sums) => sums[1]!);
      }
    }
    const header = { classCount: this.#classCount, baseMargins: base, numericWidth: layout.numericWidth };
    const margins = this.#usesRecords ? RECORD_MARGIN_WORKSPACE : MARGIN_WORKSPACE;
    const kept = this.#classCount === 1 ? undefined : margins;
    return new BoostedTreeModel(this.#modelType, header, ensemble.build(), importance, kept);
  }
}
