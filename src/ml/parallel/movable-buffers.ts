/** Which buffers of a value can be moved to another thread instead of being copied. */

/** Every unshared, non-empty buffer under typed arrays, arrays, plain objects, maps and sets. */
export function movableBuffers(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(value, found);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    // Empty ones stay: they may be a constant of the pass, and there is nothing to save.
    if (value.buffer instanceof ArrayBuffer && value.buffer.byteLength > 0) found.add(value.buffer);
    return;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      collect(key, found);
      collect(item, found);
    }
    return;
  }
  const items = Array.isArray(value) || value instanceof Set ? value : Object.values(value);
  for (const item of items) collect(item, found);
}
