/**
 * A job of a team's search: a chunk of columns of one family. Merges the parts of the histograms that were summed, gets the
 * other child's by subtraction, and finds the best cuts of the chunk.
 */
import type { PassContext } from '../aggregate.ts';
import type { FixedPoint } from '../kernel/fixed-point.ts';
import { COLUMN_NUMBERS, type CutRules } from '../kernel/node-search.ts';
import { histogramTotal } from '../kernel/scalar-node-search.ts';
import type { ColumnSampler } from './column-sampler.ts';
import { WEIGHT_NOISE } from './criterion.ts';
import type { NodeArena } from './node-arena.ts';
import { readBuiltSlot, readFamily, readParts, readSearched } from './record-orders.ts';

/** What searches of one tree go by. */
export interface SearchSetup {
  readonly arena: NodeArena;
  readonly rules: CutRules;
  readonly units: FixedPoint;
  /** Tells the columns that a node may be split on; undefined for all. */
  readonly sampler: ColumnSampler | undefined;
}

export class SearchJob {
  readonly #setup: SearchSetup;
  readonly #context: PassContext;
  readonly #orders: Int32Array;
  readonly #chunk: number;
  readonly #first: number;
  readonly #end: number;

  constructor(setup: SearchSetup, context: PassContext, orders: Int32Array, chunk: number) {
    this.#setup = setup;
    this.#context = context;
    this.#orders = orders;
    this.#chunk = chunk;
    this.#first = setup.arena.firstColumn(chunk);
    this.#end = setup.arena.firstColumn(chunk + 1);
  }

  run(family: number): void {
    const { arena } = this.#setup;
    const { built, builtCount, parent, searched, searchedCount } = readFamily(this.#orders, family);
    for (let index = built; index < built + builtCount; index++) this.#merge(index);
    if (parent >= 0) {
      const part = arena.slot(readBuiltSlot(this.#orders, built), this.#first, this.#end);
      this.#context.kernel.subtractHistogram(arena.slot(parent, this.#first, this.#end), part);
    }
    for (let index = searched; index < searched + searchedCount; index++) this.#search(index);
  }

  #merge(index: number): void {
    const { arena } = this.#setup;
    const { parts, builtCount } = readParts(this.#orders);
    const target = arena.slot(readBuiltSlot(this.#orders, index), this.#first, this.#end);
    for (let part = 1; part < parts; part++) {
      const place = (part - 1) * builtCount + index;
      this.#context.kernel.mergeHistogram(target, arena.part(place, this.#first, this.#end));
    }
  }

  #search(index: number): void {
    const { arena, units } = this.#setup;
    const { slot, node, depth } = readSearched(this.#orders, index);
    const total = node === 0 ? this.#rootTotal(slot) : arena.total(index);
    const rules = cutRulesOf(this.#setup, total);
    const result = arena.result(index, this.#chunk);
    const columns = chosenColumns(this.#setup, depth, node, this.#first, this.#end);
    if (rules === undefined) result.fill(0);
    else this.#context.kernel.searchHistogram(arena.slot(slot), columns, total, rules, units, result);
  }

  /** Every row is in some bin of each column. */
  #rootTotal(slot: number): Float64Array {
    const { arena, units } = this.#setup;
    const binCount = arena.columns[this.#first * COLUMN_NUMBERS + 1]!;
    return histogramTotal(arena.slot(slot, this.#first, this.#first + 1), binCount, units);
  }
}

/** Numbers of those of columns `first…end-1` that a node may be split on. */
export function chosenColumns(
  { arena, sampler }: SearchSetup,
  depth: number,
  node: number,
  first: number,
  end: number,
): Int32Array {
  const all = arena.columns;
  if (sampler === undefined) return all.subarray(first * COLUMN_NUMBERS, end * COLUMN_NUMBERS);
  const chosen = sampler.columns(depth, node).filter((column) => column >= first && column < end);
  const columns = new Int32Array(chosen.length * COLUMN_NUMBERS);
  chosen.forEach((column, index) => {
    const start = column * COLUMN_NUMBERS;
    columns.set(all.subarray(start, start + COLUMN_NUMBERS), index * COLUMN_NUMBERS);
  });
  return columns;
}

/**
 * Rules for cuts of a node; undefined if it has nothing to gain: it has no weight, sides need none, and leaves are not
 * shrunk.
 */
export function cutRulesOf({ rules }: SearchSetup, total: Float64Array): CutRules | undefined {
  const leastHessian = Math.max(rules.leastHessian, WEIGHT_NOISE * total[1]!);
  return leastHessian + rules.l2 <= 0 ? undefined : { ...rules, leastHessian };
}
