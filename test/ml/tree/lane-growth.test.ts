/** Trees grown from records are those that passes over all rows grow; and parts of a forest score as the whole does. */
import { describe, expect, test } from 'vitest';
import type { FitContext } from '../../../src/ml/estimator.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import { learnBins } from '../../../src/ml/tree/bin-mapper.ts';
import { mixSeed } from '../../../src/ml/tree/column-sampler.ts';
import type { GrowthRules } from '../../../src/ml/tree/growth.ts';
import { laneBytes, laneCount, lanePlan, forestLayout } from '../../../src/ml/tree/growth-lane.ts';
import { allocateGrowth } from '../../../src/ml/tree/growth-workspace.ts';
import { writeLabelFacts } from '../../../src/ml/tree/label-facts-pass.ts';
import { meanTarget, shareTarget, type LabelTarget } from '../../../src/ml/tree/leaf-mean.ts';
import { growByTree } from '../../../src/ml/tree/forest-by-tree.ts';
import type { TreeBuilder } from '../../../src/ml/tree/tree-builder.ts';
import { EnsembleBuilder, walkTrees, type TreeEnsemble } from '../../../src/ml/tree/tree-ensemble.ts';
import { TreeGrower } from '../../../src/ml/tree/tree-grower.ts';
import { rangeStarts, treeRange } from '../../../src/ml/tree/tree-range.ts';
import { encodedRows, referenceSample, sampleLayoutOf, type Sample } from './fit.ts';

const rules: GrowthRules = {
  depthMax: 7,
  // So many that hardly any two cuts gain the same.
  limits: { rows: 1, weight: 24 },
  weightFraction: 0,
  gainMin: 0,
  isGainPerWeight: false,
  shares: { byTree: 1, byLevel: 1, byNode: 1 },
  rowShare: 1,
};

const { numbers, label } = referenceSample(1500);
const classes = label.map((value) => (value < 1 ? 0 : 1));
const weight = label.map((_, row) => (row % 7) / 2);

/** The tree that each of the two ways grows. */
async function bothTrees(sample: Sample, target: LabelTarget): Promise<readonly TreeEnsemble[]> {
  const layout = sampleLayoutOf(sample);
  const rows = encodedRows(sample, layout);
  const classCount = sample.classCount ?? 0;
  const training = openSerialTraining({
    layout,
    trainingRowCount: rows.rowCount,
    evaluationRowCount: 0,
    hasLabel: true,
    classCount,
    classRowCounts: [],
    signal: new AbortController().signal,
    workspaceBytes: 2 ** 22,
  });
  const weights = sample.weight === undefined ? undefined : Float64Array.from(sample.weight);
  training.memory.write('training', 0, rows, Float64Array.from(sample.label), weights);
  const { aggregator, dataset } = training;
  const request = { numericBins: 255, categoryOrder: () => 'single' as const, outputs: 1 };
  const mapper = await learnBins(aggregator, dataset, request, ['training']);
  const ensembleOf = (trees: readonly TreeBuilder[]): TreeEnsemble => {
    const builder = new EnsembleBuilder(mapper, layout.numericWidth, target.leafWidth);
    for (const tree of trees) builder.add(tree, (node) => target.leaf(tree.sums[node]!));
    return builder.build();
  };
  allocateGrowth(aggregator, 1);
  const units = await writeLabelFacts(aggregator, rows.rowCount, target.centre, 0);
  const plans = [{ output: 0, seed: mixSeed(5, 0) }];
  const passed = await new TreeGrower(aggregator, mapper, rules, target.criterion, 0).grow(plans, units);
  const recorded: TreeBuilder[] = [];
  const context = { aggregator, dataset, seed: 5 } as FitContext;
  const newton = target.newton!;
  await growByTree(context, mapper, { ...target, newton }, rules, 1, (tree) => recorded.push(tree));
  return [ensembleOf(passed), ensembleOf(recorded)];
}

function expectAlike(recorded: TreeEnsemble, passed: TreeEnsemble): void {
  expect(recorded.column.length).toBeGreaterThan(20);
  expect([...recorded.column]).toEqual([...passed.column]);
  expect([...recorded.threshold]).toEqual([...passed.threshold]);
  expect([...recorded.missingLeft]).toEqual([...passed.missingLeft]);
  recorded.leafValues.forEach((value, index) => expect(value).toBeCloseTo(passed.leafValues[index]!, 9));
}

describe('a tree from records is the tree from passes', () => {
  test.each([
    ['two classes', { numbers, label: classes, classCount: 2 }, { l1: 0, l2: 4 }],
    ['two classes with L1', { numbers, label: classes, classCount: 2 }, { l1: 2, l2: 0 }],
    ['weighted classes', { numbers, label: classes, classCount: 2, weight }, { l1: 0, l2: 1 }],
  ])('%s', async (_, sample, penalty) => {
    const [passed, recorded] = await bothTrees(
      sample,
      shareTarget('newton', penalty, Float64Array.of(0.4, 0.6), 2),
    );
    expectAlike(recorded!, passed!);
  });

  test.each([
    ['numbers', { numbers, label }],
    ['weighted numbers', { numbers, label, weight }],
  ])('%s', async (_, sample) => {
    const [passed, recorded] = await bothTrees(sample, meanTarget({ l1: 0, l2: 1 }, 2));
    expectAlike(recorded!, passed!);
  });
});

test('ranges of trees add up to the forest', async () => {
  const sample = { numbers, label };
  const trees = await bothTrees(sample, meanTarget({ l1: 0, l2: 1 }, 2));
  const rows = encodedRows(sample);
  const [first, second] = trees.map((ensemble) => {
    const sums = new Float64Array(rows.rowCount);
    walkTrees(ensemble, rows, sums, 1);
    return sums;
  });
  const joined = joinTrees(trees[0]!, trees[1]!);
  expect(rangeStarts(joined, 1)).toEqual([0, 1, 2]);
  expect(rangeStarts(joined, 1e6)).toEqual([0, 2]);
  [first!, second!].forEach((expected, tree) => {
    const sums = new Float64Array(rows.rowCount);
    walkTrees(treeRange(joined, tree, tree + 1), rows, sums, 1);
    expect(sums).toEqual(expected);
  });
});

/** Two forests as one. */
function joinTrees(left: TreeEnsemble, right: TreeEnsemble): TreeEnsemble {
  const nodes = left.column.length;
  const leaves = left.leafValues.length / left.leafWidth;
  const moved = right.left.map((target, node) => target + (right.column[node]! < 0 ? leaves : nodes));
  return {
    ...left,
    treeStart: Int32Array.of(0, nodes, nodes + right.column.length),
    column: Int32Array.of(...left.column, ...right.column),
    threshold: Float64Array.of(...left.threshold, ...right.threshold),
    left: Int32Array.of(...left.left, ...moved),
    missingLeft: Uint8Array.of(...left.missingLeft, ...right.missingLeft),
    leafValues: Float64Array.of(...left.leafValues, ...right.leafValues),
  };
}

test('lanes stay within their bound, and there is one at least', () => {
  const plan = lanePlan(forestLayout(28, true), 1_000_000, 10);
  expect(laneBytes(plan)).toBeGreaterThan(32_000_000);
  expect(laneBytes(plan)).toBeLessThan(34_000_000);
  expect(laneCount(plan, 100, 2)).toBe(2);
  expect(laneCount(plan, 100, 64)).toBe(16);
  expect(laneCount(lanePlan(forestLayout(28, true), 50_000_000, 10), 100, 64)).toBe(1);
});
