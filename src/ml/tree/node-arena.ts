/**
 * Memory that all threads see while a tree grows: histograms of nodes, what the search found, and parts of histograms that
 * are to be merged.
 *
 *   [ results of the nodes that are searched at a time, by chunk of columns ][ their totals ][ columns ]
 *   [ histograms of nodes, by slot ][ histograms of further parts of nodes' rows ]
 *   [ records of small nodes, by job ][ what the search found of them and their descendants ]
 */
import type { Aggregator } from '../aggregate.ts';
import { COLUMN_NUMBERS, CUT_NUMBERS, HISTOGRAM_COLUMN_BYTES } from '../kernel/node-search.ts';
import { recordLayout } from '../kernel/record-kernel.ts';
import type { BinMapper } from './bin-mapper.ts';
import { LOCAL_ROWS } from './growth.ts';

const ARENA = 'tree.nodes';
/** Bytes of histograms kept for subtraction, about. */
const KEPT_BYTES: number = 256 * 1024 * 1024;
/** Bytes of the histograms that are summed at a time, about. */
const TOGETHER_BYTES: number = 32 * 1024 * 1024;
/** Nodes that are summed at a time, at most. */
const NODES_MAX = 128;
/** Columns at most that are merged and searched at a time. */
const CHUNK_COLUMNS = 8;
/** Unless there would be more chunks than these. */
const CHUNKS_MAX = 1024;
/** Nodes at most that a small one and its descendants are: each row a leaf. */
const LOCAL_RESULTS: number = 2 * LOCAL_ROWS;
const ALIGNMENT = 64;

/** Histograms summed at a time for each thread, at least: who is done first takes the next one. */
const JOBS_PER_THREAD = 4;

/** Histograms that so many threads sum at a time, at least. */
export function jobsOf(threadCount: number): number {
  return JOBS_PER_THREAD * threadCount;
}

/** What fixes an arena's layout. Survives a structured clone. */
export interface ArenaPlan {
  readonly columnCount: number;
  /** Histograms that can be kept. */
  readonly slotCount: number;
  /** Nodes at most that are summed at a time. */
  readonly nodesMax: number;
  /** Histograms of further parts of their rows. */
  readonly partsMax: number;
  /** Small nodes that are grown at a time. */
  readonly localNodes: number;
}

/** An arena for so many columns and rows, where so many histograms are summed at a time at least. */
export function arenaPlan(columnCount: number, rowCount: number, depthMax: number, jobs: number): ArenaPlan {
  const bytes = columnCount * HISTOGRAM_COLUMN_BYTES;
  // Nodes of one level that can be split: they have LOCAL_ROWS rows, or a sibling has.
  const level = Math.min(2 ** Math.min(30, Math.max(1, depthMax) - 1), 2 * Math.ceil(rowCount / LOCAL_ROWS));
  const kept = Math.max(2, Math.min(level, Math.floor(KEPT_BYTES / bytes)));
  const together = Math.max(2, Math.floor(TOGETHER_BYTES / bytes));
  const nodesMax = Math.max(2, Math.min(level, NODES_MAX, together));
  return {
    columnCount,
    slotCount: kept + nodesMax,
    nodesMax,
    partsMax: Math.min(jobs, together),
    localNodes: jobs,
  };
}

export function arenaBytes(plan: ArenaPlan): number {
  return new ArenaLayout(plan).bytes;
}

/** Allocates an arena, for fewer jobs at a time if there is no room for all; gives its plan. */
export function allocateArena(aggregator: Aggregator, mapper: BinMapper, wanted: ArenaPlan): ArenaPlan {
  let plan = wanted;
  while (arenaBytes(plan) > aggregator.freeBytes && plan.localNodes > 1) {
    plan = { ...plan, partsMax: Math.max(0, plan.partsMax - 1), localNodes: plan.localNodes - 1 };
  }
  const arena = new NodeArena(plan, aggregator.allocateArea(ARENA, arenaBytes(plan)));
  mapper.columns.forEach(({ binCount, order }, column) => {
    arena.columns.set([column, binCount, order === 'single' ? 1 : 0], column * COLUMN_NUMBERS);
  });
  return plan;
}

/** The arena of a training that allocated it, on whatever thread. */
export function arenaOf(plan: ArenaPlan, area: (name: string) => Uint8Array): NodeArena {
  return new NodeArena(plan, area(ARENA));
}

class ArenaLayout {
  readonly totals: number;
  readonly columns: number;
  readonly slots: number;
  readonly localRecords: number;
  readonly localResults: number;
  readonly histogramBytes: number;
  readonly bytes: number;

  constructor({ columnCount, slotCount, nodesMax, partsMax, localNodes }: ArenaPlan) {
    this.histogramBytes = columnCount * HISTOGRAM_COLUMN_BYTES;
    // Both children of a node may be searched when one of them is summed.
    this.totals = align(2 * nodesMax * chunkCount(columnCount) * CUT_NUMBERS * 8);
    this.columns = this.totals + align(Math.max(2 * nodesMax, localNodes) * 3 * 8);
    this.slots = this.columns + align(columnCount * COLUMN_NUMBERS * 4);
    this.localRecords = align(this.slots + (slotCount + partsMax) * this.histogramBytes);
    this.localResults = this.localRecords + align(localNodes * localBytes(columnCount));
    this.bytes = this.localResults + localNodes * LOCAL_RESULTS * CUT_NUMBERS * 8;
  }
}

/** Bytes of a small node's records. */
function localBytes(columnCount: number): number {
  return LOCAL_ROWS * recordLayout(columnCount).bytes;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function chunkCount(columnCount: number): number {
  return Math.min(CHUNKS_MAX, Math.ceil(columnCount / CHUNK_COLUMNS));
}

export class NodeArena {
  readonly plan: ArenaPlan;
  /** COLUMN_NUMBERS of every column. */
  readonly columns: Int32Array;
  /** Into how many chunks columns are cut. */
  readonly chunkCount: number;
  readonly #bytes: Uint8Array;
  readonly #layout: ArenaLayout;

  constructor(plan: ArenaPlan, bytes: Uint8Array) {
    this.plan = plan;
    this.chunkCount = chunkCount(plan.columnCount);
    this.#bytes = bytes;
    this.#layout = new ArenaLayout(plan);
    const { buffer, byteOffset } = bytes;
    const columnsAt = byteOffset + this.#layout.columns;
    this.columns = new Int32Array(buffer, columnsAt, plan.columnCount * COLUMN_NUMBERS);
  }

  /** First column of a chunk; of the one behind the last: the number of columns. */
  firstColumn(chunk: number): number {
    return Math.floor((chunk * this.plan.columnCount) / this.chunkCount);
  }

  /** Columns `first…end-1` of a histogram that is kept. */
  slot(slot: number, first = 0, end: number = this.plan.columnCount): Uint8Array {
    return this.#columns(this.#layout.slots + slot * this.#layout.histogramBytes, first, end);
  }

  /** The same of a further part of a node's rows. */
  part(index: number, first = 0, end: number = this.plan.columnCount): Uint8Array {
    return this.slot(this.plan.slotCount + index, first, end);
  }

  #columns(at: number, first: number, end: number): Uint8Array {
    return this.#bytes.subarray(at + first * HISTOGRAM_COLUMN_BYTES, at + end * HISTOGRAM_COLUMN_BYTES);
  }

  /** What the search of the searched node number `index` found in a chunk of columns. */
  result(index: number, chunk: number): Float64Array {
    const offset = (index * this.chunkCount + chunk) * CUT_NUMBERS * 8;
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + offset, CUT_NUMBERS);
  }

  /** Sums [gradient, hessian, rows] of the searched node number `index`. */
  total(index: number): Float64Array {
    const offset = this.#layout.totals + index * 3 * 8;
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + offset, 3);
  }

  /** Room for the records of a small node. */
  localRecords(job: number): Uint8Array {
    const bytes = localBytes(this.plan.columnCount);
    const at = this.#layout.localRecords + job * bytes;
    return this.#bytes.subarray(at, at + bytes);
  }

  /** What was found of the small node of a job and its descendants, in the order in which they are searched. */
  localResult(job: number, index: number): Float64Array {
    const offset = this.#layout.localResults + (job * LOCAL_RESULTS + index) * CUT_NUMBERS * 8;
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + offset, CUT_NUMBERS);
  }
}
