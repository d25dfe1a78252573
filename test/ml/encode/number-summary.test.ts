/** Summaries of numbers equal what sorting and summing every value gives, however rows are cut into blocks and partitions. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { draftEncoder } from '../../../src/ml/encode/draft-encoder.ts';
import { valueOfRank } from '../../../src/ml/encode/nearest-rank.ts';
import { finishSummaries, surveyNumbers, type NumberSummary } from '../../../src/ml/encode/number-summary.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';

const request = { numeric: 'raw', category: 'label', timestamp: 'refuse' } as const;

/** Stages the columns in batches of an odd size. */
async function summaries(columns: readonly (readonly number[])[]): Promise<readonly NumberSummary[]> {
  const rowCount = columns[0]!.length;
  const inputs = columns.map((_, index) => ({ name: `x${index}`, kind: 'number' as const }));
  const draft = draftEncoder(
    inputs,
    inputs.map(({ kind }) => ({ kind })),
    request,
  );
  const { memory, aggregator, dataset } = openSerialTraining({
    layout: draft.layout,
    trainingRowCount: rowCount,
    evaluationRowCount: 0,
    hasLabel: false,
    classCount: 0,
    classRowCounts: [],
    signal: new AbortController().signal,
    workspaceBytes: 0,
  });
  for (let first = 0; first < rowCount; first += 777) {
    const raw = columns.map((values) => ({
      kind: 'number' as const,
      values: Float64Array.from(values.slice(first, first + 777)),
    }));
    const batch = draft.stage({ rowCount: raw[0]!.values.length, columns: raw });
    memory.stage('training', first, batch, undefined, undefined);
  }
  const survey = await surveyNumbers(Int32Array.from(columns.keys()), aggregator, dataset);
  return finishSummaries(survey, aggregator);
}

/** Rank ceil(n / 2) of what is not missing. */
function medianOf(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length / 2) - 1]!;
}

describe('summaries', () => {
  test.each([1, 2, 3, 500, 1024, 1025, 30_000])('of %i rows', async (rowCount) => {
    const random = new Random(rowCount);
    const columns = [
      () => random.normal(),
      () => (random.uniform() < 0.4 ? Number.NaN : 1e6 + random.normal()),
      () => random.below(3),
      () => Math.exp(5 * random.normal()),
    ].map((draw) => Array.from({ length: rowCount }, draw));
    const found = await summaries(columns);
    columns.forEach((values, index) => {
      const present = values.filter((value) => !Number.isNaN(value));
      if (present.length === 0) return;
      const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
      const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(found[index]).toMatchObject({
        count: present.length,
        nullCount: rowCount - present.length,
        least: Math.min(...present),
        greatest: Math.max(...present),
        median: medianOf(values),
      });
      expect(found[index]!.mean / mean).toBeCloseTo(1, 12);
      if (present.length < 2) expect(found[index]!.deviation).toBeUndefined();
      else expect(found[index]!.deviation).toBeCloseTo(Math.sqrt(squares / (present.length - 1)), 6);
    });
  });

  test('ask again where the sample misleads: rows in an order that hides most of a column', async () => {
    const rowCount = 40_000;
    const partitionRows = rowCount / 10;
    const sampled = 410;
    const isSampled = (row: number): boolean => {
      const inPartition = row % partitionRows;
      const step = Math.round((inPartition * sampled) / partitionRows);
      return Math.floor((step * partitionRows) / sampled) === inPartition;
    };
    const values = Array.from({ length: rowCount }, (_, row) => (isSampled(row) ? row : -row));
    const [found] = await summaries([values]);
    expect(found!.median).toBe(medianOf(values));
  });

  test('of nothing but missing values, and of infinite ones', async () => {
    const [missing, infinite, both] = await summaries([
      [NaN, NaN, NaN, NaN],
      [1, 2, Infinity, NaN],
      [-Infinity, 5, Infinity, 6],
    ]);
    expect(missing).toMatchObject({ count: 0, nullCount: 4, deviation: undefined });
    expect(infinite).toMatchObject({ mean: Infinity, least: 1, greatest: Infinity, median: 2 });
    expect(infinite!.deviation).toBeCloseTo(Math.SQRT1_2, 12);
    expect(both).toMatchObject({ mean: NaN, median: 5 });
  });
});

test.each([1, 2, 3, 10, 1000])('every rank of %i values is found', (count) => {
  const random = new Random(count);
  const values = Float64Array.from({ length: count }, () => random.below(Math.max(2, count >> 1)));
  const sorted = values.toSorted();
  for (let rank = 0; rank < count; rank += Math.max(1, count >> 4))
    expect(valueOfRank(values.slice(), rank)).toBe(sorted[rank]);
});
