/**
 * Short texts, 16 bytes at a time: up to 15 bytes behind the text are read and written, too, for which the caller has
 * room.
 */

/** Longer texts are copied by the runtime. */
const INLINE_BYTES_MAX: usize = 128;

@inline
function putBlock(at: usize, from: usize): void {
  v128.store(at, v128.load(from));
}

/** Copies a text; gives the address after it. */
@inline
export function copyText(at: usize, from: usize, length: usize): usize {
  if (length > INLINE_BYTES_MAX) memory.copy(at, from, length);
  else for (let done: usize = 0; done < length; done += 16) putBlock(at + done, from + done);
  return at + length;
}

function escapeBytes(at: usize, from: usize, length: usize, marks: usize): usize {
  const end = from + length;
  for (; from < end; from++) {
    const byte = load<u8>(from);
    const letter = load<u8>(marks + byte);
    if (letter !== 0) {
      store<u8>(at++, 0x5c);
      store<u8>(at++, letter);
    } else store<u8>(at++, byte);
  }
  return at;
}

/**
 * Copies a text with a backslash before each byte that has a letter in `marks`, which replaces it: the backslash, 8 to
 * 13, and the delimiter.
 */
@inline
export function putEscaped(at: usize, from: usize, length: usize, marks: usize, delimiter: i32): usize {
  const end = from + length;
  const delimiters = i8x16.splat(<i8>delimiter);
  for (; from < end; from += 16) {
    const count = min<usize>(16, end - from);
    const bytes = v128.load(from);
    const isControl = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(8)), i8x16.splat(6));
    const isMark = v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.eq(bytes, delimiters));
    if (v128.any_true(v128.or(isControl, isMark))) at = escapeBytes(at, from, count, marks);
    else {
      v128.store(at, bytes);
      at += count;
    }
  }
  return at;
}
