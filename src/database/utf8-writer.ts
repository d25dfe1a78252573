/**
 * Texts in UTF-8 written into VARCHAR vectors: a heap goes to DuckDB in one piece, and the entries of longer texts point
 * into it. The layout of entries is told in string-reader.ts.
 */
import { isUtf8 } from 'node:buffer';
import duckdb from '@duckdb/node-bindings';
import { internalError, type Utf8Texts } from '../core/index.ts';
import { writeNulls } from './vector-writer.ts';

const ENTRY_BYTES = 16;
const INLINE_BYTES_MAX = 12;

/** Heaps that the vectors of one chunk hold: columns that share a heap share its copy. */
export type HeapAddresses = Map<Uint8Array, number>;

/**
 * Writes `count` texts; `nulls[i]` 1 makes a NULL. `heaps`: of the chunk that the vector belongs to. The heap of texts
 * that were read from the database has more in it than they: then they are gathered in one of their own.
 */
export function writeUtf8(
  vector: duckdb.Vector,
  texts: Utf8Texts,
  nulls: Uint8Array | undefined,
  count: number,
  heaps: HeapAddresses,
): void {
  const isLong = texts.lengths.some((length) => length > INLINE_BYTES_MAX);
  const { heap, starts, lengths } = isLong && !heaps.has(texts.heap) ? withValidHeap(texts) : texts;
  const address = isLong ? heapAddress(vector, heap, heaps) : 0;
  const entries = new Uint8Array(count * ENTRY_BYTES);
  const words = new Uint32Array(entries.buffer);
  for (let row = 0; row < count; row++) {
    if (nulls?.[row] === 1) continue;
    const length = lengths[row]!;
    const start = starts[row]!;
    words[row * 4] = length;
    const shown = length <= INLINE_BYTES_MAX ? length : 4;
    for (let index = 0; index < shown; index++) {
      entries[row * ENTRY_BYTES + 4 + index] = heap[start + index]!;
    }
    if (length <= INLINE_BYTES_MAX) continue;
    const at = address + start;
    words[row * 4 + 2] = at % 2 ** 32;
    words[row * 4 + 3] = Math.floor(at / 2 ** 32);
  }
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  if (nulls !== undefined) writeNulls(vector, (row) => nulls[row] === 1, count);
}

/** DuckDB takes no text that is not valid UTF-8, and a heap goes to it as one text. */
function withValidHeap(texts: Utf8Texts): Utf8Texts {
  if (isUtf8(texts.heap)) return texts;
  const { lengths } = texts;
  const starts = new Uint32Array(lengths.length);
  const heap = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let end = 0;
  for (let row = 0; row < lengths.length; row++) {
    const start = texts.starts[row]!;
    starts[row] = end;
    heap.set(texts.heap.subarray(start, start + lengths[row]!), end);
    end += lengths[row]!;
  }
  return { heap, starts, lengths };
}

/** Where the chunk has a copy of the heap: the vector's first entry holds it for a moment, its memory for good. */
function heapAddress(vector: duckdb.Vector, heap: Uint8Array, heaps: HeapAddresses): number {
  const known = heaps.get(heap);
  if (known !== undefined) return known;
  duckdb.vector_assign_string_element_len(vector, 0, heap);
  const entry = duckdb.vector_get_data(vector, ENTRY_BYTES);
  const view = new DataView(entry.buffer, entry.byteOffset, ENTRY_BYTES);
  if (view.getUint32(0, true) !== heap.length)
    throw internalError('the database did not take a heap of texts');
  const address = Number(view.getBigUint64(8, true));
  heaps.set(heap, address);
  return address;
}
