/** Operations of the tree family. */

export interface TreeKernel {
  readonly tree: true;
}
