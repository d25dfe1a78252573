/**
 * Fitted trees as flat arrays, all trees end to end; what scoring walks and artifacts hold.
 *
 *   column   -1: a leaf, whose values start at leafValues[left × leafWidth]
 *            below numericWidth: numeric; left if value <= threshold, NaN by missingLeft
 *            else block column - numericWidth: left if the code is `threshold` (categorySet -1), or if the
 *            code is in the set of codes at categorySet; no code by missingLeft
 *   left     the left child; the right one follows it
 */
import { invalidData } from '../../core/index.ts';
import type { ModelArtifact, Tensor } from '../artifact.ts';
import type { EncodedRows } from '../layout.ts';
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { BinColumn, BinMapper } from './bin-mapper.ts';
import type { TreeBuilder } from './tree-builder.ts';

export interface TreeEnsemble {
  readonly numericWidth: number;
  /** Values of one leaf. */
  readonly leafWidth: number;
  /** First node of each tree; one more entry for the end. */
  readonly treeStart: Int32Array;
  readonly column: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly missingLeft: Uint8Array;
  /** First word of each node's code set in categoryWords, or -1. Empty when no node splits on a category. */
  readonly categorySet: Int32Array;
  readonly categoryWords: Int32Array;
  readonly leafValues: Float64Array;
}

/** Rows that walk one tree before the next tree is taken up: their numbers and the tree stay in the cache. */
const BLOCK_ROWS = 512;

/** Collects finished trees. */
export class EnsembleBuilder {
  readonly #mapper: BinMapper;
  readonly #numericWidth: number;
  readonly #leafWidth: number;
  readonly #treeStart: number[] = [0];
  readonly #column: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #categorySet: number[] = [];
  readonly #categoryWords: number[] = [];
  readonly #leafValues: number[] = [];

  constructor(mapper: BinMapper, numericWidth: number, leafWidth: number) {
    this.#mapper = mapper;
    this.#numericWidth = numericWidth;
    this.#leafWidth = leafWidth;
  }

  /**
   * Adds a tree. `leaf` gives a node's values. Nodes are renumbered breadth first, so that pruned ones
   * vanish; gives the builder's node of each of the tree's nodes.
   */
  add(tree: TreeBuilder, leaf: (node: number) => ArrayLike<number>): number[] {
    const first = this.#column.length;
    const nodes = [0];
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!;
      const split = tree.split[node];
      if (split === undefined) {
        this.#addNode(-1, 0, this.#leafValues.length / this.#leafWidth, false, -1);
        const values = leaf(node);
        for (let output = 0; output < this.#leafWidth; output++) this.#leafValues.push(values[output]!);
        continue;
      }
      const column = this.#mapper.columns[split.column]!;
      const source = column.kind === 'numeric' ? column.index : this.#numericWidth + column.index;
      const [threshold, set] = this.#test(column, split.lastBin, split.binSet);
      this.#addNode(source, threshold, first + nodes.length, split.missingLeft, set);
      nodes.push(tree.left[node]!, tree.left[node]! + 1);
    }
    this.#treeStart.push(this.#column.length);
    return nodes;
  }

  /** Multiplies the leaf values of a tree. */
  scale(tree: number, factor: number): void {
    for (let node = this.#treeStart[tree]!; node < this.#treeStart[tree + 1]!; node++) {
      if (this.#column[node]! >= 0) continue;
      for (let output = 0; output < this.#leafWidth; output++) {
        const index = this.#left[node]! * this.#leafWidth + output;
        this.#leafValues[index] = this.#leafValues[index]! * factor;
      }
    }
  }

  build(): TreeEnsemble {
    return {
      numericWidth: this.#numericWidth,
      leafWidth: this.#leafWidth,
      treeStart: Int32Array.from(this.#treeStart),
      column: Int32Array.from(this.#column),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      missingLeft: Uint8Array.from(this.#missingLeft),
      categorySet: Int32Array.from(
        this.#column.some((column) => column >= this.#numericWidth) ? this.#categorySet : [],
      ),
      categoryWords: Int32Array.from(this.#categoryWords),
      leafValues: Float64Array.from(this.#leafValues),
    };
  }

  /** Threshold and code set of a split. The last bin is open: everything that is not missing goes left. */
  #test(column: BinColumn, lastBin: number, binSet: Int32Array): readonly [number, number] {
    if (column.kind === 'numeric') return [column.thresholds[lastBin] ?? Infinity, -1];
    if (column.order === 'single') return [column.firstCode + onlyBin(binSet), -1];
    const start = this.#categoryWords.length;
    this.#categoryWords.push(...binSet);
    return [0, start];
  }

  #addNode(column: number, threshold: number, left: number, missingLeft: boolean, categorySet: number): void {
    this.#column.push(column);
    this.#threshold.push(threshold);
    this.#left.push(left);
    this.#missingLeft.push(missingLeft ? 1 : 0);
    this.#categorySet.push(categorySet);
  }
}

function onlyBin(binSet: Int32Array): number {
  const word = binSet.findIndex((bits) => bits !== 0);
  return word * 32 + (31 - Math.clz32(binSet[word]!));
}

/** Trees of an ensemble. */
export function treeCount(ensemble: TreeEnsemble): number {
  return ensemble.treeStart.length - 1;
}

/**
 * Whether a code goes left at a category node. Codes that no training row of the column had are as missing.
 */
export function codeGoesLeft(ensemble: TreeEnsemble, node: number, code: number): boolean {
  const start = ensemble.categorySet[node]!;
  if (start < 0) return code === ensemble.threshold[node]!;
  if (code < 0 || code >= BIN_SET_WORDS * 32 - 1) return ensemble.missingLeft[node] === 1;
  return ((ensemble.categoryWords[start + (code >>> 5)]! >>> (code & 31)) & 1) === 1;
}

/**
 * Adds every tree's leaf values to `output` (rowCount × outputWidth, row-major), node by node: those of tree t start at
 * column (t × leafWidth) % outputWidth.
 */
export function walkTrees(
  ensemble: TreeEnsemble,
  rows: EncodedRows,
  output: Float64Array,
  outputWidth: number,
): void {
  const walk = ensemble.categorySet.length === 0 ? walkNumbers : walkAll;
  for (let first = 0; first < rows.rowCount; first += BLOCK_ROWS) {
    const end = Math.min(rows.rowCount, first + BLOCK_ROWS);
    for (let tree = 0; tree < treeCount(ensemble); tree++) {
      walk(ensemble, tree, rows, first, end, output, outputWidth);
    }
  }
}

function walkNumbers(
  ensemble: TreeEnsemble,
  tree: number,
  rows: EncodedRows,
  first: number,
  end: number,
  output: Float64Array,
  outputWidth: number,
): void {
  const { column, threshold, left, missingLeft, leafValues, leafWidth, numericWidth } = ensemble;
  const { numeric } = rows;
  const root = ensemble.treeStart[tree]!;
  const target = (tree * leafWidth) % outputWidth;
  for (let row = first; row < end; row++) {
    const base = row * numericWidth;
    let node = root;
    let split = column[node]!;
    while (split >= 0) {
      const value = numeric[base + split]!;
      if (value <= threshold[node]!) node = left[node]!;
      else if (value === value) node = left[node]! + 1;
      else node = left[node]! + 1 - missingLeft[node]!;
      split = column[node]!;
    }
    const leaf = left[node]! * leafWidth;
    const slot = row * outputWidth + target;
    for (let index = 0; index < leafWidth; index++) {
      output[slot + index] = output[slot + index]! + leafValues[leaf + index]!;
    }
  }
}

function walkAll(
  ensemble: TreeEnsemble,
  tree: number,
  rows: EncodedRows,
  first: number,
  end: number,
  output: Float64Array,
  outputWidth: number,
): void {
  const { column, left, leafValues, leafWidth } = ensemble;
  const target = (tree * leafWidth) % outputWidth;
  for (let row = first; row < end; row++) {
    let node = ensemble.treeStart[tree]!;
    while (column[node]! >= 0) node = left[node]! + (rowGoesLeft(ensemble, node, rows, row) ? 0 : 1);
    const leaf = left[node]! * leafWidth;
    const slot = row * outputWidth + target;
    for (let index = 0; index < leafWidth; index++) {
      output[slot + index] = output[slot + index]! + leafValues[leaf + index]!;
    }
  }
}

function rowGoesLeft(ensemble: TreeEnsemble, node: number, rows: EncodedRows, row: number): boolean {
  const { numericWidth, column, threshold, missingLeft } = ensemble;
  const split = column[node]!;
  if (split >= numericWidth) {
    const block = split - numericWidth;
    return codeGoesLeft(ensemble, node, rows.codes[row * rows.layout.categories.length + block]!);
  }
  const value = rows.numeric[row * numericWidth + split]!;
  return value <= threshold[node]! || (value !== value && missingLeft[node] === 1);
}

/** Bytes of an ensemble with so many nodes. */
export function ensembleBytes(nodeCount: number, leafWidth: number): number {
  return nodeCount * 21 + Math.ceil(nodeCount / 2) * leafWidth * 8;
}

const tensorNames = [
  'treeStart',
  'column',
  'threshold',
  'left',
  'missingLeft',
  'categorySet',
  'categoryWords',
  'leafValues',
] as const;

export function ensembleTensors(ensemble: TreeEnsemble): Tensor[] {
  return tensorNames.map((name) => ({ name, shape: [ensemble[name].length], data: ensemble[name] }));
}

/** The ensemble that `ensembleTensors` wrote. */
export function restoreEnsemble(
  artifact: ModelArtifact,
  numericWidth: number,
  leafWidth: number,
): TreeEnsemble {
  return {
    numericWidth,
    leafWidth,
    treeStart: tensorData(artifact, 'treeStart', Int32Array),
    column: tensorData(artifact, 'column', Int32Array),
    threshold: tensorData(artifact, 'threshold', Float64Array),
    left: tensorData(artifact, 'left', Int32Array),
    missingLeft: tensorData(artifact, 'missingLeft', Uint8Array),
    categorySet: tensorData(artifact, 'categorySet', Int32Array),
    categoryWords: tensorData(artifact, 'categoryWords', Int32Array),
    leafValues: tensorData(artifact, 'leafValues', Float64Array),
  };
}

/** A tensor of the artifact by name, as the array type it was written with. */
export function tensorData<T extends object>(
  artifact: ModelArtifact,
  name: string,
  type: abstract new (...parameters: never[]) => T,
): T {
  const data = artifact.tensors.find((tensor) => tensor.name === name)?.data;
  if (data instanceof type) return data;
  throw invalidData(`the model's artifact is damaged: it has no tensor ${name} of the right type`);
}
