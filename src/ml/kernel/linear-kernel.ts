/** Operations of the linear family. */

export interface LinearKernel {
  readonly linear: true;
}
