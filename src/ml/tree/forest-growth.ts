/** One fit of a random forest: a tree a task, or waves of trees that share their passes. */
import type { Split as DataSplit } from '../dataset.ts';
import type { FitContext } from '../estimator.ts';
import { learnBins, type BinMapper } from './bin-mapper.ts';
import { mixSeed } from './column-sampler.ts';
import { forestLossPass, FOREST_SUM_WORKSPACE } from './forest-loss-pass.ts';
import type { GrowthRules } from './growth.ts';
import { allocateGrowth, rulesOf, slotCount } from './growth-workspace.ts';
import { writeLabelFacts } from './label-facts-pass.ts';
import { classPriors, meanLabel } from './label-pass.ts';
import { meanTarget, shareTarget, type LabelTarget } from './leaf-mean.ts';
import { growByTree } from './forest-by-tree.ts';
import { RandomForestModel } from './random-forest-model.ts';
import { addSplits, splitImportance, type SplitImportance } from './split-importance.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { EnsembleBuilder, type TreeEnsemble } from './tree-ensemble.ts';
import { TreeGrower } from './tree-grower.ts';
import { rangeStarts, treeRange } from './tree-range.ts';

/** Bins of a numeric column. */
export const FOREST_BINS = 255;
/** Nodes that rows are led through at a time, about. */
const LOSS_NODES = 262_144;

/**
 * Second derivative of the loss a unit of weight before the first tree, as XGBoost has it: its forest is one
 * round from equal probabilities. L2_REG, MIN_TREE_CHILD_WEIGHT and MIN_SPLIT_LOSS are in units of it.
 */
function hessianOf(classCount: number): number {
  if (classCount < 2) return 1;
  return classCount === 2 ? 0.25 : (2 / classCount) * (1 - 1 / classCount);
}

/** What turns weight × Gini impurity into the gain of a split as XGBoost has it. */
function gainUnit(classCount: number): number {
  return 1 / (hessianOf(classCount) * (classCount === 2 ? 2 : 1));
}

interface Losses {
  readonly loss: number;
  readonly evaluationLoss: number | undefined;
}

export class ForestGrowth {
  readonly #context: FitContext;
  readonly #modelType: string;
  readonly #treeCount: number;
  readonly #splits: readonly DataSplit[];

  constructor(context: FitContext, modelType: string) {
    this.#context = context;
    this.#modelType = modelType;
    this.#treeCount = context.options.number('NUM_PARALLEL_TREE');
    this.#splits = context.dataset.evaluationRowCount > 0 ? ['training', 'evaluation'] : ['training'];
  }

  async fit(): Promise<RandomForestModel> {
    const { aggregator, dataset } = this.#context;
    const { layout, classCount } = dataset;
    const start = performance.now();
    const request = { numericBins: FOREST_BINS, categoryOrder: () => 'single' as const, outputs: 1 };
    const mapper = await learnBins(aggregator, dataset, request, ['training']);
    const target = await this.#target();
    const ensemble = new EnsembleBuilder(mapper, layout.numericWidth, target.leafWidth);
    const importance = splitImportance(layout);
    await this.#grow(mapper, target, ensemble, importance);
    const forest = ensemble.build();
    const losses = await this.#losses(forest);
    this.#context.report({ iteration: 1, ...losses, durationMs: performance.now() - start });
    const header = { classCount, numericWidth: layout.numericWidth };
    return new RandomForestModel(this.#modelType, header, forest, importance, FOREST_SUM_WORKSPACE);
  }

  async #target(): Promise<LabelTarget> {
    const { aggregator, dataset, options } = this.#context;
    const hessian = hessianOf(dataset.classCount);
    const penalty = { l1: options.number('L1_REG'), l2: options.number('L2_REG') / hessian };
    if (dataset.classCount === 0) return meanTarget(penalty, await meanLabel(aggregator));
    return shareTarget(
      'newton',
      penalty,
      await classPriors(aggregator, dataset.classCount),
      gainUnit(dataset.classCount),
    );
  }

  async #grow(
    mapper: BinMapper,
    target: LabelTarget,
    ensemble: EnsembleBuilder,
    importance: SplitImportance,
  ): Promise<void> {
    const { dataset, options } = this.#context;
    const hessian = hessianOf(dataset.classCount);
    const base = rulesOf(options, options.number('MAX_TREE_DEPTH'));
    const rules = { ...base, limits: { ...base.limits, weight: base.limits.weight / hessian } };
    const cover = (sums: Float64Array): number => hessian * target.criterion.weight(sums, 0);
    const add = (tree: TreeBuilder): void => {
      const nodes = ensemble.add(tree, (node) => target.leaf(tree.sums[node]!));
      addSplits(importance, tree, nodes, mapper, dataset.layout, cover);
    };
    const { newton } = target;
    if (newton === undefined) await this.#growWaves(mapper, target, rules, add);
    else await growByTree(this.#context, mapper, { ...target, newton }, rules, this.#treeCount, add);
  }

  /** Several classes: trees that share their passes, a wave at a time. */
  async #growWaves(
    mapper: BinMapper,
    target: LabelTarget,
    rules: GrowthRules,
    add: (tree: TreeBuilder) => void,
  ): Promise<void> {
    const { aggregator, dataset, seed } = this.#context;
    const { histogramClasses, criterion } = target;
    const slots = slotCount(this.#treeCount, dataset, mapper, histogramClasses);
    allocateGrowth(aggregator, slots);
    const { trainingRowCount } = dataset;
    const units = await writeLabelFacts(aggregator, trainingRowCount, target.centre, histogramClasses);
    const grower = new TreeGrower(aggregator, mapper, rules, criterion, histogramClasses);
    for (let first = 0; first < this.#treeCount; first += slots) {
      await aggregator.checkpoint();
      const count = Math.min(slots, this.#treeCount - first);
      const plans = Array.from({ length: count }, (_, index) => ({
        output: 0,
        seed: mixSeed(seed, first + index),
      }));
      for (const tree of await grower.grow(plans, units)) add(tree);
    }
  }

  /** Losses of the whole forest, over some of its trees at a time. */
  async #losses(forest: TreeEnsemble): Promise<Losses> {
    const { aggregator, dataset } = this.#context;
    aggregator.allocate(FOREST_SUM_WORKSPACE, 'float64', forest.leafWidth);
    const starts = rangeStarts(forest, LOSS_NODES);
    let losses: Losses = { loss: NaN, evaluationLoss: undefined };
    for (let index = 1; index < starts.length; index++) {
      await aggregator.checkpoint();
      const ensemble = treeRange(forest, starts[index - 1]!, starts[index]!);
      const request = { ensemble, treeCount: this.#treeCount, classCount: dataset.classCount };
      const means: (number | undefined)[] = [];
      for (const split of this.#splits) {
        const { loss, weight } = await aggregator.run(forestLossPass, request, split);
        means.push(weight > 0 ? loss / weight : undefined);
      }
      losses = { loss: means[0]!, evaluationLoss: means[1] };
    }
    return losses;
  }
}
