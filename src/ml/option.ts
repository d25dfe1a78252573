/**
 * Option schemas: what a model type's OPTIONS may be, as data. They are checked once, before the training
 * query runs, and only checked options reach `fit`. The documentation's tables are generated from them.
 */
import { assert, didYouMean, invalidOption } from '../core/index.ts';

/** A literal of an OPTIONS list as the parser gives it. */
export type OptionLiteral = null | boolean | number | string | readonly OptionLiteral[] | OptionStruct;

/** A STRUCT or tuple literal; fields may be unnamed. */
export interface OptionStruct {
  readonly fields: readonly { readonly name: string | undefined; readonly value: OptionLiteral }[];
}

/** One written option. */
export interface WrittenOption {
  readonly name: string;
  readonly value: OptionLiteral;
  /** Offset of the name, and of the value, in the statement's text: for the caret. */
  readonly position: number;
  readonly valuePosition: number;
}

/** Allowed values of an option. Intervals: a bound is included unless the matching `open…` says otherwise. */
export type OptionDomain =
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly openMin?: boolean;
      readonly openMax?: boolean;
    }
  | { readonly kind: 'text' }
  /** A list of strings; a bare string is taken as a list of one. `length` fixes how many. */
  | { readonly kind: 'texts'; readonly length?: number }
  /** `[('label', 0.5), …]` or `[STRUCT('label', 0.5), …]`. */
  | { readonly kind: 'weights' };

/** A checked value: what the domain says, choices in upper case, weights as [label, weight] pairs. */
export type OptionValue =
  | boolean
  | number
  | string
  | readonly string[]
  | readonly (readonly [string, number])[];

export interface OptionSchema {
  /** Upper case, as BigQuery ML writes it. */
  readonly name: string;
  readonly domain: OptionDomain;
  /** Value when not written; undefined when there is none. */
  readonly defaultValue: OptionValue | undefined;
  /** One sentence for the documentation. */
  readonly meaning: string;
  /** Known to BigQuery ML, accepted and stored, without effect here: the reason, told in a warning. */
  readonly ignoredBecause?: string;
  /**
   * Known to BigQuery ML and not built yet: any value but the default is refused with 0A000 naming this
   * feature.
   */
  readonly notBuilt?: string;
}

/**
 * Options after checking: every schema entry with its value or default; `isWritten` tells which were given.
 */
export class CheckedOptions {
  readonly #values: ReadonlyMap<string, OptionValue | undefined>;
  readonly #written: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, OptionValue | undefined>, written: ReadonlySet<string>) {
    this.#values = values;
    this.#written = written;
  }

  isWritten(name: string): boolean {
    return this.#written.has(name);
  }

  /** Whether the model type knows the option at all. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Value or default; undefined where neither is. */
  get(name: string): OptionValue | undefined {
    assert(this.#values.has(name), `option ${name} is in the schema`);
    return this.#values.get(name);
  }

  flag(name: string): boolean {
    return this.get(name) === true;
  }

  number(name: string): number {
    const value = this.get(name);
    assert(typeof value === 'number', `option ${name} is a number`);
    return value;
  }

  text(name: string): string {
    const value = this.get(name);
    assert(typeof value === 'string', `option ${name} is a string`);
    return value;
  }

  /** Written options and defaults by name, for the catalogue (JSON). */
  toJson(): Record<string, OptionValue> {
    const entries = [...this.#values].filter(
      (entry): entry is [string, OptionValue] => entry[1] !== undefined,
    );
    return Object.fromEntries(entries);
  }

  /**
   * The same options, but what was not written keeps the value it had before (a warm start; statements
   * reference, 3.12).
   */
  inherit(previous: Readonly<Record<string, unknown>>): CheckedOptions {
    const values = new Map(this.#values);
    for (const name of values.keys()) {
      const earlier = previous[name];
      if (!this.#written.has(name) && earlier !== undefined) values.set(name, earlier as OptionValue);
    }
    return new CheckedOptions(values, this.#written);
  }

  get writtenNames(): readonly string[] {
    return [...this.#written];
  }
}

/** What a domain allows, in words: the middle of an error message and a cell of the documentation. */
export function describeDomain(domain: OptionDomain): string {
  switch (domain.kind) {
    case 'flag':
      return 'TRUE or FALSE';
    case 'choice':
      return `one of ${domain.values.map((value) => `'${value}'`).join(', ')}`;
    case 'text':
      return 'a string';
    case 'texts':
      if (domain.length === undefined) return 'an array of strings';
      return `an array of ${domain.length} string${domain.length === 1 ? '' : 's'}`;
    case 'weights':
      return "an array of (label, weight) pairs such as [('yes', 2.0), ('no', 1.0)], labels distinct, weights >= 0";
    case 'number': {
      const noun = domain.integer ? 'an integer' : 'a number';
      const low = domain.min === undefined ? undefined : `${domain.openMin ? '>' : '>='} ${domain.min}`;
      const high = domain.max === undefined ? undefined : `${domain.openMax ? '<' : '<='} ${domain.max}`;
      return [noun, [low, high].filter((part) => part !== undefined).join(' and ')].filter(Boolean).join(' ');
    }
  }
}

/** An option name that the model type does not know: error 22023 with a suggestion. */
export function unknownOption(written: WrittenOption, modelType: string, known: readonly string[]): Error {
  return invalidOption(
    `option ${written.name.toUpperCase()} is not supported for ${modelType} models`,
    written.position,
    didYouMean(written.name, known) ?? `Options of ${modelType}: ${known.join(', ')}.`,
  );
}
