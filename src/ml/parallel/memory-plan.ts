/**
 * Where everything of a training lies in its one memory. Computed from the shape alone, so that both sides of
 * a thread boundary find the same addresses.
 *
 *   [ flags 64 ][ a scratch area a thread ][ training 0: numeric codes label weight ] … [ evaluation 0 … ] …
 *   [ workspaces as allocated ]
 *
 * Every array starts at a multiple of 64 bytes: a cache line of its own, and aligned for any kernel.
 */
import { partitionCount } from '../../core/index.ts';
import type { Split, WorkspaceKind } from '../dataset.ts';
import { kernelScratchBytes } from '../kernel/kernel-scratch.ts';
import { gramScratchBytes } from '../kernel/wasm-gram.ts';
import type { FeatureLayout } from '../layout.ts';
import { settlingBytes } from '../staged-rows.ts';

const ALIGNMENT = 64;
/** Arrays a training may allocate beside its rows, for the slack that aligning them costs. */
const WORKSPACE_COUNT = 16;

/** Bytes at the start of a memory that hold flags shared by its threads. */
export const FLAG_BYTES: number = ALIGNMENT;

/** What fixes a memory's plan. Survives JSON. */
export interface MemoryShape {
  readonly layout: FeatureLayout;
  readonly trainingRowCount: number;
  readonly evaluationRowCount: number;
  readonly hasLabel: boolean;
  /** Threads that work on the memory with a compiled kernel, each in a scratch area of its own; 0 if not given. */
  readonly scratchAreas?: number;
}

/** One partition: its rows, and the byte addresses of its arrays. */
export interface PartitionPlan {
  readonly split: Split;
  readonly index: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly numericAddress: number;
  readonly codesAddress: number;
  readonly labelAddress: number;
  readonly weightAddress: number;
}

export interface MemoryPlan {
  /** Bytes of one thread's scratch area; the areas follow the flags. */
  readonly scratchBytes: number;
  readonly partitions: Readonly<Record<Split, readonly PartitionPlan[]>>;
  /** First byte after the rows; a multiple of the alignment. */
  readonly endAddress: number;
}

/** A scratch array of every row: where it starts; partitions follow each other in plan order. */
export interface WorkspacePlan {
  readonly name: string;
  readonly kind: WorkspaceKind;
  readonly perRow: number;
  readonly address: number;
  /** Of an area, which has nothing of single rows: all its bytes. */
  readonly areaBytes?: number;
}

/** Bytes of one element of a workspace. */
const workspaceElementBytes: Readonly<Record<WorkspaceKind, number>> = {
  uint8: 1,
  uint16: 2,
  int32: 4,
  float32: 4,
  float64: 8,
};

/** `bytes` rounded up to the alignment. */
function alignUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Addresses of all partitions of a shape. */
export function planMemory(shape: MemoryShape): MemoryPlan {
  const scratchBytes = kernelScratchBytes(
    binColumns(shape.layout),
    Math.max(partitionRows(shape.trainingRowCount), partitionRows(shape.evaluationRowCount)),
    Math.max(settlingBytes(shape.layout.numericWidth), gramScratchBytes(shape.layout.numericWidth)),
  );
  const scratchEnd = FLAG_BYTES + (shape.scratchAreas ?? 0) * scratchBytes;
  const training = planSplit(shape, 'training', shape.trainingRowCount, scratchEnd);
  const evaluation = planSplit(shape, 'evaluation', shape.evaluationRowCount, training.endAddress);
  return {
    scratchBytes,
    partitions: { training: training.partitions, evaluation: evaluation.partitions },
    endAddress: evaluation.endAddress,
  };
}

/** Bin columns that a layout becomes at most: a category block takes one for every 255 codes. */
function binColumns({ numericWidth, categories }: FeatureLayout): number {
  return categories.reduce((count, { cardinality }) => count + Math.ceil(cardinality / 255), numericWidth);
}

/** Rows of the largest partition. */
function partitionRows(rowCount: number): number {
  return Math.ceil(rowCount / partitionCount(rowCount));
}

/** Bytes of a training's memory: its rows, its workspaces, and the slack between them. */
export function memoryBytes(shape: MemoryShape, workspaceBytes: number): number {
  const plan = planMemory(shape);
  const partitions = plan.partitions.training.length + plan.partitions.evaluation.length;
  const slack = workspaceBytes > 0 ? WORKSPACE_COUNT * partitions * ALIGNMENT : 0;
  return plan.endAddress + alignUp(workspaceBytes) + slack;
}

/** Bytes that one workspace takes over all partitions. */
export function workspaceBytesOf(plan: MemoryPlan, kind: WorkspaceKind, perRow: number): number {
  let bytes = 0;
  for (const split of ['training', 'evaluation'] as const) {
    for (const partition of plan.partitions[split]) {
      bytes += alignUp(partition.rowCount * perRow * workspaceElementBytes[kind]);
    }
  }
  return bytes;
}

/** Address of a workspace's array for one partition. */
export function workspaceAddress(plan: MemoryPlan, workspace: WorkspacePlan, target: PartitionPlan): number {
  let address = workspace.address;
  for (const split of ['training', 'evaluation'] as const) {
    for (const partition of plan.partitions[split]) {
      if (partition === target) return address;
      address += alignUp(partition.rowCount * workspace.perRow * workspaceElementBytes[workspace.kind]);
    }
  }
  return address;
}

interface SplitPlan {
  readonly partitions: readonly PartitionPlan[];
  readonly endAddress: number;
}

function planSplit(shape: MemoryShape, split: Split, rows: number, startAddress: number): SplitPlan {
  const count = partitionCount(rows);
  const partitions: PartitionPlan[] = [];
  let address = startAddress;
  const take = (bytes: number): number => {
    const taken = address;
    address += alignUp(bytes);
    return taken;
  };
  for (let index = 0; index < count; index++) {
    const firstRow = Math.floor((index * rows) / count);
    const rowCount = Math.floor(((index + 1) * rows) / count) - firstRow;
    partitions.push({
      split,
      index,
      firstRow,
      rowCount,
      numericAddress: take(rowCount * shape.layout.numericWidth * 8),
      codesAddress: take(rowCount * shape.layout.categories.length * 4),
      labelAddress: take(shape.hasLabel ? rowCount * 8 : 0),
      weightAddress: take(rowCount * 8),
    });
  }
  return { partitions, endAddress: address };
}
