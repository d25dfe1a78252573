/**
 * What a socket received, cut into startup packets and messages. The reader pulls; bytes that nobody has
 * asked for yet are kept up to READ_AHEAD_BYTES_MAX, then the socket is paused.
 */
import type { Socket } from 'node:net';
import { MESSAGE_BYTES_MAX, present, protocolViolation, READ_AHEAD_BYTES_MAX } from '../../core/index.ts';
import { describeType, Frontend, frontendBytesMax } from './frontend.ts';
import { startupBodyLength } from './startup-packet.ts';

/** One message as it came: its letter and what follows the length. */
export interface Frame {
  readonly type: number;
  readonly body: Buffer;
}

const NO_BYTES = Buffer.alloc(0);

/** A TLS record of type handshake: the client speaks TLS at once, without asking. */
const TLS_HANDSHAKE = 0x16;

export class MessageSource {
  #socket: Socket;
  #chunks: Buffer[] = [];
  /** Bytes of the first chunk that were taken. */
  #offset = 0;
  /** Bytes that were not taken. */
  #byteCount = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
    socket.once('end', this.#onEnd);
    socket.once('close', this.#onEnd);
  }

  /** A startup packet's body; `tls` when a TLS handshake comes instead; undefined at the end. */
  async startupPacket(): Promise<Buffer | 'tls' | undefined> {
    if (!(await this.#has(1))) return undefined;
    if (this.#joined()[this.#offset] === TLS_HANDSHAKE) return 'tls';
    if (!(await this.#has(4))) return undefined;
    const length = startupBodyLength(this.#joined().readInt32BE(this.#offset));
    if (!(await this.#has(4 + length))) return undefined;
    return this.#take(4, length);
  }

  /** The next message, if it was received already. Throws as `message` does. */
  received(): Frame | undefined {
    if (this.#byteCount < 5) return undefined;
    const { type, bodyLength } = this.#head(MESSAGE_BYTES_MAX);
    return this.#byteCount < 5 + bodyLength ? undefined : { type, body: this.#take(5, bodyLength) };
  }

  /**
   * The next message; undefined when the client is gone. Throws 08P01 for an unknown letter, or a length that
   * cannot be or is past the bound: that of the message's kind, and `bytesMax` (of who is not yet known to be
   * a friend).
   */
  async message(bytesMax: number = MESSAGE_BYTES_MAX): Promise<Frame | undefined> {
    if (!(await this.#has(5))) return undefined;
    const { type, bodyLength } = this.#head(bytesMax);
    if (!(await this.#has(5 + bodyLength))) return undefined;
    return { type, body: this.#take(5, bodyLength) };
  }

  /** Whether bytes were received that nobody has read. */
  get hasUnread(): boolean {
    return this.#byteCount > 0;
  }

  /** Whether the next message, Close and Flush left aside, is a Sync that was received already. */
  get isSyncNext(): boolean {
    if (this.#byteCount === 0) return false;
    const buffer = this.#joined();
    let offset = this.#offset;
    while (offset + 5 <= buffer.length) {
      const type = buffer[offset]!;
      if (type === Frontend.sync) return true;
      if (type !== Frontend.close && type !== Frontend.flush) return false;
      offset += 1 + Math.max(4, buffer.readInt32BE(offset + 1));
    }
    return false;
  }

  /** Stops listening, for another to go on reading the socket; gives back what was not read. */
  detach(): Buffer {
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    this.#socket.pause();
    return this.#take(0, this.#byteCount);
  }

  #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#byteCount += chunk.length;
    if (this.#wake !== undefined) this.#wake();
    else if (this.#byteCount >= READ_AHEAD_BYTES_MAX) this.#socket.pause();
  };

  #onEnd = (): void => {
    this.#isEnded = true;
    this.#wake?.();
  };

  /** Waits until as many bytes are there; false when they never will be. */
  async #has(byteCount: number): Promise<boolean> {
    while (this.#byteCount < byteCount) {
      if (this.#isEnded || this.#socket.destroyed) return false;
      this.#socket.resume();
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    return true;
  }

  /** All that was received and not taken, in one piece, from `#offset` on. */
  #joined(): Buffer {
    if (this.#chunks.length > 1) {
      this.#chunks[0] = this.#chunks[0]!.subarray(this.#offset);
      this.#chunks = [Buffer.concat(this.#chunks, this.#byteCount)];
      this.#offset = 0;
    }
    return present(this.#chunks[0], 'received bytes');
  }

  /** Letter and length of the next message; five bytes of it are there. */
  #head(bytesMax: number): { readonly type: number; readonly bodyLength: number } {
    const joined = this.#joined();
    const type = joined[this.#offset]!;
    return { type, bodyLength: checkedBodyLength(type, joined.readInt32BE(this.#offset + 1), bytesMax) };
  }

  /** Takes bytes that are there, without as many at their front as are skipped. */
  #take(skipped: number, byteCount: number): Buffer {
    const joined = this.#byteCount === 0 ? NO_BYTES : this.#joined();
    const start = this.#offset + skipped;
    this.#offset = start + byteCount;
    this.#byteCount -= skipped + byteCount;
    if (this.#byteCount === 0) {
      this.#chunks = [];
      this.#offset = 0;
    }
    return byteCount === 0 ? NO_BYTES : joined.subarray(start, start + byteCount);
  }
}

/** The length word counts itself and not the letter. */
function checkedBodyLength(type: number, length: number, bytesMax: number): number {
  const kindBytesMax = frontendBytesMax(type);
  if (kindBytesMax === undefined)
    throw protocolViolation(`invalid frontend message type ${describeType(type)}`);
  if (length < 4 || length - 4 > Math.min(kindBytesMax, bytesMax)) {
    throw protocolViolation(`invalid message length ${length} of message ${describeType(type)}`);
  }
  return length - 4;
}
