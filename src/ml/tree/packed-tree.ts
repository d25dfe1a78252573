/**
 * One tree in the form that the compiled kernel walks (kernels/assembly/score.ts): its first levels as units of three
 * nodes, complete, and the nodes below as a list. A subtree that ends early is padded with nodes that send all rows left.
 */
import type { CodeColumns } from './code-column.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Levels of one unit, its nodes, and its bytes: byte offsets of columns, then thresholds. */
const UNIT_LEVELS = 2;
const UNIT_NODES = 3;
export const UNIT_BYTES = 16;
/** Levels that are evaluated whole at most. */
const WHOLE_LEVELS_MAX = 6;
/** Bytes of a column of codes. */
export const CODE_COLUMN_BYTES = 512;
/** No code is greater. */
const GREATEST_LIMIT = 127;

/** Of a tree: what its parts take, and how to walk it. */
export interface TreePlan {
  /** Nodes of the levels that are evaluated whole, 2 to 6, from the root on. */
  readonly levels: readonly (readonly number[])[];
  /** Node at each exit of those levels. */
  readonly exits: readonly number[];
  /** Nodes to walk from an exit to a leaf at most; -1 when all exits are leaves of one value. */
  readonly steps: number;
  /** Nodes from the exits on, children side by side; empty without steps. */
  readonly walked: readonly number[];
}

/** Levels below a node. */
function depthOf(ensemble: TreeEnsemble, first: number, end: number): Uint16Array {
  const depths = new Uint16Array(end - first);
  for (let node = end - 1; node >= first; node--) {
    if (ensemble.column[node]! < 0) continue;
    const left = ensemble.left[node]! - first;
    depths[node - first] = 1 + Math.max(depths[left]!, depths[left + 1]!);
  }
  return depths;
}

/** The nodes below a level, from left to right; below a leaf the leaf itself, twice. */
function levelBelow({ column, left }: TreeEnsemble, nodes: readonly number[]): readonly number[] {
  const below: number[] = [];
  for (const node of nodes) {
    if (column[node]! < 0) below.push(node, node);
    else below.push(left[node]!, left[node]! + 1);
  }
  return below;
}

/** How a tree is laid out. */
export function planTree(ensemble: TreeEnsemble, tree: number): TreePlan {
  const root = ensemble.treeStart[tree]!;
  const depths = depthOf(ensemble, root, ensemble.treeStart[tree + 1]!);
  const levelCount = Math.min(Math.max(depths[0]!, UNIT_LEVELS), WHOLE_LEVELS_MAX);
  const levels: (readonly number[])[] = [[root]];
  while (levels.length < levelCount) levels.push(levelBelow(ensemble, levels.at(-1)!));
  const exits = levelBelow(ensemble, levels.at(-1)!);
  const steps = exits.reduce((most, node) => Math.max(most, depths[node - root]!), 0);
  if (steps === 0 && ensemble.leafWidth === 1) return { levels, exits, steps: -1, walked: [] };
  const walked = [...exits];
  for (let index = 0; index < walked.length; index++) {
    const node = walked[index]!;
    if (ensemble.column[node]! >= 0) walked.push(ensemble.left[node]!, ensemble.left[node]! + 1);
  }
  return { levels, exits, steps, walked };
}

/** Writes up to three nodes: left child, right child, parent. A leaf among them sends all rows left. */
function writeUnit(view: DataView, address: number, nodes: readonly number[], test: NodeWriter): void {
  nodes.forEach((node, place) => {
    const { offset, limit } = test(node);
    view.setUint32(address + 4 * place, offset, true);
    view.setInt8(address + 4 * UNIT_NODES + place, limit);
  });
}

type NodeWriter = (node: number) => { readonly offset: number; readonly limit: number };

/** What a node compares: the byte offset of its column of codes, and the code as the kernel stores it. */
export function nodeTests(ensemble: TreeEnsemble, columns: CodeColumns): NodeWriter {
  return (node) => {
    if (ensemble.column[node]! < 0) return { offset: 0, limit: GREATEST_LIMIT };
    const { copy, limit } = columns.testOf(node);
    return { offset: copy * CODE_COLUMN_BYTES, limit: limit - 128 };
  };
}

/** Units with which the whole levels end. */
export function lastUnits({ levels }: TreePlan): number {
  return 2 ** (levels.length - UNIT_LEVELS);
}

/** Nodes of all units: the last ones from left to right, then those two levels above, up to the root. */
function unitNodes({ levels }: TreePlan): readonly (readonly number[])[] {
  const units: (readonly number[])[] = [];
  let level = levels.length - UNIT_LEVELS;
  for (; level >= 0; level -= UNIT_LEVELS) {
    const children = levels[level + 1]!;
    levels[level]!.forEach((parent, at) => units.push([children[2 * at]!, children[2 * at + 1]!, parent]));
  }
  // A root that is left over is the parent of its unit, whose children are not read.
  if (level === -1) units.push([levels[0]![0]!, levels[0]![0]!, levels[0]![0]!]);
  return units;
}

/** Units of a tree. */
export function unitCount(plan: TreePlan): number {
  let count = 1;
  for (let units = lastUnits(plan); units > 1; units = Math.ceil(units / 4)) count += units;
  return count;
}

/** Writes the units of a tree. */
export function writeUnits(view: DataView, address: number, plan: TreePlan, test: NodeWriter): void {
  unitNodes(plan).forEach((nodes, unit) => {
    writeUnit(view, address + unit * UNIT_BYTES, nodes, test);
  });
}

/** Writes the nodes below the exits: offset of the column; number of the left child and, in the low byte, threshold. */
export function writeWalked(
  view: DataView,
  address: number,
  ensemble: TreeEnsemble,
  plan: TreePlan,
  test: NodeWriter,
): void {
  let child = plan.exits.length;
  plan.walked.forEach((node, place) => {
    const isLeaf = ensemble.column[node]! < 0;
    const { offset, limit } = test(node);
    view.setUint32(address + 8 * place, offset, true);
    view.setUint32(address + 8 * place + 4, (isLeaf ? place : child) * 256 + (limit & 255), true);
    if (!isLeaf) child += 2;
  });
}
