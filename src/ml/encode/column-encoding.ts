/**
 * How each feature is encoded, as plain JSON: the learned part of an encoder. Meaning: statements reference,
 * 3.1 to 3.3. A category list holds the real values in ascending code-unit order; NULL, where training had
 * any, comes after them.
 */
import { calendarParts, YEAR_PREFIX } from './calendar.ts';
import type { EncodedColumn, FeatureInput } from './feature-encoder.ts';
import type { NumberScaling } from './number-scaling.ts';

/** Name that NULL goes by among the categories. */
export const NULL_CATEGORY = '_null_filler';

/**
 * Values with a code each: position in `values`, `values.length` for NULL; the dropped one and all others
 * have none.
 */
export interface CategoryDictionary {
  readonly values: readonly string[];
  readonly hasNull: boolean;
  /** Position that the dummy encoding leaves out; later codes move up by one. -1: none. */
  readonly dropped: number;
}

export type ColumnEncoding =
  | ({ readonly kind: 'number' } & NumberScaling)
  | { readonly kind: 'block'; readonly dictionary: CategoryDictionary }
  /** 1…N for the values in order, 0 for everything else. */
  | { readonly kind: 'label'; readonly dictionary: CategoryDictionary }
  /**
   * `width` numbers a category, `means[code × width + k]`; `prior` for what has no code. While the encoder is
   * a draft, `means` is undefined and the first of the numbers is the code itself.
   */
  | {
      readonly kind: 'target';
      readonly dictionary: CategoryDictionary;
      readonly width: number;
      readonly means: readonly number[] | undefined;
      readonly prior: readonly number[];
    }
  | {
      readonly kind: 'timestamp';
      readonly seconds: NumberScaling;
      readonly hasNull: boolean;
      /** Ascending. */
      readonly years: readonly number[];
      /** Whether each calendar block leaves its first value out (dummy encoding). */
      readonly dropsFirst: boolean;
    }
  | { readonly kind: 'numbers'; readonly length: number }
  | { readonly kind: 'texts'; readonly dictionary: CategoryDictionary };

/** Names of a dictionary's codes, in code order. */
function codeNames(dictionary: CategoryDictionary): string[] {
  const names = dictionary.hasNull ? [...dictionary.values, NULL_CATEGORY] : [...dictionary.values];
  if (dictionary.dropped >= 0) names.splice(dictionary.dropped, 1);
  return names;
}

/** Name of the category that the dummy encoding left out. */
function droppedName(dictionary: CategoryDictionary): string | undefined {
  if (dictionary.dropped < 0) return undefined;
  return dictionary.values[dictionary.dropped] ?? NULL_CATEGORY;
}

/** Codes of a dictionary. */
export function codeCount(dictionary: CategoryDictionary): number {
  return dictionary.values.length + (dictionary.hasNull ? 1 : 0) - (dictionary.dropped >= 0 ? 1 : 0);
}

/** Dictionaries of the seven calendar blocks, as texts of the numbers. */
function calendarDictionaries(
  encoding: ColumnEncoding & { kind: 'timestamp' },
): { readonly prefix: string; readonly dictionary: CategoryDictionary }[] {
  const dropped = encoding.dropsFirst ? 0 : -1;
  const ranges = calendarParts.map((part) => ({
    prefix: part.prefix,
    values: Array.from({ length: part.last - part.first + 1 }, (_, step) => String(part.first + step)),
  }));
  return [...ranges, { prefix: YEAR_PREFIX, values: encoding.years.map(String) }].map((part) => ({
    prefix: part.prefix,
    dictionary: { values: part.values, hasNull: encoding.hasNull, dropped },
  }));
}

/** Dense numeric columns an encoding takes. */
export function numericWidthOf(encoding: ColumnEncoding): number {
  switch (encoding.kind) {
    case 'block':
      return 0;
    case 'target':
      return encoding.width;
    case 'numbers':
      return encoding.length;
    case 'texts':
      return codeCount(encoding.dictionary);
    default:
      return 1;
  }
}

/** Cardinalities of the blocks an encoding takes. */
export function blockCardinalities(encoding: ColumnEncoding): number[] {
  if (encoding.kind === 'block') return [codeCount(encoding.dictionary)];
  if (encoding.kind === 'timestamp') {
    return calendarDictionaries(encoding).map((part) => codeCount(part.dictionary));
  }
  return [];
}

/**
 * Describes the encoded columns of one feature, its numeric columns and blocks beginning at the given
 * indices.
 */
export function encodedColumnsOf(
  input: FeatureInput,
  encoding: ColumnEncoding,
  firstNumeric: number,
  firstBlock: number,
): EncodedColumn[] {
  const feature = input.name;
  const numeric = (name: string, step: number, mean = 0, scale = 1, category?: string): EncodedColumn => ({
    name,
    feature,
    kind: 'numeric',
    index: firstNumeric + step,
    mean,
    scale,
    categories: [],
    dropped: undefined,
    ...(category === undefined ? {} : { category }),
  });
  const block = (name: string, step: number, dictionary: CategoryDictionary): EncodedColumn => ({
    name,
    feature,
    kind: 'category',
    index: firstBlock + step,
    mean: 0,
    scale: 1,
    categories: codeNames(dictionary),
    dropped: droppedName(dictionary),
  });
  switch (encoding.kind) {
    case 'number':
      return [numeric(feature, 0, encoding.mean, encoding.scale)];
    case 'block':
      return [block(feature, 0, encoding.dictionary)];
    case 'label':
      return [numeric(feature, 0)];
    case 'target':
      return Array.from({ length: encoding.width }, (_, step) =>
        numeric(encoding.width === 1 ? feature : `${feature}[${step}]`, step),
      );
    case 'numbers':
      return Array.from({ length: encoding.length }, (_, step) => numeric(`${feature}[${step}]`, step));
    case 'texts':
      return codeNames(encoding.dictionary).map((value, step) =>
        numeric(`${feature}[${value}]`, step, 0, 1, value),
      );
    case 'timestamp':
      return [
        numeric(feature, 0, encoding.seconds.mean, encoding.seconds.scale),
        ...calendarDictionaries(encoding).map((part, step) =>
          block(part.prefix + feature, step, part.dictionary),
        ),
      ];
  }
}
