/**
 * The memory of one training: rows of both splits by partition, and named workspaces. Shared between threads
 * it is one WebAssembly.Memory of fixed size, so that a compiled kernel can work on it by address; on one
 * thread it is plain.
 */
import {
  SHARED_MEMORY_BYTES_MAX,
  SqlState,
  assert,
  engineError,
  limitExceeded,
  outOfMemory,
} from '../../core/index.ts';
import type { Partition, Split, WorkspaceKind } from '../dataset.ts';
import type { EncodedRows } from '../layout.ts';
import type { StagedRows } from '../staged-rows.ts';
import {
  FLAG_BYTES,
  memoryBytes,
  planMemory,
  workspaceBytesOf,
  type MemoryPlan,
  type MemoryShape,
  type WorkspacePlan,
} from './memory-plan.ts';
import { PartitionView } from './partition-view.ts';
import { createWasmMemory, type WasmMemory } from './wasm-memory.ts';

/** Flags at the start of the memory. */
const STOP_FLAG = 0;
const TASK_FLAG = 1;
const FLAG_COUNT = 2;

const AREA_ALIGNMENT = 64;

/** The bytes of a training: shared by threads, or plain. */
export type MemoryHolder = WasmMemory | { readonly buffer: ArrayBuffer };

export class TrainingMemory {
  readonly shape: MemoryShape;
  readonly #holder: MemoryHolder;
  readonly #plan: MemoryPlan;
  readonly #views: Readonly<Record<Split, readonly PartitionView[]>>;
  readonly #flags: Int32Array;
  readonly #workspaces = new Map<string, WorkspacePlan>();
  #endAddress: number;

  /** Attaches to bytes that `create` made, here or on another thread. */
  constructor(shape: MemoryShape, holder: MemoryHolder) {
    this.shape = shape;
    this.#holder = holder;
    this.#plan = planMemory(shape);
    this.#endAddress = this.#plan.endAddress;
    this.#flags = new Int32Array(holder.buffer, 0, FLAG_COUNT);
    const viewsOf = (split: Split): readonly PartitionView[] =>
      this.#plan.partitions[split].map(
        (partition) => new PartitionView(shape, holder.buffer, this.#plan, partition, this.#workspaces),
      );
    this.#views = { training: viewsOf('training'), evaluation: viewsOf('evaluation') };
  }

  /**
   * Zeroed memory for a shape. `shared` makes it visible to worker threads. 54000 or 53200 when it cannot be
   * had.
   */
  static create(shape: MemoryShape, workspaceBytes: number, shared: boolean): TrainingMemory {
    const bytes = checkedMemoryBytes(shape, workspaceBytes);
    try {
      if (!shared) return new TrainingMemory(shape, { buffer: new ArrayBuffer(bytes) });
      return new TrainingMemory(shape, createWasmMemory(bytes));
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      throw engineError(
        SqlState.outOfMemory,
        `the machine cannot provide ${megabytes(bytes)} MB for the training`,
        {
          hint: 'Train on fewer rows or columns, or free memory on the machine.',
          cause: thrown,
        },
      );
    }
  }

  /** Where a scratch area lies. */
  scratch(area: number): { readonly address: number; readonly bytes: number } {
    const bytes = this.#plan.scratchBytes;
    return { address: FLAG_BYTES + area * bytes, bytes };
  }

  /** What a worker needs to attach, beside the shape and the workspaces. */
  get holder(): MemoryHolder {
    return this.#holder;
  }

  get workspaces(): readonly WorkspacePlan[] {
    return [...this.#workspaces.values()];
  }

  /** Learns of workspaces that another thread allocated. */
  adoptWorkspaces(workspaces: readonly WorkspacePlan[]): void {
    for (const workspace of workspaces) {
      if (!this.#workspaces.has(workspace.name)) this.#workspaces.set(workspace.name, workspace);
    }
  }

  /** The partitions of a split, in order; at least one, which may be empty. */
  partitions(split: Split): readonly Partition[] {
    return this.#views[split];
  }

  /**
   * Writes encoded rows of a split from `firstRow` on, over partition borders. Labels must be given if and
   * only if the training has them; without weights each row weighs 1.
   */
  write(
    split: Split,
    firstRow: number,
    rows: EncodedRows,
    labels: Float64Array | undefined,
    weights: Float64Array | undefined,
  ): void {
    this.#eachView(split, firstRow, rows.rowCount, labels, (view, targetRow, sourceRow, count) =>
      view.write(targetRow, rows, labels, weights, sourceRow, count),
    );
  }

  /**
   * The same for staged rows, which a pass must settle before anything else reads them; for `rowCount` of them from
   * `sourceRow` on, if given.
   */
  stage(
    split: Split,
    firstRow: number,
    rows: StagedRows,
    labels: Float64Array | undefined,
    weights: Float64Array | undefined,
    sourceRow = 0,
    rowCount: number = rows.rowCount,
  ): void {
    this.#eachView(split, firstRow, rowCount, labels, (view, targetRow, passed, count) =>
      view.stage(targetRow, rows, labels, weights, sourceRow + passed, count),
    );
  }

  #eachView(
    split: Split,
    firstRow: number,
    rowCount: number,
    labels: Float64Array | undefined,
    write: (view: PartitionView, targetRow: number, sourceRow: number, count: number) => void,
  ): void {
    assert((labels !== undefined) === this.shape.hasLabel, 'labels are written where the training has them');
    const total = split === 'training' ? this.shape.trainingRowCount : this.shape.evaluationRowCount;
    assert(firstRow >= 0 && firstRow + rowCount <= total, 'rows are written inside their split');
    for (const view of this.#views[split]) {
      const begin = Math.max(firstRow, view.firstRow);
      const end = Math.min(firstRow + rowCount, view.firstRow + view.rowCount);
      if (begin < end) write(view, begin - view.firstRow, begin - firstRow, end - begin);
    }
  }

  /** Bytes that further scratch arrays may take. */
  get freeBytes(): number {
    return this.#holder.buffer.byteLength - this.#endAddress;
  }

  /** A zeroed scratch array of every row; asking again for the same one zeroes it. */
  allocate(name: string, kind: WorkspaceKind, perRow: number): void {
    const bytes = workspaceBytesOf(this.#plan, kind, perRow);
    const known = this.#workspaces.get(name);
    if (known !== undefined) {
      assert(known.kind === kind && known.perRow === perRow, `workspace ${name} keeps its kind and width`);
      new Uint8Array(this.#holder.buffer, known.address, bytes).fill(0);
      return;
    }
    this.#place({ name, kind, perRow, address: this.#endAddress }, bytes);
  }

  /** A zeroed area of so many bytes; asking again for the same one zeroes it. */
  allocateArea(name: string, bytes: number): Uint8Array {
    const known = this.#workspaces.get(name);
    if (known === undefined) {
      const areaBytes = Math.ceil(bytes / AREA_ALIGNMENT) * AREA_ALIGNMENT;
      this.#place({ name, kind: 'uint8', perRow: 0, address: this.#endAddress, areaBytes: bytes }, areaBytes);
      return this.area(name);
    }
    assert(known.areaBytes === bytes, `area ${name} keeps its size`);
    return this.area(name).fill(0);
  }

  /** An area that was allocated, here or on another thread. */
  area(name: string): Uint8Array {
    const known = this.#workspaces.get(name);
    assert(known?.areaBytes !== undefined, `area ${name} was allocated`);
    return new Uint8Array(this.#holder.buffer, known.address, known.areaBytes);
  }

  #place(workspace: WorkspacePlan, bytes: number): void {
    if (bytes > this.freeBytes) {
      throw outOfMemory(
        'the training needs more memory than was planned for it',
        `Workspace "${workspace.name}" takes ${bytes} bytes.`,
        'Train on fewer rows or columns.',
      );
    }
    this.#workspaces.set(workspace.name, workspace);
    this.#endAddress += bytes;
  }

  /** Tells every thread of this memory to stop at its next checkpoint. */
  requestStop(): void {
    Atomics.store(this.#flags, STOP_FLAG, 1);
  }

  get isStopRequested(): boolean {
    return Atomics.load(this.#flags, STOP_FLAG) !== 0;
  }

  /** Counts a task that begins (1) or ends (-1) to work on this memory, on whatever thread. */
  countTask(change: 1 | -1): void {
    Atomics.add(this.#flags, TASK_FLAG, change);
  }

  /** Tasks that work on this memory now; one whose thread was killed stays counted. */
  get activeTaskCount(): number {
    return Atomics.load(this.#flags, TASK_FLAG);
  }
}

/** Bytes of a training's memory; 54000 for more than one memory can ever hold. */
export function checkedMemoryBytes(shape: MemoryShape, workspaceBytes: number): number {
  const bytes = memoryBytes(shape, workspaceBytes);
  if (bytes > SHARED_MEMORY_BYTES_MAX) {
    throw limitExceeded(
      `the training needs ${megabytes(bytes)} MB of memory, and one training may have ` +
        `${megabytes(SHARED_MEMORY_BYTES_MAX)} MB at most`,
      'Train on fewer rows or columns, for instance with WHERE random() < 0.5 in the training query.',
    );
  }
  return bytes;
}

/** Bytes as whole megabytes for messages, rounded up. */
export function megabytes(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}
