/**
 * Fixes how every feature is laid out, from statistics alone; numbers are not scaled yet. See
 * finish-encoder.ts.
 */
import { assert, typeMismatch } from '../../core/index.ts';
import type { EncodingRequest } from '../estimator.ts';
import { type CategoryDictionary, type ColumnEncoding } from './column-encoding.ts';
import { UNSCALED } from './number-scaling.ts';
import type { FeatureInput } from './feature-encoder.ts';
import type { CategoryCount, FeatureStatistics } from './feature-statistics.ts';
import { LearnedEncoder } from './learned-encoder.ts';

/**
 * An encoder with its final layout, whose `encode` gives raw numbers (NaN for NULL), codes, and for target
 * encoding a code in the place of the number to come. `classCount`: classes of a classification, 0 otherwise;
 * only target encoding asks (one column a class when there are more than two).
 */
export function draftEncoder(
  inputs: readonly FeatureInput[],
  statistics: readonly FeatureStatistics[],
  request: EncodingRequest,
  classCount = 0,
): LearnedEncoder {
  assert(inputs.length === statistics.length, 'statistics for every input');
  const encodings = inputs.map((input, position) =>
    draftColumn(input, statistics[position]!, request, classCount),
  );
  return new LearnedEncoder(inputs, encodings);
}

function draftColumn(
  input: FeatureInput,
  statistics: FeatureStatistics,
  request: EncodingRequest,
  classCount: number,
): ColumnEncoding {
  assert(input.kind === statistics.kind, `statistics of kind ${input.kind} for ${input.name}`);
  switch (statistics.kind) {
    case 'number':
      return { kind: 'number', ...UNSCALED };
    case 'text':
      return draftCategories(statistics.categories, statistics.nullCount, request, classCount);
    case 'timestamp':
      return draftTimestamp(input, statistics, request);
    case 'numbers':
      return { kind: 'numbers', length: statistics.length };
    case 'texts':
      return { kind: 'texts', dictionary: dictionaryOf(statistics.categories, statistics.nullCount, false) };
  }
}

function draftCategories(
  categories: readonly CategoryCount[],
  nullCount: number,
  request: EncodingRequest,
  classCount: number,
): ColumnEncoding {
  const dictionary = dictionaryOf(categories, nullCount, request.category === 'dummy');
  switch (request.category) {
    case 'label':
      return { kind: 'label', dictionary };
    case 'target': {
      const width = classCount > 2 ? classCount : 1;
      return {
        kind: 'target',
        dictionary,
        width,
        means: undefined,
        prior: Array.from({ length: width }, () => 0),
      };
    }
    default:
      return { kind: 'block', dictionary };
  }
}

/** Sorted values; the most frequent one (NULL counts as one, ties go to the first) is dropped when asked. */
function dictionaryOf(
  categories: readonly CategoryCount[],
  nullCount: number,
  dropsMostFrequent: boolean,
): CategoryDictionary {
  const sorted = categories.toSorted((left, right) => (left.value < right.value ? -1 : 1));
  const counts = sorted.map((category) => category.count);
  if (nullCount > 0) counts.push(nullCount);
  let dropped = -1;
  if (dropsMostFrequent) {
    for (let position = 0; position < counts.length; position++) {
      if (dropped < 0 || counts[position]! > counts[dropped]!) dropped = position;
    }
  }
  return { values: sorted.map((category) => category.value), hasNull: nullCount > 0, dropped };
}

function draftTimestamp(
  input: FeatureInput,
  statistics: FeatureStatistics & { kind: 'timestamp' },
  request: EncodingRequest,
): ColumnEncoding {
  if (request.timestamp === 'refuse') {
    throw typeMismatch(
      `column "${input.name}" is a timestamp, which this model type does not take as a feature`,
      undefined,
      'Cast it, or extract the parts of it that matter.',
    );
  }
  return {
    kind: 'timestamp',
    seconds: UNSCALED,
    hasNull: statistics.hasNull,
    years: statistics.years.toSorted((left, right) => left - right),
    dropsFirst: request.category === 'dummy',
  };
}
