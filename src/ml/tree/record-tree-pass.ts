/**
 * Grows one tree of records on all threads together, without asking the driver: the leader decides, and all of them move
 * records and sum histograms. What is summed is exact, so it makes no difference who does what.
 */
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { binMapper, type BinMapper } from './bin-mapper.ts';
import { unitsAfter } from './boosting-objective.ts';
import { GradientCriterion, leafValue } from './criterion.ts';
import { packTree, type GrownRecordTree } from './grown-record-tree.ts';
import type { AppliedSplits } from './histogram-request.ts';
import { writeBoost, type BoostedRecords } from './record-boost-order.ts';
import { RecordJobs } from './record-jobs.ts';
import { RecordLevels, type RecordTeam } from './record-levels.ts';
import {
  writeBegin,
  writeLocal,
  writeMove,
  writeSearch,
  writeSum,
  type LocalNode,
  type SearchedNode,
  type SearchFamily,
} from './record-orders.ts';
import type { RecordTreeRequest, RecordTreeSetup } from './record-tree-request.ts';
import { ThreadTeam } from './thread-team.ts';
import type { TreeBuilder } from './tree-builder.ts';

/** A tree, and what adding it did if that was asked for and the tree is not too large. */
export interface RecordTree {
  readonly tree: GrownRecordTree;
  readonly boosted: BoostedRecords | undefined;
}

/** The partial is null but for the thread that led. */
export const recordTreePass: Pass<RecordTreeRequest, RecordTree | null> = {
  name: 'tree.record-tree',
  accumulate: (partition, request, context) => growTogether([partition], request, context),
  accumulateAll: growTogether,
  merge: (left, right) => left ?? right,
};

/** What a thread keeps of a fit from one tree to the next. */
interface KnownFit {
  readonly fit: number;
  readonly setup: RecordTreeSetup;
  readonly mapper: BinMapper;
  readonly levels: RecordLevels;
}

/** By the first partition, which stands for the memory of a training. */
const knownFits = new WeakMap<Partition, KnownFit>();

function fitOf(first: Partition, { fit, setup: bytes }: RecordTreeRequest): KnownFit {
  const known = knownFits.get(first);
  if (known?.fit === fit) return known;
  // A copy, because a decoder does not read shared memory.
  const setup = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes).slice())) as RecordTreeSetup;
  const mapper = binMapper(
    setup.columns.map(({ binCount, order }, index) => ({
      kind: 'numeric',
      index,
      thresholds: new Float64Array(0),
      firstCode: 0,
      binCount,
      order,
    })),
  );
  const criterion = new GradientCriterion('newton', setup.penalty, 1, undefined);
  const levels = new RecordLevels(mapper, setup.rules, criterion);
  const learned = { fit, setup, mapper, levels };
  knownFits.set(first, learned);
  return learned;
}

function growTogether(
  partitions: readonly Partition[],
  request: RecordTreeRequest,
  context: PassContext,
): RecordTree | null {
  const fit = fitOf(partitions[0]!, request);
  const jobs = new RecordJobs(partitions, fit.setup, fit.levels, request, context);
  const team = new ThreadTeam(request.team, () => context.checkpoint());
  if (!team.join()) {
    team.follow((job) => jobs.run(job));
    return null;
  }
  try {
    const leader = new Leader(fit.setup, jobs, team, request, partitions.length);
    const tree = fit.levels.grow(request.draw.seed, request.units, leader, jobs.arena);
    return { tree: packTree(tree), boosted: leader.boost(tree) };
  } finally {
    team.end();
  }
}

/** What the thread that decides has all of them do. */
class Leader implements RecordTeam {
  readonly #setup: RecordTreeSetup;
  readonly #jobs: RecordJobs;
  readonly #team: ThreadTeam;
  readonly #request: RecordTreeRequest;
  readonly #partitionCount: number;

  constructor(
    setup: RecordTreeSetup,
    jobs: RecordJobs,
    team: ThreadTeam,
    request: RecordTreeRequest,
    partitionCount: number,
  ) {
    this.#setup = setup;
    this.#jobs = jobs;
    this.#team = team;
    this.#request = request;
    this.#partitionCount = partitionCount;
  }

  begin(): void {
    writeBegin(this.#request.orders);
    this.#run(this.#partitionCount);
  }

  move(splits: AppliedSplits): void {
    for (let first = 0; first < splits.node.length;) {
      first += writeMove(this.#request.orders, splits, first);
      this.#run(this.#partitionCount);
    }
  }

  /** Histograms are of parts of the nodes' rows first, so that there are jobs enough for all threads. */
  search(
    nodes: readonly number[],
    slots: readonly number[],
    families: readonly SearchFamily[],
    searched: readonly SearchedNode[],
  ): void {
    const { orders } = this.#request;
    const { jobs, arena } = this.#setup;
    const wanted = Math.ceil(jobs / nodes.length);
    const room = 1 + Math.floor(arena.partsMax / nodes.length);
    const parts = Math.min(this.#partitionCount, wanted, room);
    writeSum(orders, nodes, slots, parts);
    this.#run(nodes.length * parts);
    writeSearch(orders, families, slots, searched, parts);
    this.#run(families.length * this.#jobs.arena.chunkCount);
  }

  /** Adds the tree to the rows. */
  boost(tree: TreeBuilder): BoostedRecords | undefined {
    const { boost, boostSums, orders } = this.#request;
    if (boost === undefined) return undefined;
    const { rate, objective, rowCount, bounds } = boost;
    const binned = tree.binned((node) => rate * leafValue(tree.sums[node]!, this.#setup.penalty));
    const units = boost.writeGradients
      ? unitsAfter(objective, rowCount, bounds, [binned])
      : this.#request.units;
    if (!writeBoost(orders, binned, units)) return undefined;
    this.#run(this.#partitionCount);
    return { sums: boostSums.slice(), units };
  }

  growLocal(nodes: readonly LocalNode[]): void {
    writeLocal(this.#request.orders, nodes);
    this.#run(nodes.length);
  }

  #run(jobs: number): void {
    this.#team.run(jobs, (job) => this.#jobs.run(job));
  }
}
