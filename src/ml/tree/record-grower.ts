/** Grows trees of records, one at a time: the driver's side of record-tree-pass.ts. */
import { assert } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { Dataset } from '../dataset.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { NewtonPenalty } from './criterion.ts';
import type { GrowthRules, TreePlan } from './growth.ts';
import { unpackTree } from './grown-record-tree.ts';
import { allocateArena, arenaPlan, jobsOf } from './node-arena.ts';
import { BOOST_SUMS, type BoostedRecords, type RecordBoost } from './record-boost-order.ts';
import { orderWords } from './record-orders.ts';
import { recordTreePass } from './record-tree-pass.ts';
import type { RecordTreeSetup } from './record-tree-request.ts';
import { resetTeam, teamWords } from './thread-team.ts';
import type { TreeBuilder } from './tree-builder.ts';

/** A depth that no tree has. */
const DEPTH_MAX: number = 2 ** 31 - 1;

let fitCount = 0;

interface GrownTree {
  readonly tree: TreeBuilder;
  readonly boosted: BoostedRecords | undefined;
}

export class RecordGrower {
  readonly #aggregator: Aggregator;
  readonly #rules: GrowthRules;
  readonly #fit = ++fitCount;
  readonly #setup: SharedArrayBuffer;
  readonly #team = teamWords();
  readonly #orders = orderWords();
  readonly #boostSums: Float64Array;

  constructor(
    aggregator: Aggregator,
    mapper: BinMapper,
    rules: GrowthRules,
    penalty: NewtonPenalty,
    dataset: Dataset,
  ) {
    this.#aggregator = aggregator;
    this.#rules = rules;
    const columns = mapper.columns.map(({ binCount, order }) => ({ binCount, order }));
    const depthMax = Math.min(rules.depthMax, DEPTH_MAX);
    const jobs = jobsOf(aggregator.threadCount);
    const plan = arenaPlan(columns.length, dataset.trainingRowCount, depthMax, jobs);
    const arena = allocateArena(aggregator, mapper, plan);
    this.#boostSums = new Float64Array(new SharedArrayBuffer(8 * BOOST_SUMS * dataset.partitionCount));
    this.#setup = sharedJson({ columns, rules: { ...rules, depthMax }, penalty, jobs, arena });
  }

  /** Grows one tree, which is all that records can stand in. */
  async grow(plans: readonly TreePlan[], units: FixedPoint): Promise<TreeBuilder[]> {
    assert(plans.length === 1, 'records stand in one tree');
    return [(await this.growAndBoost(plans[0]!, units, undefined)).tree];
  }

  /** The same, and adds it to the margins if `boost` is given and the tree is not too large for that. */
  async growAndBoost(plan: TreePlan, units: FixedPoint, boost: RecordBoost | undefined): Promise<GrownTree> {
    const share = this.#rules.rowShare;
    const isWhole = share >= 1 && this.#rules.everyRowWeighs === true;
    resetTeam(this.#team);
    const grown = await this.#aggregator.runTogether(recordTreePass, {
      fit: this.#fit,
      setup: this.#setup,
      team: this.#team,
      orders: this.#orders,
      draw: { share, seed: plan.seed, isWhole },
      units,
      boost,
      boostSums: this.#boostSums,
    });
    assert(grown !== null, 'one thread leads');
    return { tree: unpackTree(grown.tree), boosted: grown.boosted };
  }
}

function sharedJson(setup: RecordTreeSetup): SharedArrayBuffer {
  const bytes = new TextEncoder().encode(JSON.stringify(setup));
  const shared = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(shared).set(bytes);
  return shared;
}
