/**
 * Finds the codes of texts: those that the database gives as UTF-8 in a table of bytes, strings in a Map. Both are made
 * when first needed.
 */
import { assert } from '../../core/index.ts';
import { codeCount, type CategoryDictionary } from './column-encoding.ts';
import type { RawColumn } from './feature-encoder.ts';
import { TextTable } from './text-table.ts';

/** The codes of one dictionary. */
export class CategoryCodes {
  readonly #dictionary: CategoryDictionary;
  /** Code of each position, and of NULL behind them; -1 where there is none. */
  readonly #codes: Int32Array;
  #byText: ReadonlyMap<string, number> | undefined;
  #byBytes: TextTable | undefined;

  constructor(dictionary: CategoryDictionary) {
    this.#dictionary = dictionary;
    const { dropped, hasNull, values } = dictionary;
    this.#codes = Int32Array.from({ length: values.length + 1 }, (_, position) => {
      if (position === dropped || (position === values.length && !hasNull)) return -1;
      return dropped < 0 || position < dropped ? position : position - 1;
    });
  }

  /** How many there are. */
  get count(): number {
    return codeCount(this.#dictionary);
  }

  /** Of NULL; -1: none. */
  get ofNull(): number {
    return this.#codes.at(-1)!;
  }

  /** Of a text; -1: none. */
  of(text: string): number {
    this.#byText ??= new Map(
      this.#dictionary.values.map((value, position) => [value, this.#codes[position]!]),
    );
    return this.#byText.get(text) ?? -1;
  }

  /** Of the rows of a column of texts; -1 where there is none. */
  ofColumn(column: RawColumn, rowCount: number): Int32Array {
    if (column.kind === 'utf8') return this.#ofBytes(column, rowCount);
    assert(column.kind === 'text', `a text column, got ${column.kind}`);
    const { values } = column;
    const codes = new Int32Array(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const value = values[row]!;
      codes[row] = value === null ? this.ofNull : this.of(value);
    }
    return codes;
  }

  #ofBytes({ texts, nulls }: RawColumn & { readonly kind: 'utf8' }, rowCount: number): Int32Array {
    this.#byBytes ??= new TextTable(this.#dictionary.values);
    const codes = this.#byBytes.positions(texts, rowCount);
    if (this.#dictionary.dropped >= 0) {
      for (let row = 0; row < rowCount; row++) if (codes[row]! >= 0) codes[row] = this.#codes[codes[row]!]!;
    }
    if (nulls !== undefined) {
      for (let row = 0; row < rowCount; row++) if (nulls[row] === 1) codes[row] = this.ofNull;
    }
    return codes;
  }
}
