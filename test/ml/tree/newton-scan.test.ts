/** The fast scan finds the cut of the definition. */
import { expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import type { Cut } from '../../../src/ml/tree/cut.ts';
import { newtonScan } from '../../../src/ml/tree/newton-scan.ts';

const random = new Random(4);

/** Bins of [gradient, hessian, rows], some empty, the last one of missing values. */
function someBins(binCount: number, scale: number): Float64Array {
  const histogram = new Float64Array(3 * (binCount + 1));
  for (let bin = 0; bin <= binCount; bin++) {
    const rows = random.below(4);
    if (rows > 0) histogram.set([scale * random.normal(), scale * random.uniform(), rows], 3 * bin);
  }
  return histogram;
}

function sumOf(histogram: Float64Array, bins: readonly number[]): Float64Array {
  const sums = new Float64Array(3);
  for (const bin of bins) {
    for (let index = 0; index < 3; index++) sums[index] = sums[index]! + histogram[3 * bin + index]!;
  }
  return sums;
}

/** Every cut in turn, missing values right and then left. */
function expectedCut(
  histogram: Float64Array,
  binCount: number,
  total: Float64Array,
  leastWeight: number,
  l2: number,
): Cut {
  const score = (gradient: number, hessian: number): number => (gradient * gradient) / (hessian + l2);
  const best: Cut = { gain: 0, position: -1, missingLeft: false };
  const bins = Array.from({ length: binCount }, (_, bin) => bin);
  for (let position = 0; position < binCount; position++) {
    if (histogram[3 * position + 2] === 0) continue;
    const sides = [sumOf(histogram, bins.slice(0, position + 1)), sumOf(histogram, [binCount])];
    const isMissing = histogram[3 * binCount + 2]! > 0;
    for (const missingLeft of isMissing ? [false, true] : [false]) {
      const [gradient, hessian, rows] = sides[0]!.map((sum, index) =>
        missingLeft ? sum + sides[1]![index]! : sum,
      ) as unknown as [number, number, number];
      if (total[2]! - rows < 1 || total[2]! - sides[0]![2]! < 1) continue;
      if (hessian < leastWeight || total[1]! - hessian < leastWeight) continue;
      const gain =
        score(gradient, hessian) +
        score(total[0]! - gradient, total[1]! - hessian) -
        score(total[0]!, total[1]!);
      if (gain > best.gain) Object.assign(best, { gain, position, missingLeft });
    }
  }
  return best;
}

test.each([1, 1e-150, 1e120])('of gradients and hessians of size %d', (scale) => {
  for (let round = 0; round < 300; round++) {
    const binCount = 1 + random.below(20);
    const histogram = someBins(binCount, scale);
    const total = sumOf(
      histogram,
      Array.from({ length: binCount + 1 }, (_, bin) => bin),
    );
    const l2 = round % 2 === 0 ? 0 : scale * random.uniform();
    const leastWeight = Math.max(scale * 0.3 * random.uniform(), 1e-12 * total[1]!);
    if (!(leastWeight + l2 > 0)) continue;
    const best: Cut = { gain: 0, position: -1, missingLeft: false };
    const sequence = Int32Array.from({ length: binCount }, (_, bin) => bin);
    const bins = { histogram, base: 0, sequence, length: binCount, missing: 3 * binCount };
    newtonScan(bins, total, { rows: 1, weight: 0 }, leastWeight, 1, l2, best);
    expect(best).toEqual(expectedCut(histogram, binCount, total, leastWeight, l2));
  }
});
