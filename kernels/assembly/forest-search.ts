/**
 * The best cut of a node over columns whose bins are in ascending order, by the gain of Newton's criterion: the score of
 * a side with sums S and H is T(G)² / (H + λ), G = centre × H - S, T the soft threshold (src/ml/tree/criterion.ts). The
 * bins of a column that rows are in come first as a list of pairs (S, H); then two candidates are judged at a time,
 * without a division: N / D beats the best score where N > best × D.
 *
 * settings   centre, S and H of the node, L1, λ, least H of a side
 * best       score, column, last bin that goes left, 1 if missing values go left, S and H of the left side, 1 if the
 *            column has missing values in the node
 */

const SLOTS: usize = 260;
const COUNTING_STRIDE: usize = SLOTS * 8;
const SUMMING_STRIDE: usize = SLOTS * 16;
/** Scratch: 258 pairs, then 256 bins, then bins of one column by slot, then which of them are in use. */
const BINS: usize = 258 * 16;
const COLUMN: usize = BINS + 256 * 4;
const USED: usize = COLUMN + SLOTS * 16;

/** T of both lanes. */
@inline
function shrink(value: v128, penalty: v128): v128 {
  return f64x2.sub(value, f64x2.max(f64x2.min(value, penalty), f64x2.neg(penalty)));
}

/** Judges one candidate exactly. */
function judge(
  above: f64,
  below: f64,
  sum: f64,
  weight: f64,
  column: i32,
  binAt: usize,
  missingLeft: f64,
  hasMissing: f64,
  settingsAt: usize,
  bestAt: usize,
): void {
  const best = load<f64>(bestAt);
  const least = load<f64>(settingsAt, 40);
  if (!(above > best * below)) return;
  if (weight < least || load<f64>(settingsAt, 16) - weight < least) return;
  const score = above / below;
  if (!(score > best)) return;
  store<f64>(bestAt, score);
  store<f64>(bestAt, <f64>column, 8);
  store<f64>(bestAt, <f64>load<u32>(binAt), 16);
  store<f64>(bestAt, missingLeft, 24);
  store<f64>(bestAt, sum, 32);
  store<f64>(bestAt, weight, 40);
  store<f64>(bestAt, hasMissing, 48);
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
  hasMissing: bool,
  isPenalised: bool,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  const centre = v128.load64_splat(settingsAt);
  const totalWeight = v128.load64_splat(settingsAt, 16);
  const totalGradient = f64x2.sub(f64x2.mul(centre, totalWeight), v128.load64_splat(settingsAt, 8));
  const penalty = v128.load64_splat(settingsAt, 24);
  const ridge = v128.load64_splat(settingsAt, 32);
  let best = v128.load64_splat(bestAt);
  let running = f64x2.splat(0.0);
  let sums = i64x2.shuffle(running, missing, 0, 2);
  let weights = i64x2.shuffle(running, missing, 0, 3);
  let at = scratchAt;
  for (let position = 0; position < length; ) {
    if (hasMissing) {
      sums = f64x2.add(sums, v128.load64_splat(at));
      weights = f64x2.add(weights, v128.load64_splat(at, 8));
    } else {
      const first = f64x2.add(running, v128.load(at));
      running = f64x2.add(first, v128.load(at, 16));
      sums = i64x2.shuffle(first, running, 0, 2);
      weights = i64x2.shuffle(first, running, 1, 3);
    }
    const gradient = f64x2.sub(f64x2.mul(centre, weights), sums);
    const left = isPenalised ? shrink(gradient, penalty) : gradient;
    const other = f64x2.sub(totalGradient, gradient);
    const right = isPenalised ? shrink(other, penalty) : other;
    const leftWeight = f64x2.add(weights, ridge);
    const rightWeight = f64x2.add(f64x2.sub(totalWeight, weights), ridge);
    const above = f64x2.add(
      f64x2.mul(f64x2.mul(left, left), rightWeight),
      f64x2.mul(f64x2.mul(right, right), leftWeight),
    );
    const below = f64x2.mul(leftWeight, rightWeight);
    if (v128.any_true(f64x2.gt(above, f64x2.mul(best, below)))) {
      const binAt = scratchAt + BINS + (<usize>position << 2);
      judge(
        f64x2.extract_lane(above, 0),
        f64x2.extract_lane(below, 0),
        f64x2.extract_lane(sums, 0),
        f64x2.extract_lane(weights, 0),
        column,
        binAt,
        0.0,
        hasMissing ? 1.0 : 0.0,
        settingsAt,
        bestAt,
      );
      judge(
        f64x2.extract_lane(above, 1),
        f64x2.extract_lane(below, 1),
        f64x2.extract_lane(sums, 1),
        f64x2.extract_lane(weights, 1),
        column,
        hasMissing ? binAt : binAt + 4,
        hasMissing ? 1.0 : 0.0,
        hasMissing ? 1.0 : 0.0,
        settingsAt,
        bestAt,
      );
      best = v128.load64_splat(bestAt);
    }
    at += hasMissing ? 16 : 32;
    position += hasMissing ? 1 : 2;
  }
}

function scanMissing(length: i32, column: i32, missing: v128, settingsAt: usize, scratchAt: usize, bestAt: usize): void {
  scan(length, column, missing, true, false, settingsAt, scratchAt, bestAt);
}

function scanComplete(length: i32, column: i32, missing: v128, settingsAt: usize, scratchAt: usize, bestAt: usize): void {
  scan(length, column, missing, false, false, settingsAt, scratchAt, bestAt);
}

function scanMissingPenalised(
  length: i32,
  column: i32,
  missing: v128,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  scan(length, column, missing, true, true, settingsAt, scratchAt, bestAt);
}

function scanCompletePenalised(
  length: i32,
  column: i32,
  missing: v128,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  scan(length, column, missing, false, true, settingsAt, scratchAt, bestAt);
}

/** Scans the list at the start of the scratch, of so many entries; `missing`: what the missing bin holds. */
@inline
function scanList(length: i32, column: i32, missing: v128, settingsAt: usize, scratchAt: usize, bestAt: usize): void {
  // An entry of nothing behind the last one: no better than the one before.
  v128.store(scratchAt + (<usize>length << 4), f64x2.splat(0.0));
  const hasMissing = f64x2.extract_lane(missing, 1) != 0.0;
  if (load<f64>(settingsAt, 24) == 0.0) {
    if (hasMissing) scanMissing(length, column, missing, settingsAt, scratchAt, bestAt);
    else scanComplete(length, column, missing, settingsAt, scratchAt, bestAt);
  } else if (hasMissing) {
    scanMissingPenalised(length, column, missing, settingsAt, scratchAt, bestAt);
  } else {
    scanCompletePenalised(length, column, missing, settingsAt, scratchAt, bestAt);
  }
}

/** Score of the whole node, that a split must beat. */
function startBest(settingsAt: usize, bestAt: usize): void {
  const weight = load<f64>(settingsAt, 16);
  const gradient = f64x2.splat(load<f64>(settingsAt) * weight - load<f64>(settingsAt, 8));
  const shrunk = f64x2.extract_lane(shrink(gradient, v128.load64_splat(settingsAt, 24)), 0);
  store<f64>(bestAt, (shrunk * shrunk) / (weight + load<f64>(settingsAt, 32)));
  store<f64>(bestAt, -1.0, 8);
}

/** The best cut over columns named at `columnsAt`, from a histogram. `binCountsAt`: bins of every column. */
export function searchTreeHistogram(
  histogramAt: usize,
  isCounting: i32,
  columnsAt: usize,
  columnCount: i32,
  binCountsAt: usize,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  startBest(settingsAt, bestAt);
  for (let index = 0; index < columnCount; index++) {
    const column = load<i32>(columnsAt + (<usize>index << 2));
    const binCount = load<i32>(binCountsAt + (<usize>column << 2));
    let pairAt = scratchAt;
    let binAt = scratchAt + BINS;
    let missing: v128;
    if (isCounting != 0) {
      let at = histogramAt + <usize>column * COUNTING_STRIDE;
      for (let bin = 0; bin < binCount; bin++) {
        v128.store(pairAt, f64x2.convert_low_i32x4_u(v128.load64_zero(at)));
        store<u32>(binAt, bin);
        const isUsed = <usize>(load<u32>(at, 4) != 0);
        pairAt += isUsed << 4;
        binAt += isUsed << 2;
        at += 8;
      }
      missing = f64x2.convert_low_i32x4_u(v128.load64_zero(at));
    } else {
      let at = histogramAt + <usize>column * SUMMING_STRIDE;
      for (let bin = 0; bin < binCount; bin++) {
        v128.store(pairAt, v128.load(at));
        store<u32>(binAt, bin);
        const isUsed = <usize>(load<f64>(at, 8) != 0.0);
        pairAt += isUsed << 4;
        binAt += isUsed << 2;
        at += 16;
      }
      missing = v128.load(at);
    }
    scanList(<i32>((pairAt - scratchAt) >> 4), column, missing, settingsAt, scratchAt, bestAt);
  }
}

/** Adds a column of records to the scratch's bins and notes which are in use. */
@inline
function addColumn(
  recordsAt: usize,
  endAt: usize,
  bytes: usize,
  column: usize,
  isCounting: bool,
  scratchAt: usize,
): void {
  for (let at = recordsAt; at < endAt; at += bytes) {
    const bin = <usize>load<u8>(at + column);
    if (isCounting) {
      const slot = scratchAt + COLUMN + (bin << 3);
      store<u64>(slot, load<u64>(slot) + (0x100000000 | <u64>load<u8>(at + bytes - 1)));
    } else {
      const slot = scratchAt + COLUMN + (bin << 4);
      v128.store(slot, f64x2.add(v128.load(slot), v128.load(at + bytes - 16)));
    }
    const word = scratchAt + USED + ((bin >> 5) << 2);
    store<u32>(word, load<u32>(word) | (<u32>1 << <u32>(bin & 31)));
  }
}

/**
 * The same from the records themselves, column by column: for nodes of few rows. The part of the scratch behind the list
 * is zero before and after.
 */
export function searchTreeRows(
  recordsAt: usize,
  recordCount: i32,
  recordBytes: i32,
  isCounting: i32,
  columnsAt: usize,
  columnCount: i32,
  binCountsAt: usize,
  settingsAt: usize,
  scratchAt: usize,
  bestAt: usize,
): void {
  startBest(settingsAt, bestAt);
  const bytes = <usize>recordBytes;
  const endAt = recordsAt + <usize>recordCount * bytes;
  for (let index = 0; index < columnCount; index++) {
    const column = load<i32>(columnsAt + (<usize>index << 2));
    const binCount = load<u32>(binCountsAt + (<usize>column << 2));
    if (isCounting != 0) addColumn(recordsAt, endAt, bytes, <usize>column, true, scratchAt);
    else addColumn(recordsAt, endAt, bytes, <usize>column, false, scratchAt);
    let missing = f64x2.splat(0.0);
    let length: usize = 0;
    for (let word: u32 = 0; word < 8; word++) {
      const wordAt = scratchAt + USED + (<usize>word << 2);
      let used = load<u32>(wordAt);
      store<u32>(wordAt, 0);
      while (used != 0) {
        const bin = (word << 5) + ctz(used);
        used &= used - 1;
        let pair: v128;
        if (isCounting != 0) {
          const slot = scratchAt + COLUMN + (<usize>bin << 3);
          pair = f64x2.convert_low_i32x4_u(v128.load64_zero(slot));
          store<u64>(slot, 0);
        } else {
          const slot = scratchAt + COLUMN + (<usize>bin << 4);
          pair = v128.load(slot);
          v128.store(slot, f64x2.splat(0.0));
        }
        if (bin == binCount) {
          missing = pair;
        } else {
          v128.store(scratchAt + (length << 4), pair);
          store<u32>(scratchAt + BINS + (length << 2), bin);
          length++;
        }
      }
    }
    scanList(<i32>length, column, missing, settingsAt, scratchAt, bestAt);
  }
}
