/**
 * Training is an aggregate.
 *
 *        fit()  reads like the textbook, on one thread
 *          |  run(gradientPass, weights)                 broadcast: one structured-cloneable value
 *          v
 *   +-- Aggregator ---------------------------------------------+
 *   |  partition 0     partition 1     partition 2     …        |
 *   |  accumulate      accumulate      accumulate               |   any worker, any order
 *   |      \_____merge____/                 \____merge…         |   always the same tree, in partition order
 *   +------------------------|----------------------------------+
 *                            v
 *               Partial -> fit() takes a step, asks again, or returns a Model
 *
 * The tree of merges depends on the partition count alone, so one worker and sixteen give the same bits.
 * The same three verbs: MADlib transition/merge/final, DuckDB Sink/Combine/Finalize, Spark add/merge/gradient.
 */
import type { ModelArtifact } from './artifact.ts';
import type { Partition, Split, WorkspaceKind } from './dataset.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Scorer } from './scorer.ts';

/** What a pass may use while it accumulates. */
export interface PassContext {
  readonly kernel: Kernel;
  /** The model of an artifact, of whatever registered type. */
  restore(artifact: ModelArtifact): Scorer;
  /** The area that was allocated by this name. */
  area(name: string): Uint8Array;
  /** Call about every thousand rows of slow work: throws when the training was cancelled. */
  checkpoint(): void;
}

/**
 * One aggregate over all rows of a split. Runs on worker threads, so a pass object holds no state: it is found there by
 * its name. Broadcast and partial must survive a structured clone; typed arrays of a partial are moved, not copied.
 */
export interface Pass<Broadcast = never, Partial = unknown> {
  /** Unique in the whole engine: `family.verb`, e.g. `logistic.gradient`. */
  readonly name: string;
  accumulate(partition: Partition, broadcast: Broadcast, context: PassContext): Partial;
  /**
   * Accumulates neighbouring partitions at once, instead of one by one with merges. Only where the partial's bits do
   * not depend on how partitions are grouped: whole numbers, or sums that are exact.
   */
  accumulateAll?(partitions: readonly Partition[], broadcast: Broadcast, context: PassContext): Partial;
  /** Both in partition order; may write into and return `left`. */
  merge(left: Partial, right: Partial): Partial;
}

/** Any pass, for lists. */
// oxlint-disable-next-line typescript/no-explicit-any -- both type parameters are erased in a list of passes
export type AnyPass = Pass<any, any>;

/** Runs passes; hides where and by how many threads. */
export interface Aggregator {
  /** Accumulates on every partition of the split (default training) and merges in order. */
  run<Broadcast, Partial>(
    pass: Pass<Broadcast, Partial>,
    broadcast: Broadcast,
    split?: Split,
  ): Promise<Partial>;
  /**
   * Accumulates all partitions of the training rows in one task, on one thread. Several of them may run at a time, when
   * they write to different places.
   */
  runWhole<Broadcast, Partial>(pass: Pass<Broadcast, Partial>, broadcast: Broadcast): Promise<Partial>;
  /**
   * Accumulates all partitions of the training rows in one task a thread, all of them over the same rows: they share the work
   * out among themselves, through memory that the broadcast names. None may wait for another one to begin, which it may do
   * late. When one fails the training is over: the others' next checkpoint throws, and this throws what it failed by.
   */
  runTogether<Broadcast, Partial>(pass: Pass<Broadcast, Partial>, broadcast: Broadcast): Promise<Partial>;
  /** Tasks that run at a time, at most. */
  readonly threadCount: number;
  /** Bytes that further scratch arrays may take. */
  readonly freeBytes: number;
  /**
   * A zeroed per-row scratch array for the rows of both splits, visible to passes as `partition.workspace(name)`.
   * Fails with out-of-memory (53200) when the training's budget does not hold it.
   */
  allocate(name: string, kind: WorkspaceKind, perRow: number): void;
  /**
   * So many zeroed bytes that all passes see, for what is not of one row; asking again for the same name zeroes them. Fails
   * like `allocate`.
   */
  allocateArea(name: string, bytes: number): Uint8Array;
  /** Throws query-cancelled when the training was cancelled; awaits a turn of the event loop otherwise. */
  checkpoint(): Promise<void>;
}
