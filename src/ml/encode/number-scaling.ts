/** How a number is scaled on its way to a model. */

/** An affine map of a number: (value - mean) / scale; NULL becomes 0 when `imputes`, else NaN. */
export interface NumberScaling {
  readonly mean: number;
  readonly scale: number;
  readonly imputes: boolean;
}

/** A value as a model takes it; NaN is NULL. */
export function scaledNumber(value: number, { mean, scale, imputes }: NumberScaling): number {
  if (Number.isNaN(value)) return imputes ? 0 : Number.NaN;
  return (value - mean) / scale;
}

/** Numbers as they are, NaN for NULL. */
export const UNSCALED: NumberScaling = { mean: 0, scale: 1, imputes: false };
