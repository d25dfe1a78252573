/**
 * Grows one tree of records on all threads together, without asking the driver: the leader decides, and all of them move
 * records and sum histograms. What is summed is exact, so it makes no difference who does what.
 */
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { binMapper, type BinMapper } from './bin-mapper.ts';
import { GradientCriterion } from './criterion.ts';
import { packTree, type GrownRecordTree } from './grown-record-tree.ts';
import type { HistogramPartial, SlotRequest } from './histogram-request.ts';
import { strideOf } from './histogram-pass.ts';
import { RecordJobs } from './record-jobs.ts';
import { writeBegin, writeMove, writeSum } from './record-orders.ts';
import type { RecordTreeRequest, RecordTreeSetup } from './record-tree-request.ts';
import { ThreadTeam } from './thread-team.ts';
import { TreeLevels } from './tree-levels.ts';

/** The partial is null but for the thread that led. */
export const recordTreePass: Pass<RecordTreeRequest, GrownRecordTree | null> = {
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
  readonly levels: TreeLevels;
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
  const levels = new TreeLevels(mapper, setup.rules, criterion, 0);
  const learned = { fit, setup, mapper, levels };
  knownFits.set(first, learned);
  return learned;
}

function growTogether(
  partitions: readonly Partition[],
  request: RecordTreeRequest,
  context: PassContext,
): GrownRecordTree | null {
  const fit = fitOf(partitions[0]!, request);
  const jobs = new RecordJobs(partitions, fit.mapper.binStart, request, context);
  const team = new ThreadTeam(request.team, () => context.checkpoint());
  if (!team.join()) {
    team.follow((job) => jobs.run(job));
    return null;
  }
  try {
    return new Leader(fit, jobs, team, request, partitions.length, context).grow();
  } finally {
    team.end();
  }
}

/** The thread that decides. */
class Leader {
  readonly #fit: KnownFit;
  readonly #jobs: RecordJobs;
  readonly #team: ThreadTeam;
  readonly #request: RecordTreeRequest;
  readonly #partitionCount: number;
  readonly #context: PassContext;

  constructor(
    fit: KnownFit,
    jobs: RecordJobs,
    team: ThreadTeam,
    request: RecordTreeRequest,
    partitionCount: number,
    context: PassContext,
  ) {
    this.#fit = fit;
    this.#jobs = jobs;
    this.#team = team;
    this.#request = request;
    this.#partitionCount = partitionCount;
    this.#context = context;
  }

  grow(): GrownRecordTree {
    const { draw, units } = this.#request;
    const growing = this.#fit.levels.grow([{ output: 0, seed: draw.seed }], units);
    let step = growing.next();
    while (step.done !== true) {
      const slots = step.value;
      if (slots === 'checkpoint') this.#context.checkpoint();
      step = growing.next(slots === 'checkpoint' ? undefined : this.#answer(slots[0]!));
    }
    return packTree(step.value[0]!);
  }

  #answer({ begin, splits, build, collect }: SlotRequest): HistogramPartial {
    const { orders } = this.#request;
    if (begin !== undefined) {
      writeBegin(orders);
      this.#run(this.#partitionCount);
    }
    for (let first = 0; first < (splits?.node.length ?? 0);) {
      first += writeMove(orders, splits!, first);
      this.#run(this.#partitionCount);
    }
    const histograms = build.length === 0 ? this.#request.sums : this.#sum(build);
    return { histograms, collected: this.#jobs.pickUp(collect) };
  }

  /** Histograms of the nodes, end to end: of parts of their rows first, so that there are jobs enough for all threads. */
  #sum(nodes: readonly number[]): Float64Array {
    const { orders, sums } = this.#request;
    const size = nodes.length * this.#fit.mapper.binStart.at(-1)! * strideOf(0);
    const room = Math.floor(sums.length / size);
    const wanted = Math.ceil(this.#fit.setup.jobs / nodes.length);
    const parts = Math.min(this.#partitionCount, wanted, room);
    writeSum(orders, nodes, parts);
    this.#run(nodes.length * parts);
    for (let part = 1; part < parts; part++) {
      const at = part * size;
      for (let index = 0; index < size; index++) sums[index] = sums[index]! + sums[at + index]!;
    }
    return sums;
  }

  #run(jobs: number): void {
    this.#team.run(jobs, (job) => this.#jobs.run(job));
  }
}
