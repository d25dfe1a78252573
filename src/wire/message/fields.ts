/** Values of a message where they lie in it: each so many bytes, or NULL. To be read before the next message is. */
export class Fields {
  readonly body: Buffer;
  /** Where each begins, in bytes. */
  readonly starts: readonly number[];
  /** Bytes of each; -1 is NULL. */
  readonly lengths: readonly number[];

  constructor(body: Buffer, starts: readonly number[], lengths: readonly number[]) {
    this.body = body;
    this.starts = starts;
    this.lengths = lengths;
  }

  get count(): number {
    return this.lengths.length;
  }

  /** One field's bytes, as a view; null for NULL. */
  bytes(index: number): Buffer | null {
    const length = this.lengths[index]!;
    const start = this.starts[index]!;
    return length === -1 ? null : this.body.subarray(start, start + length);
  }
}
