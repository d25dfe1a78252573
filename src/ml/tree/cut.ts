/** Cuts of a sequence of bins in two. */

/** Least size of both sides of a split. */
export interface SideLimits {
  readonly rows: number;
  readonly weight: number;
}

/** Best cut that a scan found: bins up to `position` of the sequence go left. */
export interface Cut {
  gain: number;
  position: number;
  missingLeft: boolean;
}
