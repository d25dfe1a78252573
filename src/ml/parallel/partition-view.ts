/** One partition as passes see it: typed arrays laid over a training's memory. */
import { assert } from '../../core/index.ts';
import type { Partition, Split, WorkspaceArray } from '../dataset.ts';
import type { EncodedRows, FeatureLayout } from '../layout.ts';
import { stagedBlockRows, type StagedRows } from '../staged-rows.ts';
import {
  workspaceAddress,
  type MemoryPlan,
  type MemoryShape,
  type PartitionPlan,
  type WorkspacePlan,
} from './memory-plan.ts';

/** Values from which on copying an array is quicker than a loop. */
const COPIED_ROWS_MIN = 32;

export class PartitionView implements Partition {
  readonly layout: FeatureLayout;
  readonly split: Split;
  readonly index: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly numeric: Float64Array;
  readonly codes: Int32Array;
  readonly label: Float64Array;
  readonly weight: Float64Array;
  readonly #buffer: ArrayBufferLike;
  readonly #plan: MemoryPlan;
  readonly #partition: PartitionPlan;
  readonly #workspacePlans: ReadonlyMap<string, WorkspacePlan>;
  readonly #workspaces = new Map<string, WorkspaceArray>();

  constructor(
    shape: MemoryShape,
    buffer: ArrayBufferLike,
    plan: MemoryPlan,
    partition: PartitionPlan,
    workspacePlans: ReadonlyMap<string, WorkspacePlan>,
  ) {
    const { rowCount } = partition;
    this.layout = shape.layout;
    this.split = partition.split;
    this.index = partition.index;
    this.firstRow = partition.firstRow;
    this.rowCount = rowCount;
    this.numeric = new Float64Array(buffer, partition.numericAddress, rowCount * shape.layout.numericWidth);
    this.codes = new Int32Array(buffer, partition.codesAddress, rowCount * shape.layout.categories.length);
    this.label = new Float64Array(buffer, partition.labelAddress, shape.hasLabel ? rowCount : 0);
    this.weight = new Float64Array(buffer, partition.weightAddress, rowCount);
    this.#buffer = buffer;
    this.#plan = plan;
    this.#partition = partition;
    this.#workspacePlans = workspacePlans;
  }

  workspace(name: string): WorkspaceArray {
    const known = this.#workspaces.get(name);
    if (known !== undefined) return known;
    const workspace = this.#workspacePlans.get(name);
    assert(workspace !== undefined, `workspace ${name} was allocated`);
    const address = workspaceAddress(this.#plan, workspace, this.#partition);
    const array = workspaceArray(workspace, this.#buffer, address, this.rowCount * workspace.perRow);
    this.#workspaces.set(name, array);
    return array;
  }

  /** Copies `count` rows from `sourceRow` on into this partition's rows from `targetRow` on. */
  write(
    targetRow: number,
    rows: EncodedRows,
    labels: Float64Array | undefined,
    weights: Float64Array | undefined,
    sourceRow: number,
    count: number,
  ): void {
    const width = this.layout.numericWidth;
    const codeCount = this.layout.categories.length;
    const sourceEnd = sourceRow + count;
    this.numeric.set(rows.numeric.subarray(sourceRow * width, sourceEnd * width), targetRow * width);
    this.codes.set(rows.codes.subarray(sourceRow * codeCount, sourceEnd * codeCount), targetRow * codeCount);
    this.#writeFacts(targetRow, labels, weights, sourceRow, count);
  }

  /** The same for staged rows. */
  stage(
    targetRow: number,
    rows: StagedRows,
    labels: Float64Array | undefined,
    weights: Float64Array | undefined,
    sourceRow: number,
    count: number,
  ): void {
    const codeCount = this.layout.categories.length;
    const sourceEnd = sourceRow + count;
    this.codes.set(rows.codes.subarray(sourceRow * codeCount, sourceEnd * codeCount), targetRow * codeCount);
    this.#writeFacts(targetRow, labels, weights, sourceRow, count);
    const blockRows = stagedBlockRows(this.layout.numericWidth);
    for (let done = 0; done < count;) {
      const row = targetRow + done;
      const blockRow = row - (row % blockRows);
      const size = Math.min(count - done, blockRow + blockRows - row);
      this.#stageBlock(blockRow, row - blockRow, rows, sourceRow + done, size);
      done += size;
    }
  }

  #stageBlock(blockRow: number, offset: number, rows: StagedRows, sourceRow: number, count: number): void {
    const width = this.layout.numericWidth;
    const rowCount = Math.min(stagedBlockRows(width), this.rowCount - blockRow);
    const { numeric } = this;
    let place = blockRow * width + offset;
    for (let column = 0; column < width; column++) {
      const values = rows.numeric[column]!;
      if (count >= COPIED_ROWS_MIN) numeric.set(values.subarray(sourceRow, sourceRow + count), place);
      else for (let row = 0; row < count; row++) numeric[place + row] = values[sourceRow + row]!;
      place += rowCount;
    }
  }

  #writeFacts(
    targetRow: number,
    labels: Float64Array | undefined,
    weights: Float64Array | undefined,
    sourceRow: number,
    count: number,
  ): void {
    const sourceEnd = sourceRow + count;
    if (labels !== undefined) this.label.set(labels.subarray(sourceRow, sourceEnd), targetRow);
    if (weights !== undefined) this.weight.set(weights.subarray(sourceRow, sourceEnd), targetRow);
    else this.weight.fill(1, targetRow, targetRow + count);
  }
}

function workspaceArray(
  workspace: WorkspacePlan,
  buffer: ArrayBufferLike,
  address: number,
  length: number,
): WorkspaceArray {
  switch (workspace.kind) {
    case 'uint8':
      return new Uint8Array(buffer, address, length);
    case 'uint16':
      return new Uint16Array(buffer, address, length);
    case 'int32':
      return new Int32Array(buffer, address, length);
    case 'float32':
      return new Float32Array(buffer, address, length);
    case 'float64':
      return new Float64Array(buffer, address, length);
  }
}
