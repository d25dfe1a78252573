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

/** The bytes as text. Throws 22021 when they are not valid UTF-8 or have a zero byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw zeroByte();
  try {
    return strict.decode(bytes);
  } catch (thrown) {
    if (thrown instanceof TypeError) throw invalidByteSequence(bytes);
    throw thrown;
  }
}
