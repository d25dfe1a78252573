/** A decision tree as text, in the manner of MLlib's toDebugString: one row a line. */
import { Types } from '../../core/index.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { ModelTable } from '../estimator.ts';
import type { ShownTree } from './shown-tree.ts';
import { NodeTests, type NodeTest } from './node-test.ts';
import { likeliestClass, nodeParents } from './tree-table.ts';

/** The lines of the text, numbered from 1. */
export function treeTextTable(
  shown: ShownTree,
  encoder: FeatureEncoder,
  classLabels: readonly string[],
): ModelTable {
  const lines = new TreeText(shown, encoder, classLabels).lines();
  return {
    schema: [
      { name: 'line_number', type: Types.int8 },
      { name: 'tree_text', type: Types.text },
    ],
    rows: lines.map((line, index) => [BigInt(index + 1), line]),
  };
}

class TreeText {
  readonly #shown: ShownTree;
  readonly #tests: NodeTests;
  readonly #classLabels: readonly string[];
  readonly #lines: string[] = [];

  constructor(shown: ShownTree, encoder: FeatureEncoder, classLabels: readonly string[]) {
    this.#shown = shown;
    this.#tests = new NodeTests(shown.ensemble, encoder);
    this.#classLabels = classLabels;
  }

  lines(): readonly string[] {
    const { ensemble, task } = this.#shown;
    const { depth } = nodeParents(this.#shown);
    const classes = task === 'classification' ? `, classes=${ensemble.leafWidth}` : '';
    const deepest = depth.reduce((most, value) => Math.max(most, value), 0);
    this.#lines.push(`Decision tree: depth=${deepest}, nodes=${ensemble.column.length}${classes}`);
    this.#write(0, 1);
    return this.#lines;
  }

  #write(node: number, depth: number): void {
    const indent = '  '.repeat(depth);
    const test = this.#tests.of(node);
    if (test === undefined) {
      this.#lines.push(`${indent}Predict: ${this.#prediction(node)}`);
      return;
    }
    const left = this.#shown.ensemble.left[node]!;
    this.#lines.push(`${indent}If (${leftText(test)})`);
    this.#write(left, depth + 1);
    this.#lines.push(`${indent}Else (${rightText(test)})`);
    this.#write(left + 1, depth + 1);
  }

  #prediction(node: number): string {
    const { ensemble, nodes, task } = this.#shown;
    const width = ensemble.leafWidth;
    const count = nodes.rows[node]!;
    const rows = `${count} ${count === 1 ? 'row' : 'rows'}`;
    if (task !== 'classification') return `${nodes.values[node]!} (${rows})`;
    const best = likeliestClass(nodes.values, node * width, width);
    const share = Number(nodes.values[node * width + best]!.toPrecision(4));
    return `${this.#classLabels[best]!} (probability ${share}, ${rows})`;
  }
}

function leftText(test: NodeTest): string {
  const orMissing = test.missingLeft ? ' or missing' : '';
  if (test.operator === '<=') return `${test.feature} <= ${test.threshold}${orMissing}`;
  if (test.operator === 'in') return `${test.feature} in {${test.categories!.join(', ')}}${orMissing}`;
  return `${test.feature} is not null`;
}

function rightText(test: NodeTest): string {
  const orMissing = test.missingLeft ? '' : ' or missing';
  if (test.operator === '<=') return `${test.feature} > ${test.threshold}${orMissing}`;
  if (test.operator === 'in') return `${test.feature} not in {${test.categories!.join(', ')}}${orMissing}`;
  return `${test.feature} is null`;
}
