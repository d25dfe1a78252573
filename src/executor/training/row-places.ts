/**
 * Where the rows that a condition keeps stand among each other, by the rows' own numbers: so they can be read in any
 * order, on all threads, and are written in the one order.
 */
import { assert, quoteIdentifier } from '../../core/index.ts';
import type { ExecutorContext } from '../context.ts';

/** Numbers may span so many times the rows: what is noted of each number has bounds. */
const SPAN_PER_ROW_MAX = 32;
const WORD_BITS = 32;

/** Rows of a relation with their numbers: SQL of the number, counted from 0 on, and how many numbers there may be. */
export interface NumberedRows {
  readonly sql: string;
  readonly span: number;
}

/** A row's place by its number: how many of the rows have smaller ones, also for a number of none of them. */
export type RowPlaces = (number: number) => number;

/** The numbers of a relation's rows; undefined when they are too far apart. */
export async function numberedRows(
  relation: string,
  rowColumn: string,
  { connection }: Pick<ExecutorContext, 'connection'>,
): Promise<NumberedRows | undefined> {
  const [found] = await connection.rows(
    `SELECT count(*), min(${rowColumn}), max(${rowColumn}) FROM ${quoteIdentifier(relation)}`,
  );
  const [rowCount, first, last] = found as readonly [bigint, bigint | null, bigint | null];
  if (first === null || last === null) return undefined;
  const span = Number(last - first) + 1;
  if (span > Number(rowCount) * SPAN_PER_ROW_MAX || span > 2 ** 31 - 1) return undefined;
  return { sql: `CAST(${rowColumn} - ${first} AS INTEGER)`, span };
}

/** Places of the `rowCount` rows that the condition keeps. */
export async function rowPlaces(
  relation: string,
  where: string,
  { sql, span }: NumberedRows,
  rowCount: number,
  { connection }: Pick<ExecutorContext, 'connection'>,
): Promise<RowPlaces> {
  if (rowCount === span) return (number) => number;
  const ranks = new RowRanks(span);
  await connection.scanUnordered([sql], `${quoteIdentifier(relation)} WHERE ${where}`, ({ columns }) =>
    ranks.add(columns[0]!.values as Int32Array),
  );
  assert(ranks.rank() === rowCount, 'as many rows are kept as were counted');
  return (number) => ranks.rankOf(number);
}

/** Places of the rows that have all the other numbers. */
export function restPlaces(places: RowPlaces): RowPlaces {
  return (number) => number - places(number);
}

/** Numbers of a set, and how many of the set are less than a number. */
class RowRanks {
  /** One bit a number. */
  readonly #words: Uint32Array;
  /** Numbers before each word's. */
  readonly #before: Uint32Array;

  constructor(span: number) {
    this.#words = new Uint32Array(Math.ceil(span / WORD_BITS));
    this.#before = new Uint32Array(this.#words.length);
  }

  add(numbers: Int32Array): void {
    const words = this.#words;
    for (const number of numbers) words[number >>> 5]! |= 1 << (number & 31);
  }

  /** Makes `rankOf` ready; gives the size of the set. */
  rank(): number {
    let count = 0;
    for (let word = 0; word < this.#words.length; word++) {
      this.#before[word] = count;
      count += bitCount(this.#words[word]!);
    }
    return count;
  }

  rankOf(number: number): number {
    const word = number >>> 5;
    return this.#before[word]! + bitCount(this.#words[word]! & ((1 << (number & 31)) - 1));
  }
}

/** Bits that are set in 32. Source: Warren, Hacker's Delight, 5-1. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
