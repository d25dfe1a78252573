/** Solvers on functions whose minimum is known. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { CholeskyFactor } from '../../../src/ml/solver/cholesky.ts';
import { EarlyStop } from '../../../src/ml/solver/early-stop.ts';
import { minimizeByGradientDescent } from '../../../src/ml/solver/gradient-descent.ts';
import { minimizeLbfgs } from '../../../src/ml/solver/lbfgs.ts';
import type { Evaluation, Objective } from '../../../src/ml/solver/objective.ts';

/** An objective of a value and a gradient, which counts its evaluations. */
function objectiveOf(
  valueAt: (point: Float64Array) => number,
  gradientAt: (point: Float64Array) => number[],
  absoluteWeights?: Float64Array,
): Objective & { count: number } {
  return {
    count: 0,
    absoluteWeights,
    async evaluate(point): Promise<Evaluation> {
      this.count++;
      return {
        point,
        value: valueAt(point),
        gradient: Float64Array.from(gradientAt(point)),
        loss: valueAt(point),
      };
    },
    value: async (point) => valueAt(point),
  };
}

const rosenbrock = () =>
  objectiveOf(
    ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
    ([x, y]) => [-2 * (1 - x!) - 400 * x! * (y! - x! * x!), 200 * (y! - x! * x!)],
  );
const goOn = async (): Promise<boolean> => false;

describe('L-BFGS', () => {
  test('finds the minimum of a curved valley in few evaluations', async () => {
    const objective = rosenbrock();
    const { evaluation, end } = await minimizeLbfgs(objective, Float64Array.of(-1.2, 1), 200, goOn);
    expect(end).toBe('converged');
    expect([...evaluation.point]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
    expect(objective.count).toBeLessThan(150);
  });

  test('is exact on an ill-conditioned quadratic', async () => {
    const scales = [1, 10, 100, 1e4];
    const objective = objectiveOf(
      (point) => point.reduce((sum, x, place) => sum + (scales[place]! * (x - place) ** 2) / 2, 0),
      (point) => [...point].map((x, place) => scales[place]! * (x - place)),
    );
    const { evaluation } = await minimizeLbfgs(objective, new Float64Array(4), 200, goOn);
    evaluation.point.forEach((x, place) => expect(x).toBeCloseTo(place, 6));
  });

  test('OWL-QN solves the lasso of an orthogonal design', async () => {
    const target = [3, -2, 0.5, -0.4, 0];
    const weights = Float64Array.of(1, 1, 1, 1, 0);
    const objective = objectiveOf(
      (point) => point.reduce((sum, x, place) => sum + (x - target[place]!) ** 2 / 2, 0),
      (point) => [...point].map((x, place) => x - target[place]!),
      weights,
    );
    const { evaluation } = await minimizeLbfgs(objective, Float64Array.of(1, 1, 1, 1, 1), 100, goOn);
    expect([...evaluation.point]).toEqual([
      expect.closeTo(2, 8),
      expect.closeTo(-1, 8),
      0,
      0,
      expect.closeTo(0, 8),
    ]);
  });

  test('stops when the listener says so', async () => {
    const seen: number[] = [];
    const { end } = await minimizeLbfgs(
      rosenbrock(),
      Float64Array.of(-1.2, 1),
      200,
      async ({ iteration }) => {
        seen.push(iteration);
        return iteration === 2;
      },
    );
    expect([end, seen]).toEqual(['stopped', [0, 1, 2]]);
  });
});

describe('gradient descent', () => {
  const bowl = () =>
    objectiveOf(
      ([x]) => (x! * x!) / 2,
      ([x]) => [x!],
    );

  test('a constant rate takes exactly its step', async () => {
    const rate = { strategy: 'CONSTANT', initial: 0.25 } as const;
    const { evaluation, end } = await minimizeByGradientDescent(bowl(), Float64Array.of(1), rate, 3, goOn);
    expect([evaluation.point[0], end]).toEqual([0.75 ** 3, 'iteration limit']);
  });

  test('the line search takes the best of four rates and goes on from it', async () => {
    const rates: (number | undefined)[] = [];
    const rate = { strategy: 'LINE_SEARCH', initial: 0.1 } as const;
    await minimizeByGradientDescent(bowl(), Float64Array.of(1), rate, 4, async ({ learningRate }) => {
      rates.push(learningRate);
      return false;
    });
    expect(rates).toEqual([0.2, 0.4, 0.8, 0.8]);
  });

  test('the line search retreats when all four rates are too great', async () => {
    const steep = objectiveOf(
      ([x]) => 1e6 * x! * x!,
      ([x]) => [2e6 * x!],
    );
    const rate = { strategy: 'LINE_SEARCH', initial: 0.1 } as const;
    const { evaluation } = await minimizeByGradientDescent(steep, Float64Array.of(1), rate, 20, goOn);
    expect(Math.abs(evaluation.point[0]!)).toBeLessThan(1e-3);
  });
});

describe('Cholesky', () => {
  const factorise = (matrix: Float64Array, size: number, excluded: number[] = []): Promise<CholeskyFactor> =>
    CholeskyFactor.factorise(matrix, size, excluded, () => Promise.resolve());

  /** Packed Gram matrix of the columns. */
  const gramOf = (columns: readonly (readonly number[])[]): Float64Array =>
    Float64Array.from(
      columns.flatMap((left, row) =>
        columns
          .slice(0, row + 1)
          .map((right) => left.reduce((sum, value, place) => sum + value * right[place]!, 0)),
      ),
    );

  test('solves, and knows the diagonal of the inverse', async () => {
    const factor = await factorise(Float64Array.of(4, 2, 3), 2);
    expect([...factor.solve(Float64Array.of(8, 7))]).toEqual([
      expect.closeTo(1.25, 14),
      expect.closeTo(1.5, 14),
    ]);
    expect([...factor.inverseDiagonal()]).toEqual([expect.closeTo(3 / 8, 14), expect.closeTo(1 / 2, 14)]);
  });

  test('leaves a dependent column out, with coefficient 0', async () => {
    const ones = [1, 1, 1, 1];
    const left = [1, 1, 0, 0];
    const right = [0, 0, 1, 1];
    const gram = gramOf([ones, left, right]);
    const factor = await factorise(gram, 3);
    expect([factor.rank, ...factor.isDropped]).toEqual([2, 0, 0, 1]);
    expect([...factor.solve(Float64Array.of(14, 4, 10))]).toEqual([
      expect.closeTo(5, 13),
      expect.closeTo(-3, 13),
      0,
    ]);
    expect(factor.inverseDiagonal()[2]).toBeNaN();
  });

  test('leaves out what it is told to, and columns of zeros', async () => {
    const factor = await factorise(Float64Array.of(2, 1, 4, 0, 0, 0), 3, [0]);
    expect([...factor.solve(Float64Array.of(9, 8, 0))]).toEqual([0, 2, 0]);
  });

  test('solves for many columns, some of which depend on others', async () => {
    const random = new Random(7);
    const columns = Array.from({ length: 23 }, () => Array.from({ length: 60 }, () => random.normal()));
    const dependent = [5, 12, 13, 22];
    for (const column of dependent)
      columns[column] = columns[column - 3]!.map((value, row) => value - 2 * columns[1]![row]!);
    const truth = columns.map((_, column) => (dependent.includes(column) ? 0 : random.normal()));
    const label = columns[0]!.map((_, row) =>
      columns.reduce((sum, column, place) => sum + column[row]! * truth[place]!, 0),
    );
    const factor = await factorise(gramOf(columns), columns.length);
    expect([...factor.isDropped.keys()].filter((column) => factor.isDropped[column] === 1)).toEqual(
      dependent,
    );
    const right = Float64Array.from(columns, (column) =>
      column.reduce((sum, value, row) => sum + value * label[row]!, 0),
    );
    expect([...factor.solve(right)]).toEqual(truth.map((value) => expect.closeTo(value, 10)));
  });

  test('of a large matrix ends when its checkpoint throws', async () => {
    const size = 600;
    const identity = new Float64Array((size * (size + 1)) / 2);
    for (let row = 0; row < size; row++) identity[(row * (row + 1)) / 2 + row] = 1;
    const stop = (): Promise<void> => Promise.reject(new Error('stopped'));
    await expect(CholeskyFactor.factorise(identity, size, [], stop)).rejects.toThrow('stopped');
  });
});

test('early stop: by relative improvement, never at the first loss', () => {
  const rule = new EarlyStop(0.1);
  expect([10, 8, 7.3, 7].map((loss) => rule.shouldStop(loss))).toEqual([false, false, true, true]);
  const rising = new EarlyStop(0);
  expect([1, 2].map((loss) => rising.shouldStop(loss))).toEqual([false, true]);
  const never = new EarlyStop(undefined);
  expect([1, 1, 1].map((loss) => never.shouldStop(loss))).toEqual([false, false, false]);
});
