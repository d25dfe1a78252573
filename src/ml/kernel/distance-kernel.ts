/** Operations of the distance family. */

export interface DistanceKernel {
  readonly distance: true;
}
