/** How a number is scaled on its way to a model. */

/** An affine map of a number: (value - mean) / scale; NULL becomes 0 when `imputes`, else NaN. */
export interface NumberScaling {
  readonly mean: number;
  readonly scale: number;
  readonly imputes: boolean;
}

/** Numbers as they are, NaN for NULL. */
export const UNSCALED: NumberScaling = { mean: 0, scale: 1, imputes: false };
