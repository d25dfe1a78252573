/** What an inner node asks of a row, in terms of the input: for tables and texts. */
import type { EncodedColumn, FeatureEncoder } from '../encode/feature-encoder.ts';
import { codeGoesLeft, type TreeEnsemble } from './tree-ensemble.ts';
import { sourceColumns } from './split-importance.ts';

export interface NodeTest {
  readonly feature: string;
  /** `<=` a threshold, `in` a set of categories, or `is not null`: what goes left. */
  readonly operator: '<=' | 'in' | 'is not null';
  readonly threshold: number | undefined;
  readonly categories: readonly string[] | undefined;
  /** Whether a missing value goes left: NULL, or a category that training did not see. */
  readonly missingLeft: boolean;
}

/** Tests of a tree's inner nodes. */
export class NodeTests {
  readonly #ensemble: TreeEnsemble;
  readonly #columns: ReadonlyMap<number, EncodedColumn>;

  constructor(ensemble: TreeEnsemble, encoder: FeatureEncoder) {
    this.#ensemble = ensemble;
    this.#columns = sourceColumns(encoder);
  }

  /** The node's test, or undefined at a leaf. */
  of(node: number): NodeTest | undefined {
    const { column, threshold, missingLeft, numericWidth } = this.#ensemble;
    const source = column[node]!;
    if (source < 0) return undefined;
    const encoded = this.#columns.get(source);
    const feature = encoded?.name ?? `column ${source}`;
    const isMissingLeft = missingLeft[node] === 1;
    if (source >= numericWidth) {
      const categories =
        encoded?.categories.filter((_, code) => codeGoesLeft(this.#ensemble, node, code)) ?? [];
      return { feature, operator: 'in', threshold: undefined, categories, missingLeft: isMissingLeft };
    }
    const limit = threshold[node]!;
    if (limit === Infinity) {
      const test = { feature, operator: 'is not null', threshold: undefined, categories: undefined } as const;
      return { ...test, missingLeft: isMissingLeft };
    }
    return { feature, operator: '<=', threshold: limit, categories: undefined, missingLeft: isMissingLeft };
  }
}
