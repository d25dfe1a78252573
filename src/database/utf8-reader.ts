/**
 * VARCHAR vectors as UTF-8 in one heap. The layout of a vector is told in string-reader.ts. Longer texts of a vector lie close together in memory nearly always, in the
 * vector's order or (as in a dictionary) in another: many are read at once, with what lies between them. That may be
 * done because memory is mapped in pages: what lies between is on a page of the one text or the other.
 */
import duckdb from '@duckdb/node-bindings';
import type { Utf8Texts } from '../core/index.ts';
import { releaseCopy } from './chunk-copy.ts';

const ENTRY_BYTES = 16;
const INLINE_BYTES_MAX = 12;
/** Memory is mapped in pages of this size or a multiple: where one byte can be read, its whole page can. */
const PAGE_BYTES = 4096;
/** Texts that lie further apart than this are read one by one. */
const SPAN_PAGES_MAX = 16_384;
/** Pages are read whole as long as they are not so many times longer than the texts. */
const PAGE_WASTE_MAX = 4;
/** Texts that follow each other are read in stretches of so many rows on average, or in so few stretches. */
const STRETCH_ROWS_MIN = 16;
const STRETCHES_MIN = 4;

/** Texts that do not fit their entries: where they lie in memory. */
interface LongTexts {
  readonly rows: Uint32Array;
  readonly addresses: Float64Array;
  readonly count: number;
  readonly first: number;
  readonly end: number;
  readonly byteCount: number;
}

/** Bytes that texts follow each other in: the halves of an address, and how many. */
interface Stretch {
  readonly low: number;
  readonly high: number;
  byteCount: number;
}

/** The texts of a vector's rows. */
export function readUtf8(vector: duckdb.Vector, count: number, nulls: Uint8Array | undefined): Utf8Texts {
  const entries = duckdb.vector_get_data(vector, count * ENTRY_BYTES);
  const words = new Uint32Array(entries.buffer, entries.byteOffset, count * 4);
  const starts = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  const stretches = placeTexts(words, nulls, starts, lengths);
  if (stretches !== undefined) {
    const bytes = stretches.map(({ low, high, byteCount }) => readMemory(high * 2 ** 32 + low, byteCount));
    return { heap: joined(entries, bytes), starts, lengths };
  }
  const long = findLongTexts(words, nulls, starts, lengths);
  const pieces = readPages(long, lengths) ?? readSingly(long, lengths);
  for (let index = 0; index < long.count; index++) {
    starts[long.rows[index]!] = entries.length + pieces.starts[index]!;
  }
  return { heap: joined(entries, pieces.bytes), starts, lengths };
}

/** Entries and the bytes behind them, as one heap. */
function joined(entries: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 0) return entries;
  const heap = Buffer.allocUnsafeSlow(pieces.reduce((sum, bytes) => sum + bytes.length, entries.length));
  let start = 0;
  for (const bytes of [entries, ...pieces]) {
    heap.set(bytes, start);
    start += bytes.length;
    releaseCopy(bytes);
  }
  return heap;
}

/**
 * Fills in lengths, and starts in a heap where the entries come first and stretches behind them; undefined when the
 * stretches would be short.
 */
function placeTexts(
  words: Uint32Array,
  nulls: Uint8Array | undefined,
  starts: Uint32Array,
  lengths: Uint32Array,
): readonly Stretch[] | undefined {
  const stretches: Stretch[] = [];
  const stretchCountMax = STRETCHES_MIN + lengths.length / STRETCH_ROWS_MIN;
  let stretch: Stretch | undefined;
  let base = words.byteLength;
  for (let row = 0; row < lengths.length; row++) {
    if (nulls !== undefined && nulls[row] === 1) continue;
    const length = words[row * 4]!;
    lengths[row] = length;
    starts[row] = row * ENTRY_BYTES + 4;
    if (length <= INLINE_BYTES_MAX) continue;
    const low = words[row * 4 + 2]!;
    const high = words[row * 4 + 3]!;
    let from = stretch === undefined ? -1 : low - stretch.low;
    if (stretch?.high !== high || from < 0 || from - stretch.byteCount >= PAGE_BYTES) {
      if (stretches.length >= stretchCountMax) return undefined;
      base += stretch?.byteCount ?? 0;
      stretch = { low, high, byteCount: 0 };
      stretches.push(stretch);
      from = 0;
    }
    starts[row] = base + from;
    if (from + length > stretch.byteCount) stretch.byteCount = from + length;
  }
  return stretches;
}

/** Fills in lengths, and starts of the texts that stand in their entries; gives the others. */
function findLongTexts(
  words: Uint32Array,
  nulls: Uint8Array | undefined,
  starts: Uint32Array,
  lengths: Uint32Array,
): LongTexts {
  const rows = new Uint32Array(lengths.length);
  const addresses = new Float64Array(lengths.length);
  let count = 0;
  let first = Number.POSITIVE_INFINITY;
  let end = 0;
  let byteCount = 0;
  for (let row = 0; row < lengths.length; row++) {
    if (nulls?.[row] === 1) continue;
    const length = words[row * 4]!;
    lengths[row] = length;
    starts[row] = row * ENTRY_BYTES + 4;
    if (length <= INLINE_BYTES_MAX) continue;
    const address = words[row * 4 + 3]! * 2 ** 32 + words[row * 4 + 2]!;
    rows[count] = row;
    addresses[count++] = address;
    first = Math.min(first, address);
    end = Math.max(end, address + length);
    byteCount += length;
  }
  return { rows, addresses, count, first, end, byteCount };
}

/** Bytes that were read, and where in all of them together each long text starts. */
interface Pieces {
  readonly bytes: readonly Uint8Array[];
  readonly byteCount: number;
  readonly starts: Float64Array;
}

/** Reads the pages that hold texts; undefined when the texts are too far from each other for that. */
function readPages(long: LongTexts, lengths: Uint32Array): Pieces | undefined {
  const base = Math.floor(long.first / PAGE_BYTES);
  const pageCount = Math.floor((long.end - 1) / PAGE_BYTES) - base + 1;
  if (pageCount > SPAN_PAGES_MAX) return undefined;
  const isTouched = new Uint8Array(pageCount + 1);
  let touched = 0;
  for (let index = 0; index < long.count; index++) {
    const address = long.addresses[index]!;
    const last = Math.floor((address + lengths[long.rows[index]!]! - 1) / PAGE_BYTES) - base;
    for (let page = Math.floor(address / PAGE_BYTES) - base; page <= last; page++) {
      touched += 1 - isTouched[page]!;
      isTouched[page] = 1;
    }
  }
  if ((touched - 2) * PAGE_BYTES > PAGE_WASTE_MAX * long.byteCount) return undefined;
  return readRuns(long, base, isTouched);
}

/** Reads each run of neighbouring pages at once, from the first text on and up to the end of the last one. */
function readRuns(long: LongTexts, base: number, isTouched: Uint8Array): Pieces {
  const bytes: Uint8Array[] = [];
  /** What is added to an address for its place among the bytes, by page. */
  const shifts = new Float64Array(isTouched.length);
  let byteCount = 0;
  for (let page = 0; page < isTouched.length; page++) {
    if (isTouched[page] === 0) continue;
    const runStart = page;
    while (isTouched[page + 1] === 1) page++;
    const from = Math.max(long.first, (base + runStart) * PAGE_BYTES);
    const until = Math.min(long.end, (base + page + 1) * PAGE_BYTES);
    shifts.fill(byteCount - from, runStart, page + 1);
    bytes.push(readMemory(from, until - from));
    byteCount += until - from;
  }
  const starts = new Float64Array(long.count);
  for (let index = 0; index < long.count; index++) {
    const address = long.addresses[index]!;
    starts[index] = address + shifts[Math.floor(address / PAGE_BYTES) - base]!;
  }
  return { bytes, byteCount, starts };
}

function readMemory(address: number, byteCount: number): Uint8Array {
  const pointer = new BigUint64Array([BigInt(address)]);
  return duckdb.get_data_from_pointer(pointer.buffer, 0, byteCount);
}

function readSingly(long: LongTexts, lengths: Uint32Array): Pieces {
  const bytes: Uint8Array[] = [];
  const starts = new Float64Array(long.count);
  let byteCount = 0;
  for (let index = 0; index < long.count; index++) {
    const length = lengths[long.rows[index]!]!;
    bytes.push(readMemory(long.addresses[index]!, length));
    starts[index] = byteCount;
    byteCount += length;
  }
  return { bytes, byteCount, starts };
}
