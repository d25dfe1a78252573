/** Sets of bins that go left (kernel/tree-kernel.ts). */
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';

/** The bins up to `lastBin`, and one more. */
export function binsUpTo(lastBin: number, other: number): Int32Array {
  const words = new Int32Array(BIN_SET_WORDS);
  const last = lastBin >>> 5;
  words.fill(-1, 0, last);
  words[last] = -1 >>> (31 - (lastBin & 31));
  words[other >>> 5] = words[other >>> 5]! | (1 << (other & 31));
  return words;
}

/** One bin. */
export function oneBin(bin: number): Int32Array {
  const words = new Int32Array(BIN_SET_WORDS);
  words[bin >>> 5] = 1 << (bin & 31);
  return words;
}
