/**
 * Where one thread grows a tree: records of the tree's rows, and histograms of nodes that wait. A lane is a stretch of a
 * workspace that all lanes share; a tree that begins may use whichever lane is free.
 */
import type { Aggregator } from '../aggregate.ts';
import type { Dataset, Partition } from '../dataset.ts';
import {
  COUNTER_BYTES,
  COUNTING_BIN_BYTES,
  FOREST_SLOTS,
  SEARCH_SCRATCH_BYTES,
  SUMMING_BIN_BYTES,
  type ForestLayout,
  type ForestSearch,
  type ForestSpace,
} from '../kernel/forest-kernel.ts';

const LANE_WORKSPACE = 'tree.lanes';
/** Rows up to which a node is searched from its records, without a histogram. */
export const SMALL_ROWS = 192;
/** Bytes of all lanes, as far as one lane does not need more. */
const LANES_BYTES = 512 * 1024 * 1024;
const NUMBERS = 8;
const ALIGNMENT = 64;

/** The shape of every lane of a training. */
export interface LanePlan {
  readonly layout: ForestLayout;
  readonly rowCount: number;
  /** Histograms that a lane has room for. */
  readonly histogramCount: number;
}

export function forestLayout(columnCount: number, isCounting: boolean): ForestLayout {
  const recordBytes = isCounting ? alignTo(columnCount + 1, 16) : alignTo(columnCount, 16) + 16;
  return { columnCount, recordBytes, isCounting };
}

/**
 * A lane for trees of so many rows. The smaller child of a node is grown first, so histograms wait for no more nodes
 * than the rows can be halved.
 */
export function lanePlan(layout: ForestLayout, rowCount: number, depthMax: number): LanePlan {
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(1, rowCount) / SMALL_ROWS)));
  return { layout, rowCount, histogramCount: Math.min(halvings, depthMax) + 3 };
}

function alignTo(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

function histogramBytes({ columnCount, isCounting }: ForestLayout): number {
  return columnCount * FOREST_SLOTS * (isCounting ? COUNTING_BIN_BYTES : SUMMING_BIN_BYTES);
}

/** Bytes of a lane. */
export function laneBytes(plan: LanePlan): number {
  return new LaneLayout(plan).bytes;
}

/** Lanes for so many trees on so many threads. */
export function laneCount(plan: LanePlan, trees: number, threads: number): number {
  return Math.max(1, Math.min(trees, threads, Math.floor(LANES_BYTES / laneBytes(plan))));
}

/** Allocates lanes; gives how many of those wanted there was room for, one at least. */
export function allocateLanes(
  aggregator: Aggregator,
  dataset: Dataset,
  plan: LanePlan,
  wanted: number,
): number {
  const bytes = laneBytes(plan);
  const rows = dataset.trainingRowCount + dataset.evaluationRowCount;
  const fitting = Math.floor((aggregator.freeBytes - rows) / bytes);
  const count = Math.max(1, Math.min(wanted, fitting));
  aggregator.allocate(LANE_WORKSPACE, 'uint8', Math.ceil((count * bytes) / rows));
  return count;
}

/** Offsets of a lane's arrays. */
class LaneLayout {
  readonly counters: number;
  readonly binCounts: number;
  readonly columns: number;
  readonly settings: number;
  readonly best: number;
  readonly scratch: number;
  readonly histograms: number;
  readonly records: number;
  readonly bytes: number;

  constructor({ layout, rowCount, histogramCount }: LanePlan) {
    let offset = 0;
    const take = (bytes: number): number => {
      const taken = offset;
      offset += alignTo(bytes, ALIGNMENT);
      return taken;
    };
    this.counters = take(layout.columnCount * COUNTER_BYTES);
    this.binCounts = take(4 * layout.columnCount);
    this.columns = take(4 * layout.columnCount);
    this.settings = take(8 * NUMBERS);
    this.best = take(8 * NUMBERS);
    this.scratch = take(SEARCH_SCRATCH_BYTES);
    this.histograms = take(histogramCount * alignTo(histogramBytes(layout), ALIGNMENT));
    this.records = take((rowCount + 1) * layout.recordBytes);
    this.bytes = offset;
  }
}

/** One lane as arrays over the training's memory. */
export class GrowthLane {
  readonly space: ForestSpace;
  readonly search: ForestSearch;
  readonly #buffer: ArrayBufferLike;
  readonly #histograms: number;
  readonly #histogramBytes: number;
  readonly #free: number[];

  /** `first`: the first partition of the training rows. */
  constructor(plan: LanePlan, first: Partition, lane: number) {
    const { layout } = plan;
    const places = new LaneLayout(plan);
    const workspace = first.workspace(LANE_WORKSPACE);
    const { buffer } = workspace;
    const start = workspace.byteOffset + lane * places.bytes;
    const bytes = (offset: number, length: number): Uint8Array =>
      new Uint8Array(buffer, start + offset, length);
    this.space = {
      layout,
      records: bytes(places.records, (plan.rowCount + 1) * layout.recordBytes),
      counters: bytes(places.counters, layout.columnCount * COUNTER_BYTES),
    };
    this.search = {
      columns: new Int32Array(buffer, start + places.columns, layout.columnCount),
      binCounts: new Int32Array(buffer, start + places.binCounts, layout.columnCount),
      settings: new Float64Array(buffer, start + places.settings, NUMBERS),
      best: new Float64Array(buffer, start + places.best, NUMBERS),
      scratch: bytes(places.scratch, SEARCH_SCRATCH_BYTES),
    };
    this.#buffer = buffer;
    this.#histograms = start + places.histograms;
    this.#histogramBytes = histogramBytes(layout);
    this.#free = Array.from({ length: plan.histogramCount }, (_, index) => index);
  }

  /** A histogram that nobody uses, with whatever is there; undefined if there is none. */
  takeHistogram(): Uint8Array | undefined {
    const index = this.#free.pop();
    if (index === undefined) return undefined;
    const start = this.#histograms + index * alignTo(this.#histogramBytes, ALIGNMENT);
    return new Uint8Array(this.#buffer, start, this.#histogramBytes);
  }

  returnHistogram(histogram: Uint8Array): void {
    const offset = histogram.byteOffset - this.#histograms;
    this.#free.push(offset / alignTo(this.#histogramBytes, ALIGNMENT));
  }
}
