/**
 * Arrays from text: `{1,NULL,"a b",{…}}`, with optional bounds before it. Source: array_in in arrayfuncs.c.
 */
import type { Value } from '../../core/index.ts';
import { malformedArray } from './input-error.ts';

const blank = /[ \t\n\v\f\r]/;

/** One literal, read from front to back. */
class ArrayLiteral {
  readonly #text: string;
  #offset: number;
  readonly #parseElement: (text: string) => Value;

  constructor(text: string, offset: number, parseElement: (text: string) => Value) {
    this.#text = text;
    this.#offset = offset;
    this.#parseElement = parseElement;
  }

  /** The whole literal: one array, and nothing but blanks around it. */
  read(): readonly Value[] {
    this.#skipBlanks();
    if (this.#text[this.#offset] !== '{') {
      throw this.#malformed('Array value must start with "{" or dimension information.');
    }
    const list = this.#readList();
    this.#skipBlanks();
    if (this.#offset < this.#text.length) throw this.#malformed('Junk after closing right brace.');
    return list;
  }

  #readList(): readonly Value[] {
    const list: Value[] = [];
    this.#offset++;
    this.#skipBlanks();
    if (this.#text[this.#offset] === '}') {
      this.#offset++;
      return list;
    }
    for (;;) {
      this.#skipBlanks();
      list.push(this.#text[this.#offset] === '{' ? this.#readList() : this.#readScalar());
      this.#skipBlanks();
      const next = this.#text[this.#offset++];
      if (next === '}') return list;
      if (next === undefined) throw this.#malformed('Unexpected end of input.');
      if (next !== ',') throw this.#malformed('Unexpected array element.');
    }
  }

  #readScalar(): Value {
    if (this.#text[this.#offset] === '"') return this.#parseElement(this.#readQuoted());
    const start = this.#offset;
    let text = '';
    for (;;) {
      const character = this.#text[this.#offset];
      if (character === undefined) throw this.#malformed('Unexpected end of input.');
      if (character === ',' || character === '}') break;
      if (character === '{' || character === '"')
        throw this.#malformed(`Unexpected "${character}" character.`);
      text += character === '\\' ? this.#escaped() : character;
      this.#offset++;
    }
    const written = this.#text.slice(start, this.#offset).trimEnd();
    if (written === '') throw this.#malformed(`Unexpected "${this.#text[this.#offset]}" character.`);
    return written.toLowerCase() === 'null'
      ? null
      : this.#parseElement(written.includes('\\') ? text : text.trimEnd());
  }

  #readQuoted(): string {
    let text = '';
    for (this.#offset++; ; this.#offset++) {
      const character = this.#text[this.#offset];
      if (character === undefined) throw this.#malformed('Unexpected end of input.');
      if (character === '"') break;
      text += character === '\\' ? this.#escaped() : character;
    }
    this.#offset++;
    return text;
  }

  #escaped(): string {
    const character = this.#text[++this.#offset];
    if (character === undefined) throw this.#malformed('Unexpected end of input.');
    return character;
  }

  #skipBlanks(): void {
    while (this.#offset < this.#text.length && blank.test(this.#text[this.#offset]!)) this.#offset++;
  }

  #malformed(detail: string): Error {
    return malformedArray(this.#text, detail);
  }
}

/** The lengths of the dimensions; undefined for a ragged array. NULL counts as a scalar. */
function shapeOf(value: Value): readonly number[] | undefined {
  if (!Array.isArray(value)) return [];
  const list = value as readonly Value[];
  if (list.length === 0) return [0];
  const first = shapeOf(list[0]!);
  if (first === undefined) return undefined;
  for (const element of list) {
    const shape = shapeOf(element);
    if (shape?.length !== first.length || shape.some((length, index) => length !== first[index]))
      return undefined;
  }
  return [list.length, ...first];
}

/** Counts of the dimensions: 0 for an array without elements. */
export interface ParsedArray {
  readonly list: readonly Value[];
  readonly dimensions: number;
}

/** An array literal; each element that is not NULL is read by `parseElement`. Throws EngineError. */
export function parseArray(text: string, parseElement: (text: string) => Value): ParsedArray {
  const bounds = /^\s*(?:\[[+-]?\d+(?::[+-]?\d+)?\]\s*)+=/.exec(text)?.[0].length ?? 0;
  const list = new ArrayLiteral(text, bounds, parseElement).read();
  const shape = shapeOf(list);
  if (shape === undefined) {
    throw malformedArray(text, 'Multidimensional arrays must have sub-arrays with matching dimensions.');
  }
  const isEmpty = shape.includes(0);
  return { list: isEmpty ? [] : list, dimensions: isEmpty ? 0 : shape.length };
}
