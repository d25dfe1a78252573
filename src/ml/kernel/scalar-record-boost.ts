/**
 * The step between two trees in plain TypeScript: oracle and fallback of kernels/assembly/boost.ts. Logistic loss in single
 * precision, as there: every operation is rounded. The exponential is that of the Cephes library (Moshier, 1992; expf).
 */
import { BOOST_BLOCK_RECORDS, boostBlocks, type BoostBlock, type BoostScratch } from './record-boost.ts';
import type { RecordLayout, RecordStep, RecordSums } from './record-kernel.ts';
import { BIN_SET_WORDS } from './tree-kernel.ts';

const { fround } = Math;
/** Adding and taking away 1.5 × 2^52 rounds to a whole number, halves to even, below 2^51. */
const ROUND = 6755399441055744;
const LOG2_E = fround(1.44269504);
const LN2_HIGH = fround(0.693359375);
const LN2_LOW = fround(-2.1219444e-4);
const ARGUMENT_MIN = -86;
const polynomial = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5,
].map(fround);

function plainBoostScratch(): BoostScratch {
  return {
    numbers: new Float64Array(BOOST_BLOCK_RECORDS),
    rows: new Int32Array(BOOST_BLOCK_RECORDS),
    weights: new Float64Array(BOOST_BLOCK_RECORDS),
    decays: new Float32Array(BOOST_BLOCK_RECORDS),
    sums: new Float64Array(3),
  };
}

/** Twin of the compiled step. */
export function scalarBoostRecords(records: Uint8Array, layout: RecordLayout, step: RecordStep): RecordSums {
  return boostBlocks(new ScalarBoostBlock(records, layout, step), step);
}

class ScalarBoostBlock implements BoostBlock {
  readonly scratch: BoostScratch = plainBoostScratch();
  readonly #records: Uint8Array;
  readonly #view: DataView;
  readonly #layout: RecordLayout;
  readonly #step: RecordStep;

  constructor(records: Uint8Array, layout: RecordLayout, step: RecordStep) {
    this.#records = records;
    this.#view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    this.#layout = layout;
    this.#step = step;
  }

  add({ node }: { readonly node: number }, first: number, count: number, place: number): void {
    const { rowAt, numberAt, bytes } = this.#layout;
    const { numbers, rows } = this.scratch;
    for (let index = 0; index < count; index++) {
      const base = (first + index) * bytes;
      const value = this.#step.tree.value[this.#leaf(base, node)]!;
      const sum = this.#view.getFloat64(base + numberAt, true) + value;
      this.#view.setFloat64(base + numberAt, sum, true);
      numbers[place + index] = sum;
      rows[place + index] = this.#view.getInt32(base + rowAt, true);
    }
  }

  #leaf(base: number, first: number): number {
    const { column, left, binSets } = this.#step.tree;
    let node = first;
    for (let split = column[node]!; split >= 0; split = column[node]!) {
      const bin = this.#records[base + split]!;
      const isLeft = (binSets[node * BIN_SET_WORDS + (bin >>> 5)]! >>> (bin & 31)) & 1;
      node = left[node]! + 1 - isLeft;
    }
    return node;
  }

  logistic(first: number, count: number): void {
    const { base, weight, units, writeGradients } = this.#step;
    const { numbers, rows, weights, decays, sums } = this.scratch;
    const product = [1, 1, 1, 1];
    const wrong = [0, 0, 0, 0];
    for (let index = 0; index < count; index++) {
      const lane = index & 3;
      const place = numbers[index]! + base;
      const margin = fround(place);
      const isOne = rows[index]! < 0;
      const decay = singleExponential(-Math.abs(margin));
      const denominator = fround(1 + decay);
      decays[index] = decay;
      product[lane] = product[lane]! * denominator;
      wrong[lane] = wrong[lane]! + (isOne === place >= 0 ? 0 : Math.abs(place));
      if (!writeGradients) continue;
      const greater = fround(1 / denominator);
      const lesser = fround(decay * greater);
      const size = isOne === margin >= 0 ? lesser : greater;
      const share = weight === undefined ? 1 : weights[index]!;
      const gradient = fround((isOne ? -size : size) * fround(share * units.gradientScale));
      const hessian = fround(fround(lesser * greater) * fround(share * units.hessianScale));
      this.#write(first + index, wholeSingle(gradient), wholeSingle(hessian));
    }
    sums[0] = product[0]! * product[1]! * (product[2]! * product[3]!);
    sums[1] = wrong[0]! + wrong[1]! + (wrong[2]! + wrong[3]!);
  }

  squared(first: number, count: number): void {
    const { weight, units, writeGradients } = this.#step;
    const { numbers, weights, sums } = this.scratch;
    const loss = [0, 0];
    const absolute = [0, 0];
    const greatest = [0, 0];
    for (let index = 0; index < count; index++) {
      const lane = index & 1;
      const error = numbers[index]!;
      const factor = weight === undefined ? 1 : weights[index]!;
      const share = factor * error;
      const size = Math.abs(share);
      loss[lane] = loss[lane]! + share * error;
      absolute[lane] = absolute[lane]! + size;
      if (greatest[lane]! < size) greatest[lane] = size;
      if (!writeGradients) continue;
      this.#write(first + index, whole(share * units.gradientScale), whole(factor * units.hessianScale));
    }
    sums[0] = loss[0]! + loss[1]!;
    sums[1] = absolute[0]! + absolute[1]!;
    sums[2] = greatest[0]! < greatest[1]! ? greatest[1]! : greatest[0]!;
  }

  #write(record: number, gradient: number, hessian: number): void {
    const place = record * this.#layout.bytes + this.#layout.rowAt;
    this.#view.setInt32(place + 4, gradient, true);
    this.#view.setInt32(place + 8, hessian, true);
  }
}

/** exp of single numbers <= 0. */
function singleExponential(value: number): number {
  const x = value < ARGUMENT_MIN ? ARGUMENT_MIN : value;
  const n = fround(fround(fround(x * LOG2_E) + 12582912) - 12582912);
  const high = fround(x - fround(n * LN2_HIGH));
  const r = fround(high - fround(n * LN2_LOW));
  let sum = polynomial[0]!;
  for (let power = 1; power < polynomial.length; power++) {
    sum = fround(fround(sum * r) + polynomial[power]!);
  }
  sum = fround(fround(fround(sum * r) * r) + r);
  return fround(fround(sum + 1) * 2 ** n);
}

/** The nearest whole number of 32 bits, halves to even; 0 for NaN. */
function wholeSingle(value: number): number {
  const nearest = value + ROUND - ROUND;
  return Number.isNaN(value) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, nearest));
}

const doubles = new Float64Array(1);
const words = new Int32Array(doubles.buffer);

/** The nearest whole number below 2^31, halves to even: the low bits of the sum, whatever they mean. */
function whole(value: number): number {
  doubles[0] = value + ROUND;
  return words[0]!;
}
