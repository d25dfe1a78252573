/** Squared distances of rows of numbers from centroids. */

@inline
function addSquare(sums: v128, x: v128, at: usize): v128 {
  const difference = f64x2.sub(x, v128.load(at));
  return f64x2.add(sums, f64x2.mul(difference, difference));
}

@inline
function distanceOf(sums: v128, numericAt: usize, width: i32, centroidAt: usize): f64 {
  let even = f64x2.extract_lane(sums, 0);
  if (width & 1) {
    const place = <usize>(width - 1) << 3;
    const difference = load<f64>(numericAt + place) - load<f64>(centroidAt + place);
    even += difference * difference;
  }
  return even + f64x2.extract_lane(sums, 1);
}

/**
 * output[row × centroids + c] = Σ (x - centroid c)². Even and odd columns are summed side by side; a last single column
 * goes with the even ones. Centroids are `stride` numbers apart.
 */
export function squaredDistances(
  numericAt: usize,
  width: i32,
  rowCount: i32,
  centroidsAt: usize,
  stride: i32,
  centroids: i32,
  outputAt: usize,
): void {
  const rowBytes = <usize>width << 3;
  const centroidBytes = <usize>stride << 3;
  const pairBytes = <usize>(width & ~1) << 3;
  for (let row = 0; row < rowCount; row++) {
    let centroidAt = centroidsAt;
    let centroid = 0;
    for (; centroid + 4 <= centroids; centroid += 4) {
      let a = f64x2.splat(0.0);
      let b = a;
      let c = a;
      let d = a;
      for (let place: usize = 0; place < pairBytes; place += 16) {
        const x = v128.load(numericAt + place);
        const at = centroidAt + place;
        a = addSquare(a, x, at);
        b = addSquare(b, x, at + centroidBytes);
        c = addSquare(c, x, at + 2 * centroidBytes);
        d = addSquare(d, x, at + 3 * centroidBytes);
      }
      store<f64>(outputAt, distanceOf(a, numericAt, width, centroidAt));
      store<f64>(outputAt, distanceOf(b, numericAt, width, centroidAt + centroidBytes), 8);
      store<f64>(outputAt, distanceOf(c, numericAt, width, centroidAt + 2 * centroidBytes), 16);
      store<f64>(outputAt, distanceOf(d, numericAt, width, centroidAt + 3 * centroidBytes), 24);
      centroidAt += 4 * centroidBytes;
      outputAt += 32;
    }
    for (; centroid < centroids; centroid++) {
      let sums = f64x2.splat(0.0);
      for (let place: usize = 0; place < pairBytes; place += 16) {
        sums = addSquare(sums, v128.load(numericAt + place), centroidAt + place);
      }
      store<f64>(outputAt, distanceOf(sums, numericAt, width, centroidAt));
      centroidAt += centroidBytes;
      outputAt += 8;
    }
    numericAt += rowBytes;
  }
}
