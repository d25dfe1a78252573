/** Models score columns of numbers as they score the same rows encoded, whoever shares the work. */
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/core/index.ts';
import { scoreColumns, scoreNumbers, scoreRawRows, type NumberColumns } from '../../src/ml/column-scoring.ts';
import { LearnedEncoder } from '../../src/ml/encode/learned-encoder.ts';
import type { NumberScaling } from '../../src/ml/encode/number-scaling.ts';
import type { Model } from '../../src/ml/estimator.ts';
import { LinearModel } from '../../src/ml/linear/linear-model.ts';
import { LogisticModel } from '../../src/ml/linear/logistic-model.ts';
import { createScoringThreads } from '../../src/ml/parallel/scoring-threads.ts';
import { BoostedTreeModel } from '../../src/ml/tree/boosted-tree-model.ts';
import { RandomForestModel } from '../../src/ml/tree/random-forest-model.ts';
import { ensembleOf, fine } from '../support/random-ensemble.ts';
import { expectSameBits } from './kernel-pair.ts';

const WIDTH = 7;
const random = new Random(5);
const threads = createScoringThreads(3);
const further = createScoringThreads(3);
const single = createScoringThreads(1);
afterAll(async () => {
  await Promise.all([threads.close(), further.close()]);
  expect([threads.liveThreadCount, further.liveThreadCount]).toEqual([0, 0]);
  await single.close();
});

const importance = { gain: new Float64Array(WIDTH), cover: new Float64Array(WIDTH) } as never;

function treeModel(classCount: number, trees: number, depth: number): Model {
  const shape = { trees, depth, width: WIDTH, leafWidth: 1, earlyLeaves: 0.1, thresholds: fine };
  const baseMargins = Array.from({ length: Math.max(1, classCount === 2 ? 1 : classCount) }, () =>
    random.normal(),
  );
  const header = { classCount, baseMargins, numericWidth: WIDTH };
  return new BoostedTreeModel('BOOSTED_TREE', header, ensembleOf(random, shape), importance);
}

function forest(classCount: number): Model {
  const leafWidth = Math.max(1, classCount);
  const shape = { trees: 20, depth: 8, width: WIDTH, leafWidth, earlyLeaves: 0.1, thresholds: fine };
  const header = { classCount, numericWidth: WIDTH };
  return new RandomForestModel('RANDOM_FOREST', header, ensembleOf(random, shape), importance);
}

function coefficients(outputs: number): ConstructorParameters<typeof LinearModel>[0] {
  const stride = WIDTH + 1;
  const values = Float64Array.from({ length: outputs * stride }, () => random.normal());
  return { values, outputs, stride, errors: undefined };
}

function encoderOf(scaling: () => NumberScaling): LearnedEncoder {
  const inputs = Array.from({ length: WIDTH }, (_, index) => ({
    name: `x${index}`,
    kind: 'number' as const,
  }));
  return new LearnedEncoder(
    inputs,
    inputs.map(() => ({ kind: 'number' as const, ...scaling() })),
  );
}

const raw = encoderOf(() => ({ mean: 0, scale: 1, imputes: false }));
const scaled = encoderOf(() => ({
  mean: 1000 * random.normal(),
  scale: Math.exp(random.normal()),
  imputes: true,
}));

function columnsOf(rowCount: number, odd: readonly number[]): NumberColumns {
  const column = (): Float64Array =>
    Float64Array.from({ length: rowCount }, () =>
      random.uniform() < 0.1 ? odd[random.below(odd.length)]! : 3 * random.normal(),
    );
  return { rowCount, columns: Array.from({ length: WIDTH }, column) };
}

function encodedScores(model: Model, encoder: LearnedEncoder, rows: NumberColumns): Float64Array {
  const output = new Float64Array(rows.rowCount * model.scoreWidth);
  const columns = rows.columns.map((values) => ({ kind: 'number', values }) as const);
  model.score(encoder.encode({ rowCount: rows.rowCount, columns }), output);
  return output;
}

const sizes = [1, 2, 15, 17, 511, 2047, 2048, 2049, 60_001];

describe.each([
  ['boosted regression', treeModel(0, 30, 6)],
  ['boosted classes of two', treeModel(2, 100, 6)],
  ['boosted classes of three', treeModel(3, 30, 4)],
  ['one class', treeModel(1, 0, 1)],
  ['forest', forest(0)],
  ['forest of three classes', forest(3)],
])('%s', (_, model) => {
  test.each([single, threads, further])('has the same bits', (scoring) => {
    for (const rowCount of sizes.toReversed()) {
      const rows = columnsOf(rowCount, [Number.NaN, Infinity, -Infinity, 0, -0, 1e300]);
      const output = new Float64Array(rowCount * model.scoreWidth);
      scoreColumns(model, raw, rows, output, scoring);
      expectSameBits(output, encodedScores(model, raw, rows));
    }
  });

  test.each([raw, scaled])('one row of numbers has the same bits', (encoder) => {
    for (let count = 0; count < 50; count++) {
      const rows = columnsOf(1, [Number.NaN, Infinity, -Infinity, 0, -0, 1e300]);
      const numbers = Float64Array.from(rows.columns, ([value]) => value!);
      const output = new Float64Array(model.scoreWidth);
      scoreNumbers(model, encoder.layout, encoder.scalings!, numbers, output);
      expectSameBits(output, encodedScores(model, encoder, rows));
    }
  });
});

/** Five numbers, a category whose codes are learned numbers, and one whose codes are its positions. */
function mixedEncoder(): LearnedEncoder {
  const dictionary = { values: ['a', 'b', 'c'], hasNull: true, dropped: -1 };
  const target = { kind: 'target', dictionary, width: 1, means: [0.3, -1, 2, 0.7], prior: [0.25] } as const;
  const numbers = Array.from({ length: WIDTH - 2 }, (_, index) => ({
    kind: 'number' as const,
    mean: index,
    scale: 1 + index,
    imputes: index === 1,
  }));
  const inputs = [...numbers, { kind: 'text' as const }, { kind: 'text' as const }].map(
    ({ kind }, index) => ({
      name: `x${index}`,
      kind,
    }),
  );
  return new LearnedEncoder(inputs, [...numbers, target, { kind: 'label', dictionary }]);
}

test.each([
  ['boosted classes of two', treeModel(2, 100, 6)],
  ['forest of three classes', forest(3)],
])('categories that become numbers: the same bits, %s', (_, model) => {
  const encoder = mixedEncoder();
  for (const rowCount of sizes.toReversed()) {
    const numbers = columnsOf(rowCount, [Number.NaN, 0]).columns.slice(2);
    const texts = (): (string | null)[] =>
      Array.from({ length: rowCount }, () => ['a', 'b', 'c', 'd', '', null][random.below(6)] ?? null);
    const columns = [
      ...numbers.map((values) => ({ kind: 'number', values }) as const),
      { kind: 'text', values: texts() } as const,
      { kind: 'text', values: texts() } as const,
    ];
    const expected = new Float64Array(rowCount * model.scoreWidth);
    model.score(encoder.encode({ rowCount, columns }), expected);
    for (const scoring of [single, threads]) {
      const output = new Float64Array(expected.length);
      scoreRawRows(model, encoder, { rowCount, columns }, output, scoring);
      expectSameBits(output, expected);
    }
  }
});

describe.each([
  ['linear regression', new LinearModel(coefficients(1))],
  ['logistic regression', new LogisticModel(coefficients(1))],
  ['logistic regression of four classes', new LogisticModel(coefficients(4))],
])('%s', (_, model) => {
  test('is the same to rounding, and to the bit on more threads and in any batch', () => {
    for (const rowCount of sizes) {
      const rows = columnsOf(rowCount, [Number.NaN, 0, -0, 1e5]);
      const expected = encodedScores(model, scaled, rows);
      const output = new Float64Array(expected.length);
      scoreColumns(model, scaled, rows, output, single);
      const wrong = output.findIndex((score, index) => {
        const exact = expected[index]!;
        return !(Math.abs(score - exact) <= 1e-10 * Math.max(1, Math.abs(exact)));
      });
      expect(wrong).toBe(-1);
      const shared = new Float64Array(expected.length);
      scoreColumns(model, scaled, rows, shared, threads);
      expectSameBits(shared, output);
      const alone = new Float64Array(model.scoreWidth);
      const last = { rowCount: 1, columns: rows.columns.map((column) => column.slice(-1)) };
      scoreColumns(model, scaled, last, alone, single);
      expectSameBits(alone, output.slice(-model.scoreWidth));
      const numbers = Float64Array.from(last.columns, ([value]) => value!);
      scoreNumbers(model, scaled.layout, scaled.scalings!, numbers, alone.fill(0));
      expectSameBits(alone, output.slice(-model.scoreWidth));
    }
  });

  test('infinities stay what they are', () => {
    const rows = columnsOf(300, [Infinity, -Infinity, Number.NaN]);
    const output = new Float64Array(300 * model.scoreWidth);
    scoreColumns(model, scaled, rows, output);
    const expected = encodedScores(model, scaled, rows);
    output.forEach((score, index) => {
      if (!Number.isFinite(expected[index]!)) expect(score).toBe(expected[index]);
    });
  });
});

test('threads start with many rows only, three in all', () => {
  expect(single.liveThreadCount).toBe(0);
  expect(threads.liveThreadCount + further.liveThreadCount).toBe(3);
});
