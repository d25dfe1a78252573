/** Trees of a forest by newton's criterion, each grown by one task from records of its rows (lane-growth.ts). */
import type { FitContext } from '../estimator.ts';
import type { BinMapper } from './bin-mapper.ts';
import { binsUpTo } from './bin-set.ts';
import { mixSeed } from './column-sampler.ts';
import type { GrowthRules } from './growth.ts';
import { allocateLanes, laneCount, lanePlan, forestLayout } from './growth-lane.ts';
import { writeLabelFacts } from './label-facts-pass.ts';
import type { LabelTarget, NewtonTarget } from './leaf-mean.ts';
import type { GrownTree } from './grown-tree.ts';
import type { LaneRules } from './lane-growth.ts';
import { TreeBuilder } from './tree-builder.ts';
import {
  growTreePass,
  markPass,
  MARK_WORKSPACE,
  unitWeightPass,
  type GrowTreeRequest,
} from './tree-grow-pass.ts';

/** Grows trees; `add` is called with each of them, in order. Bins must have been written. */
export async function growByTree(
  context: FitContext,
  mapper: BinMapper,
  target: LabelTarget & { readonly newton: NewtonTarget },
  rules: GrowthRules,
  treeCount: number,
  add: (tree: TreeBuilder) => void,
): Promise<void> {
  const { aggregator, dataset } = context;
  const isCounting = dataset.classCount === 2 && (await aggregator.run(unitWeightPass, null));
  if (!isCounting) await writeLabelFacts(aggregator, dataset.trainingRowCount, target.centre, 0);
  aggregator.allocate(MARK_WORKSPACE, 'uint8', 1);
  await aggregator.run(markPass, isCounting);
  const layout = forestLayout(mapper.columns.length, isCounting);
  const plan = lanePlan(layout, dataset.trainingRowCount, rules.depthMax);
  const lanes = allocateLanes(aggregator, dataset, plan, laneCount(plan, treeCount, aggregator.threadCount));
  const binCounts = Int32Array.from(mapper.columns, ({ binCount }) => binCount);
  const centre = isCounting ? target.centre : 0;
  const shared = { plan, binCounts, rules: laneRules(rules, target.newton, centre) };
  const queue = new TreeQueue(context, treeCount, (grown) => add(builtTree(grown, mapper, centre)));
  await queue.run(lanes, (tree, lane) => ({ ...shared, lane, seed: mixSeed(context.seed, tree) }));
}

function laneRules(rules: GrowthRules, { penalty, factor, prior }: NewtonTarget, centre: number): LaneRules {
  return {
    depthMax: rules.depthMax,
    rowShare: rules.rowShare,
    shares: rules.shares,
    weightMin: rules.limits.weight,
    gainMin: rules.gainMin,
    l1: penalty.l1,
    l2: penalty.l2,
    factor,
    centre,
    prior,
  };
}

/** Hands out trees to lanes, and takes them back in order. */
class TreeQueue {
  readonly #context: FitContext;
  readonly #treeCount: number;
  readonly #take: (tree: GrownTree) => void;
  readonly #early = new Map<number, GrownTree>();
  #next = 0;
  #taken = 0;
  #hasFailed = false;

  constructor(context: FitContext, treeCount: number, take: (tree: GrownTree) => void) {
    this.#context = context;
    this.#treeCount = treeCount;
    this.#take = take;
  }

  async run(lanes: number, request: (tree: number, lane: number) => GrowTreeRequest): Promise<void> {
    const outcomes = await Promise.allSettled(
      Array.from({ length: lanes }, (_, lane) => this.#serve((tree) => request(tree, lane))),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #serve(request: (tree: number) => GrowTreeRequest): Promise<void> {
    const { aggregator } = this.#context;
    try {
      while (this.#next < this.#treeCount && !this.#hasFailed) {
        const tree = this.#next++;
        this.#early.set(tree, await aggregator.runWhole(growTreePass, request(tree)));
        this.#takeReady();
        await aggregator.checkpoint();
      }
    } catch (thrown) {
      this.#hasFailed = true;
      throw thrown;
    }
  }

  #takeReady(): void {
    for (let tree = this.#early.get(this.#taken); tree !== undefined; tree = this.#early.get(this.#taken)) {
      this.#early.delete(this.#taken++);
      this.#take(tree);
    }
  }
}

/** The tree with its sums as gradient and weight; rows are not known of every node. */
function builtTree(grown: GrownTree, mapper: BinMapper, centre: number): TreeBuilder {
  const sums = (sum: number, weight: number): Float64Array => Float64Array.of(centre * weight - sum, weight);
  const tree = new TreeBuilder(sums(grown.root[0]!, grown.root[1]!));
  grown.node.forEach((node, index) => {
    const column = grown.column[index]!;
    const lastBin = grown.lastBin[index]!;
    const missingLeft = grown.missingLeft[index] === 1;
    const [leftSum, leftWeight, rightSum, rightWeight] = grown.sums.subarray(4 * index, 4 * index + 4);
    tree.grow(node, {
      column,
      gain: grown.gain[index]!,
      binSet: binsUpTo(lastBin, missingLeft ? mapper.columns[column]!.binCount : lastBin),
      lastBin,
      missingLeft,
      left: sums(leftSum!, leftWeight!),
      right: sums(rightSum!, rightWeight!),
    });
  });
  return tree;
}
