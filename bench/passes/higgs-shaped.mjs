/** Seeded rows shaped like the HIGGS data: 28 numeric columns, some made of others, 3 % missing; labels 0 and 1. */
import { Random } from '../../dist/core/index.js';

export const WIDTH = 28;

/** Row-major features and labels. */
export function higgsShaped(rowCount, seed = 7) {
  const random = new Random(seed);
  const numeric = new Float64Array(rowCount * WIDTH);
  const label = new Float64Array(rowCount);
  const z = new Float64Array(21);
  for (let row = 0; row < rowCount; row++) {
    for (let index = 0; index < z.length; index++) z[index] = random.normal();
    const derived = [
      Math.abs(z[0] * z[1]),
      z[2] * z[2] + z[3],
      Math.sqrt(Math.abs(z[4] + z[5])),
      z[6] * z[7],
      Math.exp(0.5 * z[8]),
      Math.max(z[9], z[10]),
      z[11] + z[12] * z[13],
    ];
    const weights = [1, -0.6, 1.2, 0.8, -0.5, 0.7, -0.4];
    const score = derived.reduce((sum, value, index) => sum + weights[index] * value, 0.3 * z[14] - 0.5);
    label[row] = random.uniform() < 1 / (1 + Math.exp(-0.8 * score)) ? 1 : 0;
    const values = [...z, ...derived];
    for (let column = 0; column < WIDTH; column++) {
      numeric[row * WIDTH + column] = random.uniform() < 0.03 ? NaN : values[column];
    }
  }
  return { rowCount, numeric, label };
}
