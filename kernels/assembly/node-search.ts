/**
 * The best cut of a node by Newton's score, T(G)² / (H + λ), T the soft threshold by α, from a histogram in whole numbers
 * (histogram.ts). The bins of a column that rows are in come first as a list of sums [G, H] from the first bin on; then two
 * candidates are judged at a time without a division: the sum of two scores beats a bound where
 * T(L)² (H_R + λ) + T(R)² (H_L + λ) > bound × (H_L + λ) (H_R + λ). Those that may be better are judged exactly, in the order
 * of bins, missing values on the right before those on the left. See src/ml/kernel/node-search.ts.
 *
 * columns    of each column: its number, its bins, 1 if each bin is a cut of its own
 * settings   G, H and rows of the node, α, λ, least H and least rows of a side, units of G and H
 * best       gain, column, bin, 1 if missing values go left, G, H and rows of the left side, 1 if the column has missing values
 */

const BIN_STRIDE: usize = 257 * 16;
/** Scratch: sums of 258 bins, then number and rows so far of each. */
const ROWS: usize = 258 * 16;
/** Behind that of a search in records: sums of the bins of one column, and which of them are in use. */
const SUMS: usize = 258 * 24;
const USED: usize = SUMS + 256 * 16;
const VALUES: usize = USED + 32;
/** Share by which products of several factors may be off. */
const SLACK: f64 = 1 - 1e-12;

/** T of both lanes. */
@inline
function shrink(value: v128, penalty: v128): v128 {
  return f64x2.sub(value, f64x2.max(f64x2.min(value, penalty), f64x2.neg(penalty)));
}

@inline
function shrinkOne(value: f64, penalty: f64): f64 {
  return value - max(min(value, penalty), -penalty);
}

@inline
function score(gradient: f64, hessian: f64, settingsAt: usize): f64 {
  const shrunk = shrinkOne(gradient, load<f64>(settingsAt, 24));
  return (shrunk * shrunk) / (hessian + load<f64>(settingsAt, 32));
}

/** Judges one candidate exactly. `entryAt`: number of its last bin, and rows so far. */
function judge(
  gradient: f64,
  hessian: f64,
  entryAt: usize,
  column: i32,
  missingLeft: bool,
  missingRows: f64,
  parent: f64,
  settingsAt: usize,
  bestAt: usize,
): void {
  const rows = <f64>load<u32>(entryAt, 4) + (missingLeft ? missingRows : 0.0);
  const other = load<f64>(settingsAt, 8) - hessian;
  const leastHessian = load<f64>(settingsAt, 40);
  const leastRows = load<f64>(settingsAt, 48);
  if (hessian < leastHessian || other < leastHessian) return;
  if (rows < leastRows || load<f64>(settingsAt, 16) - rows < leastRows) return;
  const gain =
    score(gradient, hessian, settingsAt) + score(load<f64>(settingsAt) - gradient, other, settingsAt) - parent;
  if (!(gain > load<f64>(bestAt))) return;
  store<f64>(bestAt, gain);
  store<f64>(bestAt, <f64>column, 8);
  store<f64>(bestAt, <f64>load<u32>(entryAt), 16);
  store<f64>(bestAt, missingLeft ? 1.0 : 0.0, 24);
  store<f64>(bestAt, gradient, 32);
  store<f64>(bestAt, hessian, 40);
  store<f64>(bestAt, rows, 48);
  store<f64>(bestAt, missingRows > 0.0 ? 1.0 : 0.0, 56);
}

/**
 * Judges the cuts of a list. Lanes are two cuts that follow each other; or, where the column has missing values, one cut
 * with these on the right and on the left.
 */
@inline
function scan(
  length: i32,
  column: i32,
  missing: v128,
  missingRows: f64,
  hasMissing: bool,
  isPenalised: bool,
  parent: f64,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  const totalGradient = v128.load64_splat(settingsAt);
  const totalHessian = v128.load64_splat(settingsAt, 8);
  const penalty = v128.load64_splat(settingsAt, 24);
  const ridge = v128.load64_splat(settingsAt, 32);
  const infinity = f64x2.splat(Infinity);
  const zero = f64x2.splat(0.0);
  const missingGradient = i64x2.shuffle(zero, missing, 0, 2);
  const missingHessian = i64x2.shuffle(zero, missing, 0, 3);
  let bound = f64x2.splat((load<f64>(bestAt) + parent) * SLACK);
  let at = scratchAt;
  let entryAt = scratchAt + ROWS;
  for (let position = 0; position < length; position += hasMissing ? 1 : 2) {
    let gradient: v128;
    let hessian: v128;
    if (hasMissing) {
      gradient = f64x2.add(v128.load64_splat(at), missingGradient);
      hessian = f64x2.add(v128.load64_splat(at, 8), missingHessian);
    } else {
      gradient = i64x2.shuffle(v128.load(at), v128.load(at, 16), 0, 2);
      hessian = i64x2.shuffle(v128.load(at), v128.load(at, 16), 1, 3);
    }
    const rest = f64x2.sub(totalGradient, gradient);
    const one = isPenalised ? shrink(gradient, penalty) : gradient;
    const other = isPenalised ? shrink(rest, penalty) : rest;
    const left = f64x2.add(hessian, ridge);
    const right = f64x2.add(f64x2.sub(totalHessian, hessian), ridge);
    const scores = f64x2.add(f64x2.mul(f64x2.mul(one, one), right), f64x2.mul(f64x2.mul(other, other), left));
    const least = f64x2.mul(f64x2.mul(bound, left), right);
    const isWorse = v128.and(f64x2.lt(scores, least), f64x2.lt(least, infinity));
    if (v128.any_true(v128.not(isWorse))) {
      judge(
        f64x2.extract_lane(gradient, 0),
        f64x2.extract_lane(hessian, 0),
        entryAt,
        column,
        false,
        missingRows,
        parent,
        settingsAt,
        bestAt,
      );
      judge(
        f64x2.extract_lane(gradient, 1),
        f64x2.extract_lane(hessian, 1),
        hasMissing ? entryAt : entryAt + 8,
        column,
        hasMissing,
        missingRows,
        parent,
        settingsAt,
        bestAt,
      );
      bound = f64x2.splat((load<f64>(bestAt) + parent) * SLACK);
    }
    at += hasMissing ? 16 : 32;
    entryAt += hasMissing ? 8 : 16;
  }
}

function scanMissing(
  length: i32,
  column: i32,
  missing: v128,
  missingRows: f64,
  parent: f64,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  scan(length, column, missing, missingRows, true, false, parent, settingsAt, scratchAt, bestAt);
}

function scanComplete(
  length: i32,
  column: i32,
  parent: f64,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  scan(length, column, f64x2.splat(0.0), 0.0, false, false, parent, settingsAt, scratchAt, bestAt);
}

function scanMissingPenalised(
  length: i32,
  column: i32,
  missing: v128,
  missingRows: f64,
  parent: f64,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  scan(length, column, missing, missingRows, true, true, parent, settingsAt, scratchAt, bestAt);
}

function scanCompletePenalised(
  length: i32,
  column: i32,
  parent: f64,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  scan(length, column, f64x2.splat(0.0), 0.0, false, true, parent, settingsAt, scratchAt, bestAt);
}

/** Scans the list at the start of the scratch. */
@inline
function scanList(
  length: i32,
  column: i32,
  missing: v128,
  missingRows: f64,
  parent: f64,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  const isPenalised = load<f64>(settingsAt, 24) != 0.0;
  if (missingRows > 0.0) {
    if (isPenalised)
      scanMissingPenalised(length, column, missing, missingRows, parent, settingsAt, scratchAt, bestAt);
    else scanMissing(length, column, missing, missingRows, parent, settingsAt, scratchAt, bestAt);
    return;
  }
  if (length == 0) return;
  // The last entry once more: no better than itself.
  const last = <usize>length - 1;
  v128.store(scratchAt + (last << 4), v128.load(scratchAt + (last << 4)), 16);
  store<u64>(scratchAt + ROWS + (last << 3), load<u64>(scratchAt + ROWS + (last << 3)), 8);
  if (isPenalised) scanCompletePenalised(length, column, parent, settingsAt, scratchAt, bestAt);
  else scanComplete(length, column, parent, settingsAt, scratchAt, bestAt);
}

/** Writes the list of a column's bins that rows are in; gives its length. */
@inline
function listBins(
  at: usize,
  binCount: u32,
  isSingle: bool,
  countBits: i32,
  units: v128,
  scratchAt: usize,
): i32 {
  const mask = ((<i64>1) << countBits) - 1;
  let gradient: i64 = 0;
  let packed: i64 = 0;
  let pairAt = scratchAt;
  let entryAt = scratchAt + ROWS;
  for (let bin: u32 = 0; bin < binCount; bin++) {
    const binPacked = load<i64>(at, 8);
    if (isSingle) {
      gradient = load<i64>(at);
      packed = binPacked;
    } else {
      gradient += load<i64>(at);
      packed += binPacked;
    }
    const pair = f64x2.replace_lane(f64x2.splat(<f64>gradient), 1, <f64>(packed >> countBits));
    v128.store(pairAt, f64x2.mul(pair, units));
    store<u64>(entryAt, <u64>bin | (<u64>(packed & mask) << 32));
    const isUsed = <usize>((binPacked & mask) != 0);
    pairAt += isUsed << 4;
    entryAt += isUsed << 3;
    at += 16;
  }
  return <i32>((pairAt - scratchAt) >> 4);
}

/** The best cut of the columns that gains anything; column -1 if there is none. */
export function searchHistogram(
  histogramAt: usize,
  columnsAt: usize,
  columnCount: i32,
  countBits: i32,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  const mask = ((<i64>1) << countBits) - 1;
  const units = v128.load(settingsAt, 56);
  const parent = score(load<f64>(settingsAt), load<f64>(settingsAt, 8), settingsAt);
  memory.fill(bestAt, 0, 64);
  store<f64>(bestAt, -1.0, 8);
  for (let index = 0; index < columnCount; index++) {
    const column = load<u32>(columnsAt);
    const binCount = load<u32>(columnsAt, 4);
    const isSingle = load<u32>(columnsAt, 8) != 0;
    columnsAt += 12;
    const at = histogramAt + <usize>column * BIN_STRIDE;
    const length = isSingle
      ? listBins(at, binCount, true, countBits, units, scratchAt)
      : listBins(at, binCount, false, countBits, units, scratchAt);
    const missingAt = at + (<usize>binCount << 4);
    const packed = isSingle ? 0 : load<i64>(missingAt, 8);
    const missing = f64x2.mul(
      f64x2.replace_lane(f64x2.splat(<f64>load<i64>(missingAt)), 1, <f64>(packed >> countBits)),
      units,
    );
    scanList(length, column, missing, <f64>(packed & mask), parent, settingsAt, scratchAt, bestAt);
  }
}

/** Adds a column of records to the sums behind the list; writes the list, gives its length and empties the sums. */
@inline
function listRecords(
  recordsAt: usize,
  count: i32,
  bytes: usize,
  missingBin: u32,
  isSingle: bool,
  countBits: i32,
  units: v128,
  scratchAt: usize,
): i32 {
  const mask = ((<i64>1) << countBits) - 1;
  let valueAt = scratchAt + VALUES;
  for (let record = 0; record < count; record++) {
    const bin = <usize>load<u8>(recordsAt);
    const at = scratchAt + SUMS + (bin << 4);
    v128.store(at, i64x2.add(v128.load(at), v128.load(valueAt)));
    const wordAt = scratchAt + USED + ((bin >> 5) << 2);
    store<u32>(wordAt, load<u32>(wordAt) | (<u32>1 << <u32>(bin & 31)));
    recordsAt += bytes;
    valueAt += 16;
  }
  let gradient: i64 = 0;
  let packed: i64 = 0;
  let length: usize = 0;
  for (let word: u32 = 0; word < 8; word++) {
    const wordAt = scratchAt + USED + (<usize>word << 2);
    let used = load<u32>(wordAt);
    store<u32>(wordAt, 0);
    while (used != 0) {
      const bin = (word << 5) + ctz(used);
      used &= used - 1;
      if (bin == missingBin) continue;
      const at = scratchAt + SUMS + (<usize>bin << 4);
      gradient = (isSingle ? 0 : gradient) + load<i64>(at);
      packed = (isSingle ? 0 : packed) + load<i64>(at, 8);
      v128.store(at, i64x2.splat(0));
      const pair = f64x2.replace_lane(f64x2.splat(<f64>gradient), 1, <f64>(packed >> countBits));
      v128.store(scratchAt + (length << 4), f64x2.mul(pair, units));
      store<u64>(scratchAt + ROWS + (length << 3), <u64>bin | (<u64>(packed & mask) << 32));
      length++;
    }
  }
  return <i32>length;
}

/** The same from records themselves (record.ts), for a few of them. The scratch has 16 bytes more for each. */
export function searchRecords(
  recordsAt: usize,
  count: i32,
  recordBytes: i32,
  rowAt: i32,
  columnsAt: usize,
  columnCount: i32,
  countBits: i32,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  const mask = ((<i64>1) << countBits) - 1;
  const bytes = <usize>recordBytes;
  const units = v128.load(settingsAt, 56);
  const parent = score(load<f64>(settingsAt), load<f64>(settingsAt, 8), settingsAt);
  const one = i64x2(0, 1);
  let factsAt = recordsAt + <usize>rowAt + 4;
  let valueAt = scratchAt + VALUES;
  for (let record = 0; record < count; record++) {
    const whole = i64x2.extend_low_i32x4_s(v128.load64_zero(factsAt));
    const packed = v128.or(i64x2.shl(whole, countBits), one);
    v128.store(valueAt, v128.shuffle<i64>(whole, packed, 0, 3));
    factsAt += bytes;
    valueAt += 16;
  }
  memory.fill(scratchAt + SUMS, 0, VALUES - SUMS);
  memory.fill(bestAt, 0, 64);
  store<f64>(bestAt, -1.0, 8);
  for (let index = 0; index < columnCount; index++) {
    const column = load<u32>(columnsAt);
    const binCount = load<u32>(columnsAt, 4);
    const isSingle = load<u32>(columnsAt, 8) != 0;
    columnsAt += 12;
    const at = recordsAt + <usize>column;
    const length = isSingle
      ? listRecords(at, count, bytes, binCount, true, countBits, units, scratchAt)
      : listRecords(at, count, bytes, binCount, false, countBits, units, scratchAt);
    const missingAt = scratchAt + SUMS + (<usize>binCount << 4);
    const packed = isSingle ? 0 : load<i64>(missingAt, 8);
    const missing = f64x2.mul(
      f64x2.replace_lane(f64x2.splat(<f64>load<i64>(missingAt)), 1, <f64>(packed >> countBits)),
      units,
    );
    v128.store(missingAt, i64x2.splat(0));
    scanList(length, column, missing, <f64>(packed & mask), parent, settingsAt, scratchAt, bestAt);
  }
}
