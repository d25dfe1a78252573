/** Weighted sums of the columns of numbers of a block of rows, as trees score them: column by column. */

/** What one column adds to two rows; a missing value is as its mean. */
@inline
function term(valuesAt: usize, mean: v128, weight: v128): v128 {
  const deviation = f64x2.sub(v128.load(valuesAt), mean);
  return f64x2.mul(v128.and(deviation, f64x2.eq(deviation, deviation)), weight);
}

/**
 * sums[row] = intercept + Σ (value - mean) × weight, in the order of the columns. `outputs`: of the program, each with its
 * intercept and then its weights. One row behind an odd last one is read and written.
 */
export function scoreLinear(
  programAt: usize,
  valuesAt: usize,
  columnBytes: usize,
  count: i32,
  workAt: usize,
  sumsAt: usize,
): void {
  const columns = load<i32>(programAt, 4);
  const meansAt = <usize>load<u32>(programAt, 8);
  const outputs = load<i32>(programAt, 12);
  let weightsAt = <usize>load<u32>(programAt, 16);
  for (let output = 0; output < outputs; output++) {
    const intercept = v128.load64_splat(weightsAt);
    for (let row = 0; row < count; row += 2) v128.store(workAt + (<usize>row << 3), intercept);
    weightsAt += 8;
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      const meanAt = meansAt + (<usize>column << 3);
      const firstAt = valuesAt + <usize>column * columnBytes;
      addFour(firstAt, columnBytes, count, meanAt, weightsAt, workAt);
      weightsAt += 32;
    }
    for (; column < columns; column++) {
      const mean = v128.load64_splat(meansAt + (<usize>column << 3));
      const weight = v128.load64_splat(weightsAt);
      const firstAt = valuesAt + <usize>column * columnBytes;
      weightsAt += 8;
      for (let row = 0; row < count; row += 2) {
        const place = <usize>row << 3;
        v128.store(workAt + place, f64x2.add(v128.load(workAt + place), term(firstAt + place, mean, weight)));
      }
    }
    let targetAt = sumsAt + (<usize>output << 3);
    for (let row = 0; row < count; row++) {
      store<f64>(targetAt, load<f64>(workAt + (<usize>row << 3)));
      targetAt += <usize>outputs << 3;
    }
  }
}

/** Adds the terms of four columns. */
function addFour(
  valuesAt: usize,
  columnBytes: usize,
  count: i32,
  meansAt: usize,
  weightsAt: usize,
  sumsAt: usize,
): void {
  const meanA = v128.load64_splat(meansAt);
  const meanB = v128.load64_splat(meansAt, 8);
  const meanC = v128.load64_splat(meansAt, 16);
  const meanD = v128.load64_splat(meansAt, 24);
  const weightA = v128.load64_splat(weightsAt);
  const weightB = v128.load64_splat(weightsAt, 8);
  const weightC = v128.load64_splat(weightsAt, 16);
  const weightD = v128.load64_splat(weightsAt, 24);
  const secondAt = valuesAt + columnBytes;
  const thirdAt = secondAt + columnBytes;
  const fourthAt = thirdAt + columnBytes;
  for (let place: usize = 0; place < <usize>count << 3; place += 16) {
    let sum = f64x2.add(v128.load(sumsAt + place), term(valuesAt + place, meanA, weightA));
    sum = f64x2.add(sum, term(secondAt + place, meanB, weightB));
    sum = f64x2.add(sum, term(thirdAt + place, meanC, weightC));
    v128.store(sumsAt + place, f64x2.add(sum, term(fourthAt + place, meanD, weightD)));
  }
}
