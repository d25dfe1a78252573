/** Grows trees of records, one at a time: the driver's side of record-tree-pass.ts. */
import { assert } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { NewtonPenalty } from './criterion.ts';
import type { GrowthRules, TreePlan } from './growth.ts';
import { unpackTree } from './grown-record-tree.ts';
import { strideOf } from './histogram-pass.ts';
import { orderWords } from './record-orders.ts';
import { recordTreePass } from './record-tree-pass.ts';
import type { RecordTreeSetup } from './record-tree-request.ts';
import { resetTeam, teamWords } from './thread-team.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { PARTIAL_BYTES } from './tree-levels.ts';

/** Histograms summed at a time for each thread, at least: who is done first takes the next one. */
const JOBS_PER_THREAD = 4;
/** A depth that no tree has. */
const DEPTH_MAX: number = 2 ** 31 - 1;

let fitCount = 0;

export class RecordGrower {
  readonly #aggregator: Aggregator;
  readonly #rules: GrowthRules;
  readonly #fit = ++fitCount;
  readonly #setup: SharedArrayBuffer;
  readonly #team = teamWords();
  readonly #orders = orderWords();
  readonly #sums: Float64Array;

  constructor(aggregator: Aggregator, mapper: BinMapper, rules: GrowthRules, penalty: NewtonPenalty) {
    this.#aggregator = aggregator;
    this.#rules = rules;
    const columns = mapper.columns.map(({ binCount, order }) => ({ binCount, order }));
    const depthMax = Math.min(rules.depthMax, DEPTH_MAX);
    const jobs = JOBS_PER_THREAD * aggregator.threadCount;
    this.#setup = sharedJson({ columns, rules: { ...rules, depthMax }, penalty, jobs });
    const size = mapper.binStart.at(-1)! * strideOf(0);
    // A group of nodes has at least the two children of one node.
    const count = Math.max(2, aggregator.threadCount, Math.floor(PARTIAL_BYTES / (8 * size)));
    this.#sums = new Float64Array(new SharedArrayBuffer(8 * size * count));
  }

  /** Grows one tree, which is all that records can stand in. */
  async grow(plans: readonly TreePlan[], units: FixedPoint): Promise<TreeBuilder[]> {
    assert(plans.length === 1, 'records stand in one tree');
    const share = this.#rules.rowShare;
    const isWhole = share >= 1 && this.#rules.everyRowWeighs === true;
    resetTeam(this.#team);
    const grown = await this.#aggregator.runTogether(recordTreePass, {
      fit: this.#fit,
      setup: this.#setup,
      team: this.#team,
      orders: this.#orders,
      sums: this.#sums,
      draw: { share, seed: plans[0]!.seed, isWhole },
      units,
    });
    assert(grown !== null, 'one thread leads');
    return [unpackTree(grown)];
  }
}

function sharedJson(setup: RecordTreeSetup): SharedArrayBuffer {
  const bytes = new TextEncoder().encode(JSON.stringify(setup));
  const shared = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(shared).set(bytes);
  return shared;
}
