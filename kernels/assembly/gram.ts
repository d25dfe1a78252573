/**
 * Gram matrices of rows of numbers. A block of rows is packed into panels of eight columns, [row][8] each, so that what is
 * multiplied lies together however wide rows are; a strip of the matrix takes what its panels and all earlier ones give.
 */

/** Columns of a panel, and bytes of one of its rows. */
const PANEL: i32 = 8;
const PANEL_ROW_BYTES: usize = 64;

/** Packs the first `panels` panels of z = (1, numeric - shift, 0 …) of each row; panels are `panelBytes` apart. */
export function packPanels(
  numericAt: usize,
  width: i32,
  count: i32,
  shiftAt: usize,
  panels: i32,
  panelsAt: usize,
  panelBytes: usize,
): void {
  const columns = min(width + 1, panels * PANEL);
  for (let row = 0; row < count; row++) {
    let at = panelsAt + <usize>row * PANEL_ROW_BYTES;
    store<f64>(at, 1.0);
    let valueAt = numericAt;
    let meanAt = shiftAt;
    let column = 1;
    for (; column < PANEL && column < columns; column++) {
      store<f64>(at + (<usize>column << 3), load<f64>(valueAt) - load<f64>(meanAt));
      valueAt += 8;
      meanAt += 8;
    }
    for (; column + PANEL <= columns; column += PANEL) {
      at += panelBytes;
      v128.store(at, f64x2.sub(v128.load(valueAt), v128.load(meanAt)));
      v128.store(at, f64x2.sub(v128.load(valueAt, 16), v128.load(meanAt, 16)), 16);
      v128.store(at, f64x2.sub(v128.load(valueAt, 32), v128.load(meanAt, 32)), 32);
      v128.store(at, f64x2.sub(v128.load(valueAt, 48), v128.load(meanAt, 48)), 48);
      valueAt += PANEL_ROW_BYTES;
      meanAt += PANEL_ROW_BYTES;
    }
    for (; column < panels * PANEL; column++) {
      const place = <usize>(column & (PANEL - 1)) << 3;
      if (place == 0) at += panelBytes;
      store<f64>(at + place, column < columns ? load<f64>(valueAt) - load<f64>(meanAt) : 0.0);
      valueAt += 8;
      meanAt += 8;
    }
    numericAt += <usize>width << 3;
  }
}

/** Writes weight · z of packed panels. */
export function weighPanels(
  panelsAt: usize,
  panels: i32,
  panelBytes: usize,
  count: i32,
  weightAt: usize,
  weightedAt: usize,
): void {
  for (let panel = 0; panel < panels; panel++) {
    let at = panelsAt;
    let target = weightedAt;
    for (let row = 0; row < count; row++) {
      const weight = v128.load64_splat(weightAt + (<usize>row << 3));
      v128.store(target, f64x2.mul(weight, v128.load(at)));
      v128.store(target, f64x2.mul(weight, v128.load(at, 16)), 16);
      v128.store(target, f64x2.mul(weight, v128.load(at, 32)), 32);
      v128.store(target, f64x2.mul(weight, v128.load(at, 48)), 48);
      at += PANEL_ROW_BYTES;
      target += PANEL_ROW_BYTES;
    }
    panelsAt += panelBytes;
    weightedAt += panelBytes;
  }
}

/** moment[j] += Σ weight · target · z[j] over the rows. */
export function addMoment(
  panelsAt: usize,
  panels: i32,
  panelBytes: usize,
  count: i32,
  weightAt: usize,
  targetAt: usize,
  momentAt: usize,
): void {
  for (let panel = 0; panel < panels; panel++) {
    let a = v128.load(momentAt);
    let b = v128.load(momentAt, 16);
    let c = v128.load(momentAt, 32);
    let d = v128.load(momentAt, 48);
    let at = panelsAt;
    for (let row = 0; row < count; row++) {
      const place = <usize>row << 3;
      const factor = f64x2.splat(load<f64>(weightAt + place) * load<f64>(targetAt + place));
      a = f64x2.add(a, f64x2.mul(factor, v128.load(at)));
      b = f64x2.add(b, f64x2.mul(factor, v128.load(at, 16)));
      c = f64x2.add(c, f64x2.mul(factor, v128.load(at, 32)));
      d = f64x2.add(d, f64x2.mul(factor, v128.load(at, 48)));
      at += PANEL_ROW_BYTES;
    }
    v128.store(momentAt, a);
    v128.store(momentAt, b, 16);
    v128.store(momentAt, c, 32);
    v128.store(momentAt, d, 48);
    panelsAt += panelBytes;
    momentAt += PANEL_ROW_BYTES;
  }
}

/**
 * strip[i][j] += Σ weighted[i] · z[j] over the rows, for the rows i of the matrix that panels from `firstPanel` to before
 * `endPanel` stand for, and all j as far as i's panel; what lies above the diagonal is of no use. `weightedAt`: the
 * panels of the strip alone. The strip's rows are 8 × endPanel numbers long.
 */
export function addStrip(
  weightedAt: usize,
  panelsAt: usize,
  panelBytes: usize,
  count: i32,
  firstPanel: i32,
  endPanel: i32,
  stripAt: usize,
): void {
  const rowBytes = <usize>endPanel * PANEL_ROW_BYTES;
  for (let panel = firstPanel; panel < endPanel; panel++) {
    for (let other = 0; other <= panel; other++) {
      const otherAt = panelsAt + <usize>other * panelBytes;
      const tileAt = stripAt + <usize>other * PANEL_ROW_BYTES;
      for (let row: usize = 0; row < 8; row += 2) {
        addTile(weightedAt + (row << 3), otherAt, count, tileAt + row * rowBytes, rowBytes);
      }
    }
    weightedAt += panelBytes;
    stripAt += rowBytes << 3;
  }
}

/** Two rows of the matrix and eight of its columns, held in registers over all rows of the block. */
@inline
function addTile(factorAt: usize, at: usize, count: i32, firstAt: usize, rowBytes: usize): void {
  const secondAt = firstAt + rowBytes;
  let a = v128.load(firstAt);
  let b = v128.load(firstAt, 16);
  let c = v128.load(firstAt, 32);
  let d = v128.load(firstAt, 48);
  let e = v128.load(secondAt);
  let f = v128.load(secondAt, 16);
  let g = v128.load(secondAt, 32);
  let h = v128.load(secondAt, 48);
  for (let row = 0; row < count; row++) {
    const first = v128.load64_splat(factorAt);
    const second = v128.load64_splat(factorAt, 8);
    const w = v128.load(at);
    const x = v128.load(at, 16);
    const y = v128.load(at, 32);
    const z = v128.load(at, 48);
    a = f64x2.add(a, f64x2.mul(first, w));
    b = f64x2.add(b, f64x2.mul(first, x));
    c = f64x2.add(c, f64x2.mul(first, y));
    d = f64x2.add(d, f64x2.mul(first, z));
    e = f64x2.add(e, f64x2.mul(second, w));
    f = f64x2.add(f, f64x2.mul(second, x));
    g = f64x2.add(g, f64x2.mul(second, y));
    h = f64x2.add(h, f64x2.mul(second, z));
    at += PANEL_ROW_BYTES;
    factorAt += PANEL_ROW_BYTES;
  }
  v128.store(firstAt, a);
  v128.store(firstAt, b, 16);
  v128.store(firstAt, c, 32);
  v128.store(firstAt, d, 48);
  v128.store(secondAt, e);
  v128.store(secondAt, f, 16);
  v128.store(secondAt, g, 32);
  v128.store(secondAt, h, 48);
}
