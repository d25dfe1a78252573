/** Features become numbers and codes as BigQuery ML's preprocessing says. */
import { describe, expect, test } from 'vitest';
import { draftEncoder } from '../../../src/ml/encode/draft-encoder.ts';
import { restoreEncoder } from '../../../src/ml/encode/learned-encoder.ts';
import type { EncodingRequest } from '../../../src/ml/estimator.ts';
import { encodeRows, rawRows, statisticsOf, type TestColumn } from '../../support/train-rows.ts';

const standard: EncodingRequest = { numeric: 'standardize', category: 'indicator', timestamp: 'expand' };

async function encoded(columns: TestColumn[], request: EncodingRequest, label?: number[], classCount = 0) {
  const rows = { columns, label: label ?? columns[0]!.values.map(() => 0) };
  const training = await encodeRows(rows, request, classCount, rows);
  const { numeric, codes } = training.encoder.encode(rawRows(columns));
  return { ...training, numeric: [...numeric], codes: [...codes] };
}

const number = (values: (number | null)[], name = 'x'): TestColumn => ({ name, kind: 'number', values });
const text = (values: (string | null)[], name = 'c'): TestColumn => ({ name, kind: 'text', values });

describe('numbers', () => {
  test('are standardised by mean and sample deviation, NULL to 0', async () => {
    const { numeric, encoder } = await encoded([number([1, 2, null, 3])], standard);
    expect(numeric).toEqual([-1, 0, 0, 1]);
    expect(encoder.columns[0]).toMatchObject({ name: 'x', kind: 'numeric', index: 0, mean: 2, scale: 1 });
  });

  test('are only centred, or left raw with NaN for NULL, when asked', async () => {
    expect((await encoded([number([2, 6, null])], { ...standard, numeric: 'center' })).numeric).toEqual([
      -2, 2, 0,
    ]);
    expect((await encoded([number([2, 6, null])], { ...standard, numeric: 'raw' })).numeric).toEqual([
      2,
      6,
      NaN,
    ]);
  });

  test('a constant column becomes 0 exactly, and so does one of NULLs', async () => {
    const values = [0.1, 0.1, 0.1, null, 0.1, 0.1, 0.1];
    expect((await encoded([number(values)], standard)).numeric).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const { encoder, numeric } = await encoded([number([null, null])], standard);
    expect([numeric, encoder.columns[0]!.mean, encoder.columns[0]!.scale]).toEqual([[0, 0], 0, 1]);
  });

  test('large offsets lose no digits', async () => {
    const { encoder } = await encoded([number([1e9 + 1, 1e9 + 2, 1e9 + 3])], standard);
    expect([encoder.columns[0]!.mean, encoder.columns[0]!.scale]).toEqual([1e9 + 2, 1]);
  });

  test('infinite values are refused by name', async () => {
    await expect(encoded([number([1, Infinity], 'price')], standard)).rejects.toMatchObject({
      state: '22000',
      message: 'feature "price" has infinite values',
    });
  });

  test('moments are the same over several partitions as over all rows', async () => {
    const values = Array.from({ length: 10_000 }, (_, row) =>
      row % 11 === 0 ? null : Math.sin(row) * 100 + row,
    );
    const known = values.filter((value) => value !== null);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
    const { encoder, dataset } = await encoded([number(values)], standard);
    expect(dataset.partitionCount).toBe(3);
    expect(encoder.columns[0]!.mean / mean).toBeCloseTo(1, 13);
    expect(encoder.columns[0]!.scale / Math.sqrt(variance)).toBeCloseTo(1, 13);
  });
});

describe('categories', () => {
  const values = ['b', 'B', null, 'b', 'a'];

  test('one indicator a category in code-unit order, NULL last; unseen has none', async () => {
    const { encoder, codes } = await encoded([text(values)], standard);
    expect(codes).toEqual([2, 0, 3, 2, 1]);
    expect(encoder.columns[0]!.categories).toEqual(['B', 'a', 'b', '_null_filler']);
    expect(encoder.layout).toEqual({
      numericWidth: 0,
      categories: [{ offset: 0, cardinality: 4 }],
      width: 4,
    });
    expect([...encoder.encode(rawRows([text(['z', 'constructor'])])).codes]).toEqual([-1, -1]);
  });

  test('NULL without a NULL in training has no indicator', async () => {
    const { encoder } = await encoded([text(['a', 'b'])], standard);
    expect([...encoder.encode(rawRows([text([null, 'b'])])).codes]).toEqual([-1, 1]);
  });

  test('dummy drops the most frequent one, the first on a tie', async () => {
    const dummy: EncodingRequest = { ...standard, category: 'dummy' };
    const first = await encoded([text(values)], dummy);
    expect([first.codes, first.encoder.columns[0]!.dropped]).toEqual([[-1, 0, 2, -1, 1], 'b']);
    const tie = await encoded([text(['b', 'a', 'b', 'a', 'c'])], dummy);
    expect([tie.codes, tie.encoder.columns[0]!.dropped]).toEqual([[0, -1, 0, -1, 1], 'a']);
    const nulls = await encoded([text([null, null, 'a'])], dummy);
    expect([nulls.codes, nulls.encoder.columns[0]!.dropped]).toEqual([[-1, -1, 0], '_null_filler']);
  });

  test('labels are 1 to N, 0 for NULL and unseen', async () => {
    const { encoder, numeric } = await encoded([text(values)], {
      ...standard,
      category: 'label',
      numeric: 'raw',
    });
    expect(numeric).toEqual([3, 1, 0, 3, 2]);
    expect([...encoder.encode(rawRows([text(['z'])])).numeric]).toEqual([0]);
  });
});

describe('target encoding', () => {
  const target: EncodingRequest = { numeric: 'raw', category: 'target', timestamp: 'refuse' };

  test('regression: the mean label of the category, drawn towards that of all rows; theirs for the unseen', async () => {
    const { encoder, numeric } = await encoded([text(['a', 'a', 'b', null])], target, [1, 2, 5, 10]);
    // Variance within categories 0.5, between them 19.
    const strength = 0.5 / 19;
    const expected = [1.5, 1.5, 5, 10].map((mean, row) => {
      const count = row < 2 ? 2 : 1;
      return (count * mean + strength * 4.5) / (count + strength);
    });
    numeric.forEach((value, row) => expect(value).toBeCloseTo(expected[row]!, 12));
    expect([...encoder.encode(rawRows([text(['z'])])).numeric]).toEqual([4.5]);
  });

  test('two classes: the share of the positive one, of all rows where categories tell nothing', async () => {
    const tellingNothing = await encoded([text(['a', 'a', 'b'])], target, [1, 0, 1], 2);
    expect(tellingNothing.numeric).toEqual([2 / 3, 2 / 3, 2 / 3]);
    const telling = await encoded([text(['a', 'a', 'b', 'b'])], target, [0, 0, 1, 1], 2);
    expect(telling.numeric).toEqual([0, 0, 1, 1]);
  });

  test('more classes: one share each, beside other columns', async () => {
    const columns = [number([7, 8, 9]), text(['a', 'b', 'a']), number([1, 2, 3], 'y')];
    const { numeric, encoder } = await encoded(columns, target, [0, 2, 1], 3);
    const third = 1 / 3;
    expect(numeric).toEqual([7, third, third, 0, 1, 8, third, third, 1, 2, 9, third, third, 0, 3]);
    expect(encoder.columns.map((column) => column.name)).toEqual(['x', 'c[0]', 'c[1]', 'c[2]', 'y']);
  });
});

describe('arrays', () => {
  test('of numbers are dense columns, unscaled', async () => {
    const columns: TestColumn[] = [
      number([1, 3]),
      {
        name: 'v',
        kind: 'numbers',
        values: [
          [5, 6],
          [7, 8],
        ],
      },
    ];
    const { numeric, encoder } = await encoded(columns, { ...standard, numeric: 'center' });
    expect(numeric).toEqual([-1, 5, 6, 1, 7, 8]);
    expect(encoder.columns.map((column) => column.name)).toEqual(['x', 'v[0]', 'v[1]']);
  });

  test('of texts are 0/1 columns of their elements', async () => {
    const columns: TestColumn[] = [
      { name: 't', kind: 'texts', values: [['b', 'a', 'b'], [], null, ['b', null]] },
    ];
    const { numeric, encoder } = await encoded(columns, standard);
    expect(numeric).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect(encoder.columns.map((column) => column.category)).toEqual(['a', 'b', '_null_filler']);
  });
});

describe('timestamps', () => {
  const times = [Date.UTC(2024, 1, 29, 13, 45), Date.UTC(2025, 0, 4, 0, 0)].map((time) => time / 1000);
  const column: TestColumn = { name: 'at', kind: 'timestamp', values: [...times, null] };

  test('become seconds and seven calendar blocks, NULL a category of its own', async () => {
    const { codes, numeric, encoder } = await encoded([column], standard);
    expect(encoder.columns.map(({ name, categories }) => [name, categories.length])).toEqual([
      ['at', 0],
      ['_TS_DOM_at', 32],
      ['_TS_DOW_at', 8],
      ['_TS_MOY_at', 13],
      ['_TS_HOD_at', 25],
      ['_TS_MOH_at', 61],
      ['_TS_WOY_at', 55],
      ['_TS_YEAR_at', 3],
    ]);
    expect(codes.slice(0, 7)).toEqual([28, 4, 1, 13, 45, 8, 0]);
    expect(codes.slice(7, 14)).toEqual([3, 6, 0, 0, 0, 0, 1]);
    expect(codes.slice(14)).toEqual([31, 7, 12, 24, 60, 54, 2]);
    expect(numeric.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([-0.707107, 0.707107, 0]);
    expect([...encoder.encode(rawRows([{ ...column, values: [0] }])).codes].at(-1)).toBe(-1);
  });

  test('are refused by name where a model type does not take them', () => {
    const draft = () =>
      draftEncoder([{ name: 'at', kind: 'timestamp' }], [statisticsOf(column)], {
        ...standard,
        timestamp: 'refuse',
      });
    expect(draft).toThrow('column "at" is a timestamp, which this model type does not take as a feature');
  });
});

describe('as a whole', () => {
  const columns: TestColumn[] = [
    text(['a', 'b', null, 'a'], 'c'),
    number([1, null, 3, 8], 'x'),
    { name: 'at', kind: 'timestamp', values: [0, 1e9, 1.7e9, null] },
    { name: 't', kind: 'texts', values: [['p'], ['q', 'p'], [], null] },
  ];

  test.each<EncodingRequest>([
    standard,
    { numeric: 'center', category: 'dummy', timestamp: 'expand' },
    { numeric: 'raw', category: 'code', timestamp: 'expand' },
    { numeric: 'raw', category: 'target', timestamp: 'expand' },
    { numeric: 'raw', category: 'label', timestamp: 'expand' },
  ])('rows in memory, the finished encoder and the restored one agree: %j', async (request) => {
    const { encoder, aggregator, numeric, codes } = await encoded(columns, request, [1, 2, 3, 4]);
    const restored = restoreEncoder(JSON.parse(JSON.stringify(encoder.toJson())));
    expect(restored.columns).toEqual(encoder.columns);
    expect(restored.layout).toEqual(encoder.layout);
    const again = restored.encode(rawRows(columns));
    expect([[...again.numeric], [...again.codes]]).toEqual([numeric, codes]);
    for (const split of ['training', 'evaluation'] as const) {
      const inMemory = await aggregator.run(
        {
          name: 'test.read',
          accumulate: (partition) => [[...partition.numeric], [...partition.codes]],
          merge: (left: number[][]) => left,
        },
        undefined as never,
        split,
      );
      // Rows that trained hold what other rows say of their category.
      if (request.category !== 'target' || split === 'evaluation') expect(inMemory).toEqual([numeric, codes]);
    }
  });

  test('blocks come after all numeric columns', async () => {
    const { encoder } = await encoded(columns.slice(0, 2), standard);
    expect(encoder.layout).toEqual({
      numericWidth: 1,
      categories: [{ offset: 1, cardinality: 3 }],
      width: 4,
    });
    expect(encoder.columns.map(({ name, kind, index }) => [name, kind, index])).toEqual([
      ['c', 'category', 0],
      ['x', 'numeric', 0],
    ]);
  });

  test('anything that is not an encoder is refused', () => {
    for (const json of [
      null,
      3,
      {},
      { format: 1 },
      { format: 1, inputs: [{}], encodings: [{ kind: 'nothing' }] },
    ]) {
      expect(() => restoreEncoder(json)).toThrow('feature encoder is damaged');
    }
    expect(() => restoreEncoder({ format: 9 })).toThrow('feature encoder has format 9');
  });
});
