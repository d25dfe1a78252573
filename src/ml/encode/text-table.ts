/**
 * A hash table with open addressing from texts as UTF-8 to their positions in a list, without making strings. Texts of
 * at most 12 bytes, which is nearly every category, are compared as three words; others by their bytes. Source of the
 * hash: FNV-1a over words, with the mixing of MurmurHash3.
 */
import type { Utf8Texts } from '../../core/index.ts';

const SHORT_BYTES_MAX = 12;
/** Words of a slot: position + 1 (0: free), length in bytes, and a short text's words or a long one's hash. */
const SLOT_WORDS = 5;
/** What is left of the last word of a text that has so many bytes of it. */
const masks = [-1, 0xff, 0xffff, 0xffffff] as const;

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

export class TextTable {
  readonly #slots: Int32Array;
  /** Bytes of all texts, and where each begins. */
  readonly #heap: Uint8Array;
  readonly #starts: Uint32Array;

  constructor(texts: readonly string[]) {
    const bytes = texts.map((text) => Buffer.from(text));
    this.#starts = new Uint32Array(bytes.length + 1);
    bytes.forEach((text, position) => (this.#starts[position + 1] = this.#starts[position]! + text.length));
    this.#heap = new Uint8Array(this.#starts.at(-1)!);
    bytes.forEach((text, position) => this.#heap.set(text, this.#starts[position]));
    this.#slots = new Int32Array(SLOT_WORDS * 2 ** Math.ceil(Math.log2(2 * bytes.length + 2)));
    bytes.forEach((text, position) => this.#add(position, text.length));
  }

  #add(position: number, length: number): void {
    const slots = this.#slots;
    const start = this.#starts[position]!;
    const end = slots.length / SLOT_WORDS;
    const key =
      length <= SHORT_BYTES_MAX
        ? ([
            wordAt(this.#heap, start, length),
            wordAt(this.#heap, start + 4, length - 4),
            wordAt(this.#heap, start + 8, length - 8),
          ] as const)
        : ([hashBytes(this.#heap, start, length), 0, 0] as const);
    let slot = hashWords(length, ...key) & (end - 1);
    while (slots[slot * SLOT_WORDS] !== 0) slot = (slot + 1) & (end - 1);
    slots.set([position + 1, length, ...key], slot * SLOT_WORDS);
  }

  /** Position of each row's text; -1 where it is not in the list. */
  positions({ heap, starts, lengths }: Utf8Texts, rowCount: number): Int32Array {
    const found = new Int32Array(rowCount);
    const isAligned = isLittleEndian && heap.byteOffset % 4 === 0;
    const words = new Int32Array(
      isAligned ? heap.buffer : new ArrayBuffer(0),
      isAligned ? heap.byteOffset : 0,
      isAligned ? heap.length >>> 2 : 0,
    );
    for (let row = 0; row < rowCount; row++) {
      const start = starts[row]!;
      const length = lengths[row]!;
      if (length > SHORT_BYTES_MAX) {
        found[row] = this.#positionOfLong(heap, start, length);
        continue;
      }
      const word = start >>> 2;
      if ((start & 3) === 0 && word + 3 <= words.length) {
        const first = length === 0 ? 0 : words[word]! & (length < 4 ? masks[length]! : -1);
        const second = length <= 4 ? 0 : words[word + 1]! & (length < 8 ? masks[length & 3]! : -1);
        const third = length <= 8 ? 0 : words[word + 2]! & masks[length & 3]!;
        found[row] = this.#positionOf(length, first, second, third);
      } else {
        const first = wordAt(heap, start, length);
        const second = wordAt(heap, start + 4, length - 4);
        found[row] = this.#positionOf(length, first, second, wordAt(heap, start + 8, length - 8));
      }
    }
    return found;
  }

  #positionOf(length: number, first: number, second: number, third: number): number {
    const slots = this.#slots;
    const mask = slots.length / SLOT_WORDS - 1;
    let slot = hashWords(length, first, second, third) & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      const position = slots[at]!;
      if (position === 0) return -1;
      const isSame =
        slots[at + 2] === first &&
        slots[at + 3] === second &&
        slots[at + 4] === third &&
        slots[at + 1] === length;
      if (isSame) return position - 1;
      slot = (slot + 1) & mask;
    }
  }

  #positionOfLong(heap: Uint8Array, start: number, length: number): number {
    const slots = this.#slots;
    const mask = slots.length / SLOT_WORDS - 1;
    const hash = hashBytes(heap, start, length);
    let slot = hashWords(length, hash, 0, 0) & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      const position = slots[at]!;
      if (position === 0) return -1;
      if (slots[at + 2] === hash && slots[at + 1] === length) {
        const known = this.#starts[position - 1]!;
        let equal = 0;
        while (equal < length && this.#heap[known + equal] === heap[start + equal]) equal++;
        if (equal === length) return position - 1;
      }
      slot = (slot + 1) & mask;
    }
  }
}

/** The first four of `length` bytes, the lowest byte first; 0 for what is not there. */
function wordAt(heap: Uint8Array, start: number, length: number): number {
  let word = 0;
  for (let byte = Math.min(4, length) - 1; byte >= 0; byte--) word = (word << 8) | heap[start + byte]!;
  return word;
}

function hashBytes(heap: Uint8Array, start: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < start + length; at++) hash = Math.imul(hash ^ heap[at]!, 0x01000193);
  return hash;
}

function hashWords(length: number, first: number, second: number, third: number): number {
  let hash = Math.imul(length ^ first, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ second, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ third, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
