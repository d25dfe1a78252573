/** UTF-8 from clients, checked: PostgreSQL keeps no text that is not valid, and none with a zero byte. */
import { engineError, SqlState, type EngineError } from '../../core/index.ts';

/** How many bytes the character that starts with `lead` should have; 1 for a byte that starts none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xc0 && lead < 0xe0 ? 2 : 1;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
}

/** The first character of `bytes` that is not valid, as PostgreSQL names it: `0xc3 0x28`. */
function firstInvalid(bytes: Uint8Array): string {
  for (let offset = 0; offset < bytes.length;) {
    const length = sequenceLength(bytes[offset]!);
    const sequence = bytes.subarray(offset, offset + length);
    const isWhole = sequence.length === length;
    if (!isWhole || (bytes[offset]! >= 0x80 && !isValid(sequence))) {
      return Array.from(sequence, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
    }
    offset += length;
  }
  return '0x00';
}

/** 22021, naming the bytes. */
export function invalidByteSequence(bytes: Uint8Array): EngineError {
  const message = `invalid byte sequence for encoding "UTF8": ${firstInvalid(bytes)}`;
  return engineError(SqlState.characterNotInRepertoire, message);
}

/** 22021, for a zero byte. */
export function zeroByte(): EngineError {
  return engineError(SqlState.characterNotInRepertoire, 'invalid byte sequence for encoding "UTF8": 0x00');
}

/** Shorter texts are copied in JavaScript while they are ASCII: faster than a call into the runtime. */
const COPIED_LENGTH_MAX = 24;

/** The text of a few bytes that are all ASCII and none zero; undefined otherwise. */
function shortAscii(bytes: Uint8Array): string | undefined {
  const { length } = bytes;
  if (length > COPIED_LENGTH_MAX) return undefined;
  let text = '';
  for (let offset = 0; offset < length; offset++) {
    const byte = bytes[offset]!;
    if (byte === 0 || byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The bytes as text. Throws 22021 when they are not valid UTF-8 or have a zero byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  const short = shortAscii(bytes);
  if (short !== undefined) return short;
  if (bytes.includes(0)) throw zeroByte();
  try {
    return strict.decode(bytes);
  } catch (thrown) {
    if (thrown instanceof TypeError) throw invalidByteSequence(bytes);
    throw thrown;
  }
}
