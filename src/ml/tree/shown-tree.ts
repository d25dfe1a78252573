/** A decision tree with all that its tables show. */
import type { Task } from '../estimator.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** What is known of every node of the tree, leaves and inner ones alike. */
export interface TreeNodes {
  /** Decrease of impurity by the node's split; 0 at a leaf. */
  readonly gain: Float64Array;
  /** Training rows. */
  readonly rows: Float64Array;
  /** Mean label, or share of each class: leafWidth numbers a node. */
  readonly values: Float64Array;
}

/** The tree and what its tables show. */
export interface ShownTree {
  readonly task: Task;
  readonly ensemble: TreeEnsemble;
  readonly nodes: TreeNodes;
}
