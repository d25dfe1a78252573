/**
 * Bounded reads over the bytes of one message: nothing is read past its end, and nothing may be left over.
 * The reads themselves are pg-protocol's BufferReader, which checks no bound; every one is checked here
 * first.
 */
import { isUtf8 } from 'node:buffer';
import { BufferReader } from 'pg-protocol/dist/buffer-reader.js';
import { engineError, type EngineError, protocolViolation, SqlState } from '../../core/index.ts';
import { Fields } from './fields.ts';

/** Text of the client that is not UTF-8, the only encoding spoken here. */
export function invalidEncoding(what: string): EngineError {
  return engineError(SqlState.characterNotInRepertoire, `${what} is not valid in encoding "UTF8"`);
}

export class MessageReader {
  #body: Buffer;
  #reader: BufferReader = new BufferReader();
  #name: string;
  #offset = 0;

  /** `name` of the message, for errors. */
  constructor(body: Buffer, name: string) {
    this.#body = body;
    this.#name = name;
    this.#reader.setBuffer(0, body);
  }

  get remaining(): number {
    return this.#body.length - this.#offset;
  }

  int8(): number {
    this.#advance(1);
    return this.#reader.byte();
  }

  int16(): number {
    this.#advance(2);
    return this.#reader.int16();
  }

  /** A count: 16 bits without a sign, as the protocol counts parameters. */
  count(): number {
    return this.int16() & 0xffff;
  }

  int32(): number {
    this.#advance(4);
    return this.#reader.int32();
  }

  /** An object identifier: 32 bits without a sign. */
  oid(): number {
    return this.int32() >>> 0;
  }

  bytes(length: number): Buffer {
    if (length < 0) throw this.#malformed();
    this.#advance(length);
    return this.#reader.bytes(length);
  }

  /** A length and that many bytes; null for a length of -1. */
  field(): Buffer | null {
    return this.fields(1).bytes(0);
  }

  /** So many fields: each a length and that many bytes, or a length of -1. */
  fields(count: number): Fields {
    const starts: number[] = [];
    const lengths: number[] = [];
    for (let index = 0; index < count; index++) {
      this.#advance(4);
      const length = this.#body.readInt32BE(this.#offset - 4);
      if (length < -1) throw this.#malformed();
      starts.push(this.#offset);
      lengths.push(length);
      if (length > 0) this.#advance(length);
    }
    this.#reader.setBuffer(this.#offset, this.#body);
    return new Fields(this.#body, starts, lengths);
  }

  /** All that is left. */
  rest(): Buffer {
    return this.bytes(this.remaining);
  }

  /** Text that ends with a zero byte. */
  cstring(): string {
    const length = this.#body.indexOf(0, this.#offset) - this.#offset;
    if (length < 0) throw this.#malformed();
    const bytes = this.bytes(length);
    this.int8();
    if (!isUtf8(bytes)) throw invalidEncoding(`text of the ${this.#name} message`);
    return bytes.toString('utf8');
  }

  /** Ends the reading: bytes that are left over are an error. */
  end(): void {
    if (this.remaining !== 0) throw this.#malformed();
  }

  #advance(byteCount: number): void {
    if (byteCount > this.remaining) throw this.#malformed();
    this.#offset += byteCount;
  }

  #malformed(): EngineError {
    return protocolViolation(`invalid message format: ${this.#name}`);
  }
}
