/** The penguins of the published k-means fixture: 344 rows, four of their columns. */
import { readFileSync } from 'node:fs';
import type { FeatureInput, RawRows } from '../../../src/ml/index.ts';

interface Penguin {
  readonly 'Beak Length (mm)': number | null;
  readonly 'Beak Depth (mm)': number | null;
  readonly 'Flipper Length (mm)': number | null;
  readonly Sex: string | null;
}

const address = new URL('../../../node_modules/vega-datasets/data/penguins.json', import.meta.url);
const penguins = JSON.parse(readFileSync(address, 'utf8')) as readonly Penguin[];

export const penguinInputs: readonly FeatureInput[] = [
  { name: 'culmen_length_mm', kind: 'number' },
  { name: 'culmen_depth_mm', kind: 'number' },
  { name: 'flipper_length_mm', kind: 'number' },
  { name: 'sex', kind: 'text' },
];

/** Rows of (length, depth, flipper, sex) tuples. */
export function penguinRows(
  rows: readonly (readonly [number | null, number | null, number | null, string | null])[],
): RawRows {
  const numbers = (column: 0 | 1 | 2): Float64Array =>
    Float64Array.from(rows, (row) => row[column] ?? Number.NaN);
  return {
    rowCount: rows.length,
    columns: [
      { kind: 'number', values: numbers(0) },
      { kind: 'number', values: numbers(1) },
      { kind: 'number', values: numbers(2) },
      { kind: 'text', values: rows.map((row) => row[3]) },
    ],
  };
}

export const allPenguins: RawRows = penguinRows(
  penguins.map((penguin) => [
    penguin['Beak Length (mm)'],
    penguin['Beak Depth (mm)'],
    penguin['Flipper Length (mm)'],
    penguin.Sex,
  ]),
);
