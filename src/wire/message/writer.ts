/**
 * Length-prefixed writes into one growing buffer: messages of the protocol, one after the other.
 *
 *   writer.begin(Backend.dataRow); writer.int16(columnCount); …fields…; writer.end();
 *
 * A field of a DataRow is a 32-bit length and its bytes: `text`, `field`, or `beginField` … `endField` where
 * the length is known only afterwards. `end` and `endField` patch the length. What was begun and not ended is
 * never sent.
 */
import { assert, limitExceeded, MESSAGE_BYTES_MAX } from '../../core/index.ts';

const INITIAL_BYTES = 1024;
/**
 * Longer strings are measured before they are written, so that room for three bytes a code unit is not
 * wasted.
 */
const MEASURED_LENGTH_MIN = 65_536;
/** Shorter strings are copied in JavaScript while they are ASCII: faster than a call into the runtime. */
const COPIED_LENGTH_MAX = 24;

export class MessageWriter {
  #buffer: Buffer;
  #initialBytes: number;
  #offset = 0;
  /** Where the open message starts; -1 when none is open. */
  #start = -1;
  #fieldStart = -1;

  constructor(initialBytes: number = INITIAL_BYTES) {
    this.#initialBytes = initialBytes;
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** Bytes of the complete messages and of the one that is open. */
  get length(): number {
    return this.#offset;
  }

  /** Opens a message; `type` is its letter as a character code. */
  begin(type: number): void {
    assert(this.#start === -1, 'one message is written at a time');
    this.#reserve(5);
    this.#start = this.#offset;
    this.#buffer[this.#offset] = type;
    this.#offset += 5;
  }

  /** Closes the open message: its length, which counts itself and not the type byte, is filled in. */
  end(): void {
    assert(this.#start !== -1 && this.#fieldStart === -1, 'the message is open and its fields are closed');
    this.#buffer.writeInt32BE(this.#offset - this.#start - 1, this.#start + 1);
    this.#start = -1;
  }

  /** Forgets the open message, if any: for errors while one is written. */
  abandon(): void {
    if (this.#start !== -1) this.#offset = this.#start;
    this.#start = -1;
    this.#fieldStart = -1;
  }

  /**
   * Hands the complete messages over: the buffer when it is well filled, a copy when it is not. `write` tells
   * whether it has no more use for the bytes; otherwise the writer gives the buffer away.
   */
  send(write: (bytes: Buffer) => boolean): void {
    assert(this.#start === -1, 'only complete messages are sent');
    const written = this.#buffer.subarray(0, this.#offset);
    const isUsual = this.#buffer.length === this.#initialBytes;
    const isSmall = isUsual && this.#offset * 4 < this.#initialBytes;
    const isFree = write(isSmall ? Buffer.from(written) : written) || isSmall;
    if (!isFree || !isUsual) this.#buffer = Buffer.allocUnsafe(this.#initialBytes);
    this.#offset = 0;
  }

  /** The complete messages, which are the caller's. */
  take(): Buffer {
    let taken: Buffer = Buffer.alloc(0);
    this.send((bytes) => {
      taken = bytes;
      return false;
    });
    return taken;
  }

  int8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#offset++] = value;
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#buffer[this.#offset++] = value >>> 8;
    this.#buffer[this.#offset++] = value;
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#putInt32(this.#offset, value);
    this.#offset += 4;
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.#offset = this.#buffer.writeBigInt64BE(value, this.#offset);
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#offset = this.#buffer.writeFloatBE(value, this.#offset);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#offset = this.#buffer.writeDoubleBE(value, this.#offset);
  }

  /** Bytes as they are, without a length. */
  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#offset);
    this.#offset += value.length;
  }

  /** UTF-8 without a length or an end. */
  string(value: string): void {
    const length = value.length;
    this.#reserve(length > MEASURED_LENGTH_MIN ? Buffer.byteLength(value) : length * 3);
    if (length > COPIED_LENGTH_MAX || !this.#copyAscii(value)) {
      this.#offset += this.#buffer.write(value, this.#offset, 'utf8');
    }
  }

  /**
   * UTF-8 ended by a zero byte; zero characters in the text itself are left out, as they would end it early.
   */
  cstring(value: string): void {
    this.string(value.includes('\0') ? value.replaceAll('\0', '') : value);
    this.int8(0);
  }

  /** A field: NULL. */
  nullField(): void {
    this.int32(-1);
  }

  /** A field: the length of the text's UTF-8, and the UTF-8. */
  text(value: string): void {
    const start = this.#offset;
    this.#reserve(4);
    this.#offset += 4;
    this.string(value);
    this.#putInt32(start, this.#offset - start - 4);
  }

  /** A field: the number of bytes, and the bytes. */
  field(value: Uint8Array): void {
    this.int32(value.length);
    this.bytes(value);
  }

  /** Opens a field whose length `endField` fills in. */
  beginField(): void {
    assert(this.#fieldStart === -1, 'one field is written at a time');
    this.#fieldStart = this.#offset;
    this.int32(0);
  }

  endField(): void {
    assert(this.#fieldStart !== -1, 'a field is open');
    this.#putInt32(this.#fieldStart, this.#offset - this.#fieldStart - 4);
    this.#fieldStart = -1;
  }

  /** Fills in a 32-bit number at an offset of the open message that was written before (see `length`). */
  patchInt32(offset: number, value: number): void {
    assert(this.#start !== -1 && offset >= this.#start + 5, 'only the open message is patched');
    this.#putInt32(offset, value);
  }

  #putInt32(offset: number, value: number): void {
    const buffer = this.#buffer;
    buffer[offset] = value >>> 24;
    buffer[offset + 1] = value >>> 16;
    buffer[offset + 2] = value >>> 8;
    buffer[offset + 3] = value;
  }

  /** Copies the text while it is ASCII; false, and nothing moved, when it is not. */
  #copyAscii(value: string): boolean {
    const buffer = this.#buffer;
    const offset = this.#offset;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      buffer[offset + index] = code;
    }
    this.#offset = offset + value.length;
    return true;
  }

  #reserve(byteCount: number): void {
    const needed = this.#offset + byteCount;
    if (needed <= this.#buffer.length) return;
    if (needed - Math.max(this.#start, 0) > MESSAGE_BYTES_MAX) {
      throw limitExceeded(`a message to the client would have more than ${MESSAGE_BYTES_MAX} bytes`);
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#offset);
    this.#buffer = grown;
  }
}
