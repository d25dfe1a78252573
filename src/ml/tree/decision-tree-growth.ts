/**
 * One fit of a decision tree: growing, merging leaves that predict alike, and what the tables need of each
 * node.
 */
import { invalidData } from '../../core/index.ts';
import type { Split as DataSplit } from '../dataset.ts';
import type { FitContext } from '../estimator.ts';
import { BIN_COUNT_MAX, learnBins, type BinMapper, type BinOrder } from './bin-mapper.ts';
import { allColumns } from './column-sampler.ts';
import { DecisionTreeModel } from './decision-tree-model.ts';
import { forestLossPass, FOREST_SUM_WORKSPACE } from './forest-loss-pass.ts';
import type { GrowthRules } from './growth.ts';
import { allocateGrowth } from './growth-workspace.ts';
import { writeLabelFacts } from './label-facts-pass.ts';
import { classPriors, meanLabel } from './label-pass.ts';
import { meanTarget, shareTarget, type LabelTarget } from './leaf-mean.ts';
import type { TreeNodes } from './shown-tree.ts';
import { addSplits, splitImportance } from './split-importance.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { EnsembleBuilder, type TreeEnsemble } from './tree-ensemble.ts';
import { TreeGrower } from './tree-grower.ts';
import { likeliestClass } from './tree-table.ts';

export class DecisionTreeGrowth {
  readonly #context: FitContext;
  readonly #modelType: string;

  constructor(context: FitContext, modelType: string) {
    this.#context = context;
    this.#modelType = modelType;
  }

  async fit(): Promise<DecisionTreeModel> {
    const { aggregator, dataset, options } = this.#context;
    const { layout, classCount } = dataset;
    const start = performance.now();
    this.#checkCategories();
    const numericBins = options.number('MAX_BINS');
    const categoryOrder = (arity: number): BinOrder => this.#categoryOrder(arity, numericBins);
    const request = { numericBins, categoryOrder, outputs: 1 };
    const mapper = await learnBins(aggregator, dataset, request, ['training']);
    const target = await this.#target();
    const tree = await this.#grow(mapper, target);
    if (classCount !== 0 && options.flag('PRUNE')) {
      pruneAlike(tree, 0, (node) => likeliestClass(target.leaf(tree.sums[node]!), 0, classCount));
    }
    const ensemble = new EnsembleBuilder(mapper, layout.numericWidth, target.leafWidth);
    const kept = ensemble.add(tree, (node) => target.leaf(tree.sums[node]!));
    const importance = splitImportance(layout);
    addSplits(importance, tree, kept, mapper, layout, (sums) => target.criterion.weight(sums, 0));
    const built = ensemble.build();
    const losses = await this.#losses(built, target);
    this.#context.report({ iteration: 1, ...losses, durationMs: performance.now() - start });
    const header = { classCount, numericWidth: layout.numericWidth };
    return new DecisionTreeModel(this.#modelType, header, built, treeNodes(tree, kept, target), importance);
  }

  /** A column of more categories than bins cannot be split on. */
  #checkCategories(): void {
    for (const column of this.#context.encoder.columns) {
      if (column.kind !== 'category' || column.categories.length <= BIN_COUNT_MAX) continue;
      throw invalidData(
        `feature "${column.feature}" has ${column.categories.length} categories, and a decision tree takes ` +
          `${BIN_COUNT_MAX} a feature at most`,
        undefined,
        'Leave the column out, or put its rare values together.',
      );
    }
  }

  /** Any subset of few categories for several classes; else by their order. Source: MLlib reference, 5.1. */
  #categoryOrder(arity: number, binCount: number): BinOrder {
    if (this.#context.dataset.classCount <= 2) return 'outcome';
    return arity <= Math.floor(Math.log2(binCount / 2 + 1) + 1) ? 'subset' : 'outcome';
  }

  async #target(): Promise<LabelTarget> {
    const { aggregator, dataset, options } = this.#context;
    const penalty = { l1: 0, l2: 0 };
    if (dataset.classCount === 0) return meanTarget(penalty, await meanLabel(aggregator));
    // Checks that there is any weight; shares of leaves are not shrunk towards it.
    await classPriors(aggregator, dataset.classCount);
    const kind = options.text('IMPURITY') === 'ENTROPY' ? 'entropy' : 'newton';
    return shareTarget(kind, penalty, new Float64Array(dataset.classCount));
  }

  async #grow(mapper: BinMapper, target: LabelTarget): Promise<TreeBuilder> {
    const { aggregator, dataset, options, seed } = this.#context;
    const { centre, histogramClasses } = target;
    allocateGrowth(aggregator, 1);
    const units = await writeLabelFacts(aggregator, dataset.trainingRowCount, centre, histogramClasses);
    const rules: GrowthRules = {
      depthMax: options.number('MAX_TREE_DEPTH'),
      limits: { rows: options.number('MIN_INSTANCES_PER_NODE'), weight: 0 },
      weightFraction: options.number('MIN_WEIGHT_FRACTION_PER_NODE'),
      gainMin: options.number('MIN_INFO_GAIN'),
      isGainPerWeight: true,
      shares: allColumns,
      rowShare: 1,
    };
    const grower = new TreeGrower(aggregator, mapper, rules, target.criterion, histogramClasses);
    const [tree] = await grower.grow([{ output: 0, seed }], units);
    return tree!;
  }

  async #losses(
    ensemble: TreeEnsemble,
    target: LabelTarget,
  ): Promise<{ readonly loss: number; readonly evaluationLoss: number | undefined }> {
    const { aggregator, dataset } = this.#context;
    aggregator.allocate(FOREST_SUM_WORKSPACE, 'float64', target.leafWidth);
    const request = { ensemble, treeCount: 1, classCount: dataset.classCount };
    const mean = async (split: DataSplit): Promise<number | undefined> => {
      const { loss, weight } = await aggregator.run(forestLossPass, request, split);
      return weight > 0 ? loss / weight : undefined;
    };
    const loss = (await mean('training'))!;
    return { loss, evaluationLoss: dataset.evaluationRowCount > 0 ? await mean('evaluation') : undefined };
  }
}

/** Makes one leaf of two that predict the same class, from the bottom up. Source: MLlib reference, 5.4. */
function pruneAlike(tree: TreeBuilder, node: number, prediction: (node: number) => number): void {
  if (tree.column[node]! < 0) return;
  const left = tree.left[node]!;
  pruneAlike(tree, left, prediction);
  pruneAlike(tree, left + 1, prediction);
  const areLeaves = tree.column[left]! < 0 && tree.column[left + 1]! < 0;
  if (areLeaves && prediction(left) === prediction(left + 1)) tree.prune(node);
}

function treeNodes(tree: TreeBuilder, kept: readonly number[], target: LabelTarget): TreeNodes {
  const { criterion } = target;
  const values = new Float64Array(kept.length * target.leafWidth);
  kept.forEach((node, index) => values.set(target.leaf(tree.sums[node]!), index * target.leafWidth));
  return {
    gain: Float64Array.from(kept, (node) => {
      const split = tree.split[node];
      return split === undefined ? 0 : split.gain / criterion.weight(tree.sums[node]!, 0);
    }),
    rows: Float64Array.from(kept, (node) => criterion.rows(tree.sums[node]!, 0)),
    values,
  };
}
