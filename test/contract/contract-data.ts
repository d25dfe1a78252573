/** Seeded raw tables for every task, and options that make each registered model type quick or endless. */
import { Random } from '../../src/core/index.ts';
import type { Estimator, OptionLiteral, RawColumn, Task } from '../../src/ml/index.ts';
import type { RawTable } from '../support/fit-model.ts';

export interface TableShape {
  readonly rowCount: number;
  readonly numericCount?: number;
  readonly textCount?: number;
  readonly classCount?: number;
  readonly seed?: number;
  /** Replaces every column: for constant and missing ones. */
  readonly fill?: { readonly number: number; readonly text: string | null };
}

const words = ['amber', 'blue', 'coral', 'dun', 'ecru'];

/** Features with missing values, and labels that depend on them, for a task. */
export function contractTable(task: Task, shape: TableShape): RawTable {
  const { rowCount, numericCount = 4, textCount = 2, fill } = shape;
  const random = new Random(shape.seed ?? 1);
  const numbers = Array.from({ length: numericCount }, () =>
    Float64Array.from({ length: rowCount }, () => {
      const value = Math.round(random.normal() * 1000) / 100;
      return fill === undefined ? (random.uniform() < 0.03 ? Number.NaN : value) : fill.number;
    }),
  );
  const texts = Array.from({ length: textCount }, () =>
    Array.from({ length: rowCount }, () => {
      const word = random.uniform() < 0.05 ? null : (words[random.below(words.length)] ?? null);
      return fill === undefined ? word : fill.text;
    }),
  );
  const signal = Float64Array.from({ length: rowCount }, (_, row) => {
    const first = numbers[0]?.[row] ?? 0;
    const bonus = texts[0]?.[row] === 'coral' ? 4 : 0;
    return (Number.isNaN(first) ? 0 : first) + bonus + random.normal();
  });
  const columns: Exclude<RawColumn, { kind: 'utf8' }>[] = [
    ...numbers.map((values) => ({ kind: 'number' as const, values })),
    ...texts.map((values) => ({ kind: 'text' as const, values })),
  ];
  const classCount = task === 'classification' ? (shape.classCount ?? 3) : 0;
  return {
    inputs: columns.map((column, index) => ({ name: `f${index + 1}`, kind: column.kind })),
    rows: { rowCount, columns },
    labels: labelsOf(task, signal, classCount),
    classCount,
  };
}

function labelsOf(task: Task, signal: Float64Array, classCount: number): Float64Array | undefined {
  if (task === 'clustering') return undefined;
  if (task === 'regression') return signal;
  return signal.map((value) =>
    Math.max(0, Math.min(classCount - 1, Math.floor((value + 6) / (12 / classCount)))),
  );
}

function known(
  estimator: Estimator,
  options: Readonly<Record<string, OptionLiteral>>,
): Record<string, OptionLiteral> {
  const names = new Set(estimator.options.map((option) => option.name));
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.has(name)));
}

const isForest = (estimator: Estimator): boolean => estimator.modelType.startsWith('RANDOM_FOREST');

/** Options that keep a training short. */
export function quickOptions(estimator: Estimator): Record<string, OptionLiteral> {
  return known(estimator, {
    MAX_ITERATIONS: 4,
    MAX_TREE_DEPTH: 4,
    ...(isForest(estimator) ? { NUM_PARALLEL_TREE: 5 } : {}),
  });
}

/** Options that make a training go on for much longer than any test waits. */
export function endlessOptions(estimator: Estimator): Record<string, OptionLiteral> {
  return known(estimator, {
    MAX_ITERATIONS: 1000,
    EARLY_STOP: false,
    OPTIMIZE_STRATEGY: 'BATCH_GRADIENT_DESCENT',
    ...(isForest(estimator) ? { NUM_PARALLEL_TREE: 500 } : {}),
    NUM_CLUSTERS: 50,
  });
}
