/**
 * Decision trees against scikit-learn and MLlib's rules, and their tables. Reference numbers: reference.py.
 */
import { describe, expect, test } from 'vitest';
import { decisionTreeClassifier, decisionTreeRegressor } from '../../../src/ml/tree/decision-tree.ts';
import type { ModelTable } from '../../../src/ml/estimator.ts';
import { encodedRows, fitSample, referenceSample, scoresOf, type FitOutcome, type Sample } from './fit.ts';

const { numbers: holed, label } = referenceSample();
/** Missing values as -1, since the reference knows none. */
const numbers = holed.map((row) => row.map((value) => (Number.isNaN(value) ? -1 : value)));
const mean = label.reduce((sum, value) => sum + value, 0) / label.length;
const binary = label.map((value) => (value > Math.floor(mean) ? 1 : 0));
const three = label.map((value) => (value < -2 ? 0 : value < 4 ? 1 : 2));
const rules = { MAX_TREE_DEPTH: 4, MIN_INSTANCES_PER_NODE: 5, MAX_BINS: 255 };

function tableOf(
  { model, encoder }: FitOutcome,
  name: 'tree' | 'tree_text' | 'feature_importance',
  classLabels: string[] = [],
): ModelTable {
  return model.table({ name, standardize: false, classLabels }, encoder)!;
}

function column(table: ModelTable, name: string): unknown[] {
  const index = table.schema.findIndex((entry) => entry.name === name);
  return table.rows.map((row) => row[index]);
}

describe('trees equal those of scikit-learn', () => {
  test.each([
    ['GINI', binary, 2, 23, 0.189543618793, [0.9365079, 0.06349206, 0, 1, 0.6666667, 0.3333333]],
    ['GINI', three, 3, 25, 0.342890652317, [1, 0, 0, 0, 0, 1, 0.2, 0.6571429, 0.1428571]],
    ['ENTROPY', binary, 2, 29, 0.162614634183, [1, 0, 0, 1, 0.6, 0.4]],
    ['ENTROPY', three, 3, 27, 0.237843962678, [1, 0, 0, 0, 0, 1, 0.1875, 0.75, 0.0625]],
  ])('%s over %#', async (IMPURITY, classes, classCount, nodeCount, loss, shares) => {
    const outcome = await fitSample(
      decisionTreeClassifier,
      { numbers, label: classes, classCount },
      { ...rules, IMPURITY },
    );
    shares.forEach((share, index) => expect(outcome.scores[index]).toBeCloseTo(share, 6));
    expect(outcome.reports[0]!.loss).toBeCloseTo(loss, 11);
    expect(tableOf(outcome, 'tree', ['a', 'b', 'c']).rows).toHaveLength(nodeCount);
  });

  test('VARIANCE', async () => {
    const outcome = await fitSample(decisionTreeRegressor, { numbers, label }, rules);
    [1.390163, 8.731209, 1.390163, 1.390163, 9.212512].forEach((value, row) =>
      expect(outcome.scores[row]).toBeCloseTo(value, 6),
    );
    expect(outcome.reports[0]!.loss).toBeCloseTo(5.593915111845, 10);
    const table = tableOf(outcome, 'tree');
    expect(table.rows).toHaveLength(31);
    expect(column(table, 'threshold')[0]).toBe(104.5);
    expect(column(table, 'feature').slice(0, 3)).toEqual(['x0', 'x2', 'x1']);
  });
});

describe('categories', () => {
  const codes = [0, 1, 2, 3, 0, 1, 2, 3].map((code) => [code]);
  const none = codes.map(() => []);

  test('of a regression are ordered by mean label', async () => {
    const sample = { numbers: none, codes, cardinalities: [4], label: [5, 1, 6, 0, 5, 1, 6, 0] };
    const outcome = await fitSample(decisionTreeRegressor, sample, { MAX_TREE_DEPTH: 1 });
    expect([...outcome.scores.slice(0, 4)]).toEqual([5.5, 0.5, 5.5, 0.5]);
    const table = tableOf(outcome, 'tree');
    expect(column(table, 'operator')).toEqual(['in', null, null]);
    expect(column(table, 'categories')[0]).toEqual(['b', 'd']);
    expect(column(table, 'threshold')).toEqual([null, null, null]);
  });

  test('of a binary class are ordered by share of class 1, not by its count', async () => {
    // Category a: 3 of 9 rows are 1; b: 2 of 2; c: 0 of 5. By count a would lie above b.
    const counts = [
      [0, 6, 3],
      [1, 0, 2],
      [2, 5, 0],
    ] as const;
    const rows = counts.flatMap(([code, zeros, ones]) => [
      ...Array.from({ length: zeros }, () => [code, 0] as const),
      ...Array.from({ length: ones }, () => [code, 1] as const),
    ]);
    const sample = {
      numbers: rows.map(() => []),
      codes: rows.map(([code]) => [code]),
      cardinalities: [3],
      label: rows.map(([, one]) => one),
      classCount: 2,
    };
    const outcome = await fitSample(decisionTreeClassifier, sample, { MAX_TREE_DEPTH: 1 });
    expect(column(tableOf(outcome, 'tree', ['no', 'yes']), 'categories')[0]).toEqual(['a', 'c']);
  });

  test('of several classes are split by any subset when they are few', async () => {
    // a and d are class 0, b class 1, c class 2: no order of single impurities would find {a, d}.
    const sample = {
      numbers: none,
      codes,
      cardinalities: [4],
      label: [0, 1, 2, 0, 0, 1, 2, 0],
      classCount: 3,
    };
    const outcome = await fitSample(decisionTreeClassifier, sample, { MAX_TREE_DEPTH: 1 });
    const first = column(tableOf(outcome, 'tree', ['x', 'y', 'z']), 'categories')[0];
    expect([
      ['a', 'd'],
      ['b', 'c'],
    ]).toContainEqual(first);
    expect([...outcome.scores.slice(0, 6)]).toEqual([1, 0, 0, 0, 0.5, 0.5]);
  });

  test('unseen ones go where missing values go: with the heavier side', async () => {
    const sample: Sample = {
      numbers: [[], [], [], []],
      codes: [[0], [1], [1], [1]],
      cardinalities: [3],
      label: [9, 2, 2, 2],
    };
    const { model } = await fitSample(decisionTreeRegressor, sample);
    const asked = encodedRows({ ...sample, codes: [[0], [1], [2], [-1]] });
    expect([...scoresOf(model, asked)]).toEqual([9, 2, 2, 2]);
  });

  test('more than 255 are refused with the column named', async () => {
    const sample = { numbers: [[], []], codes: [[0], [1]], cardinalities: [256], label: [0, 1] };
    const encoder = fitSample(decisionTreeRegressor, sample);
    await expect(encoder).rejects.toThrow(
      'feature "c0" has 256 categories, and a decision tree takes 255 a feature at most',
    );
  });
});

describe('options', () => {
  test('MAX_TREE_DEPTH 0 is one leaf with the class shares', async () => {
    const outcome = await fitSample(
      decisionTreeClassifier,
      { numbers, label: three, classCount: 3 },
      { MAX_TREE_DEPTH: 0 },
    );
    expect([...outcome.scores.slice(0, 3)]).toEqual([34 / 300, 85 / 300, 181 / 300]);
    expect(column(tableOf(outcome, 'tree', ['a', 'b', 'c']), 'prediction')).toEqual(['c']);
  });

  test('MIN_INFO_GAIN is a decrease of impurity: the root splits just below its own gain', async () => {
    const sample = { numbers, label: binary, classCount: 2 };
    const grown = await fitSample(decisionTreeClassifier, sample, { MAX_TREE_DEPTH: 1, MAX_BINS: 255 });
    const gain = column(tableOf(grown, 'tree', ['0', '1']), 'gain')[0] as number;
    const nodes = async (MIN_INFO_GAIN: number): Promise<number> => {
      const outcome = await fitSample(decisionTreeClassifier, sample, {
        MAX_TREE_DEPTH: 1,
        MAX_BINS: 255,
        MIN_INFO_GAIN,
      });
      return tableOf(outcome, 'tree', ['0', '1']).rows.length;
    };
    expect([await nodes(gain * 0.999), await nodes(gain * 1.001)]).toEqual([3, 1]);
    // Gini impurity of the parent less that of the children, weighted: from the table itself.
    const counts = column(tableOf(grown, 'tree', ['0', '1']), 'sample_count').map(Number);
    const shares = column(tableOf(grown, 'tree', ['0', '1']), 'probabilities') as number[][];
    const gini = shares.map(([no, yes]) => 1 - no! ** 2 - yes! ** 2);
    expect(gain).toBeCloseTo(gini[0]! - (counts[1]! * gini[1]! + counts[2]! * gini[2]!) / 300, 12);
  });

  test('MIN_INSTANCES_PER_NODE and MIN_WEIGHT_FRACTION_PER_NODE bound the leaves', async () => {
    const sample = { numbers, label };
    const rows = await fitSample(decisionTreeRegressor, sample, {
      MAX_TREE_DEPTH: 9,
      MIN_INSTANCES_PER_NODE: 20,
    });
    expect(Math.min(...column(tableOf(rows, 'tree'), 'sample_count').map(Number))).toBeGreaterThanOrEqual(20);
    const options = { MAX_TREE_DEPTH: 9, MIN_WEIGHT_FRACTION_PER_NODE: 0.1 };
    const fraction = await fitSample(decisionTreeRegressor, sample, options);
    expect(Math.min(...column(tableOf(fraction, 'tree'), 'sample_count').map(Number))).toBeGreaterThanOrEqual(
      30,
    );
  });

  test('PRUNE merges leaves that predict the same class', async () => {
    const sample = { numbers, label: binary, classCount: 2 };
    const full = await fitSample(decisionTreeClassifier, sample, rules);
    const pruned = await fitSample(decisionTreeClassifier, sample, { ...rules, PRUNE: true });
    const classes = (outcome: FitOutcome): boolean[] =>
      binary.map((_, row) => outcome.scores[2 * row]! >= 0.5);
    expect(classes(pruned)).toEqual(classes(full));
    const table = tableOf(pruned, 'tree', ['0', '1']);
    expect(table.rows.length).toBeLessThan(tableOf(full, 'tree', ['0', '1']).rows.length);
    const left = column(table, 'left_child_id');
    const prediction = column(table, 'prediction');
    left.forEach((child) => {
      if (child === null) return;
      const areLeaves = left[Number(child)] === null && left[Number(child) + 1] === null;
      if (areLeaves) expect(prediction[Number(child)]).not.toBe(prediction[Number(child) + 1]);
    });
  });

  test('row weights count as repeated rows', async () => {
    const weight = label.map((_, row) => 1 + (row % 3));
    const repeated = weight.flatMap((count, row) => Array.from({ length: count }, () => row));
    const copies = {
      numbers: repeated.map((row) => numbers[row]!),
      label: repeated.map((row) => three[row]!),
      classCount: 3,
    };
    const options = { MAX_TREE_DEPTH: 4, MAX_BINS: 255 };
    const weighted = await fitSample(
      decisionTreeClassifier,
      { numbers, label: three, classCount: 3, weight },
      options,
    );
    const copied = await fitSample(decisionTreeClassifier, copies, options);
    expect(scoresOf(copied.model, weighted.rows)).toEqual(weighted.scores);
  });
});

describe('missing values', () => {
  test('go the way that training found best', async () => {
    const values = [NaN, 1, NaN, 2, NaN, 8, NaN, 9].map((value) => [value]);
    const like = await fitSample(
      decisionTreeRegressor,
      { numbers: values, label: [7, 0, 7, 0, 7, 7, 7, 7] },
      { MAX_TREE_DEPTH: 1 },
    );
    expect([...like.scores]).toEqual([7, 0, 7, 0, 7, 7, 7, 7]);
    expect(column(tableOf(like, 'tree'), 'missing_goes')).toEqual(['right', null, null]);
    const apart = await fitSample(
      decisionTreeRegressor,
      { numbers: values, label: [7, 0, 7, 0, 7, 0, 7, 0] },
      { MAX_TREE_DEPTH: 1 },
    );
    expect([...apart.scores]).toEqual([7, 0, 7, 0, 7, 0, 7, 0]);
    expect(column(tableOf(apart, 'tree'), 'operator')).toEqual(['is not null', null, null]);
  });
});

describe('tables', () => {
  const sample: Sample = {
    numbers: [[1], [2], [3], [4], [5], [6]],
    codes: [[0], [0], [0], [0], [1], [2]],
    cardinalities: [3],
    label: [0, 0, 1, 1, 0, 0],
    classCount: 2,
  };

  test('tree has one row a node, breadth first', async () => {
    const outcome = await fitSample(decisionTreeClassifier, sample, { MAX_TREE_DEPTH: 2 });
    const table = tableOf(outcome, 'tree', ['no', 'yes']);
    expect(table.schema.map((entry) => entry.name)).toEqual([
      'tree_id',
      'node_id',
      'parent_id',
      'depth',
      'left_child_id',
      'right_child_id',
      'feature',
      'operator',
      'threshold',
      'categories',
      'missing_goes',
      'gain',
      'sample_count',
      'prediction',
      'probabilities',
    ]);
    const gini = (share: number): number => 2 * share * (1 - share);
    const rootGain = gini(1 / 3) - (4 / 6) * gini(1 / 2);
    const third = expect.closeTo(1 / 3, 12) as number;
    const twoThirds = expect.closeTo(2 / 3, 12) as number;
    const gain = expect.closeTo(rootGain, 12) as number;
    expect(table.rows).toEqual([
      [0n, 0n, null, 0n, 1n, 2n, 'x0', '<=', 2.5, null, 'right', gain, 6n, 'no', [twoThirds, third]],
      [0n, 1n, 0n, 1n, null, null, null, null, null, null, null, null, 2n, 'no', [1, 0]],
      [0n, 2n, 0n, 1n, 3n, 4n, 'x0', '<=', 4.5, null, 'left', 0.5, 4n, 'no', [0.5, 0.5]],
      [0n, 3n, 2n, 2n, null, null, null, null, null, null, null, null, 2n, 'yes', [0, 1]],
      [0n, 4n, 2n, 2n, null, null, null, null, null, null, null, null, 2n, 'no', [1, 0]],
    ]);
  });

  test('tree_text reads like MLlib', async () => {
    const codes = sample.codes!;
    const outcome = await fitSample(decisionTreeClassifier, {
      ...sample,
      numbers: codes.map(() => []),
      label: [0, 0, 0, 1, 1, 1],
    });
    expect(tableOf(outcome, 'tree_text', ['no', 'yes']).rows).toEqual([
      [1n, 'Decision tree: depth=1, nodes=3, classes=2'],
      [2n, '  If (c0 in {a} or missing)'],
      [3n, '    Predict: no (probability 0.75, 4 rows)'],
      [4n, '  Else (c0 not in {a})'],
      [5n, '    Predict: yes (probability 1, 2 rows)'],
    ]);
  });

  test('feature_importance has every feature, unused ones with zeros', async () => {
    const outcome = await fitSample(decisionTreeClassifier, sample, { MAX_TREE_DEPTH: 2 });
    const table = tableOf(outcome, 'feature_importance');
    expect(table.schema.map((entry) => entry.name)).toEqual([
      'feature',
      'importance_weight',
      'importance_gain',
      'importance_cover',
    ]);
    const [first, second] = table.rows;
    expect(first!.slice(0, 2)).toEqual(['x0', 2]);
    expect(first![2]).toBeCloseTo((6 * (4 / 9 - 1 / 3) + 4 * 0.5) / 2, 12);
    expect(first![3]).toBe(5);
    expect(second).toEqual(['c0', 0, 0, 0]);
  });
});

test('an artifact gives the same model and tables back', async () => {
  const codes = numbers.map((_, row) => [row % 40]);
  const sample = { numbers, codes, cardinalities: [40], label: three, classCount: 3 };
  const outcome = await fitSample(decisionTreeClassifier, sample, { MAX_TREE_DEPTH: 6 });
  const artifact = outcome.model.toArtifact();
  const header = JSON.parse(JSON.stringify(artifact.header)) as Record<string, unknown>;
  const model = decisionTreeClassifier.restore({ ...artifact, header });
  expect(scoresOf(model, outcome.rows)).toEqual(outcome.scores);
  const labels = ['a', 'b', 'c'];
  for (const name of ['tree', 'tree_text', 'feature_importance'] as const) {
    expect(tableOf({ ...outcome, model }, name, labels)).toEqual(tableOf(outcome, name, labels));
  }
});

test('a damaged artifact is refused', async () => {
  const { model } = await fitSample(decisionTreeRegressor, { numbers, label });
  const artifact = model.toArtifact();
  const tensors = artifact.tensors.filter((tensor) => tensor.name !== 'left');
  expect(() => decisionTreeRegressor.restore({ ...artifact, tensors })).toThrow('it has no tensor left');
});
