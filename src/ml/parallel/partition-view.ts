/** One partition as passes see it: typed arrays laid over a training's memory. */
import { assert } from '../../core/index.ts';
import type { Partition, Split, WorkspaceArray } from '../dataset.ts';
import type { EncodedRows, FeatureLayout } from '../layout.ts';
import {
  workspaceAddress,
  type MemoryPlan,
  type MemoryShape,
  type PartitionPlan,
  type WorkspacePlan,
} from './memory-plan.ts';

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
