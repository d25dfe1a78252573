/**
 * VARCHAR and BLOB vectors: 16 bytes a row, a 32-bit length and then either up to 12 bytes of data, or a
 * 4-byte prefix and a pointer to the data. Source: DuckDB's duckdb_string_t.
 */
import duckdb from '@duckdb/node-bindings';
import type { Value } from '../core/index.ts';

const ENTRY_BYTES = 16;
const INLINE_BYTES_MAX = 12;

/** Texts of a VARCHAR vector; NULL rows are null. */
export function readStrings(
  vector: duckdb.Vector,
  count: number,
  nulls: Uint8Array | undefined,
): (string | null)[] {
  const { buffer, lengths } = entries(vector, count);
  const values = new Array<string | null>(count);
  for (let row = 0; row < count; row++) {
    const start = row * ENTRY_BYTES;
    const length = lengths[row * 4]!;
    if (nulls?.[row] === 1) values[row] = null;
    else if (length <= INLINE_BYTES_MAX) values[row] = inlineText(buffer, start + 4, length);
    else values[row] = pointedBytes(buffer, start, length).toString('utf8');
  }
  return values;
}

/** Bytes of a BLOB vector. */
export function readBytes(vector: duckdb.Vector, count: number, nulls: Uint8Array | undefined): Value[] {
  const { buffer, lengths } = entries(vector, count);
  const values = new Array<Value>(count).fill(null);
  for (let row = 0; row < count; row++) {
    if (nulls?.[row] === 1) continue;
    const start = row * ENTRY_BYTES;
    const length = lengths[row * 4]!;
    const isInline = length <= INLINE_BYTES_MAX;
    const bytes = isInline
      ? buffer.subarray(start + 4, start + 4 + length)
      : pointedBytes(buffer, start, length);
    values[row] = Uint8Array.from(bytes);
  }
  return values;
}

function entries(vector: duckdb.Vector, count: number): { buffer: Buffer; lengths: Uint32Array } {
  const bytes = duckdb.vector_get_data(vector, count * ENTRY_BYTES);
  return {
    buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    lengths: new Uint32Array(bytes.buffer, bytes.byteOffset, count * 4),
  };
}

function pointedBytes(buffer: Buffer, start: number, length: number): Buffer {
  const bytes = duckdb.get_data_from_pointer(
    buffer.buffer as ArrayBuffer,
    buffer.byteOffset + start + 8,
    length,
  );
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Short texts are nearly always ASCII, for which a call into the decoder costs more than a loop. */
function inlineText(buffer: Buffer, start: number, length: number): string {
  let text = '';
  for (let offset = start; offset < start + length; offset++) {
    const byte = buffer[offset]!;
    if (byte > 127) return buffer.toString('utf8', start, start + length);
    text += String.fromCharCode(byte);
  }
  return text;
}
