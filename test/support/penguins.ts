/** The penguins of vega-datasets, as BigQuery's public table has them. */
import { readFileSync } from 'node:fs';
import type { TestColumn, TestRows } from './train-rows.ts';

interface Penguin {
  readonly Species: string;
  readonly Island: string;
  readonly 'Beak Length (mm)': number | null;
  readonly 'Beak Depth (mm)': number | null;
  readonly 'Flipper Length (mm)': number | null;
  readonly 'Body Mass (g)': number | null;
  readonly Sex: string | null;
}

export const penguins: readonly Penguin[] = JSON.parse(
  readFileSync(new URL('../../node_modules/vega-datasets/data/penguins.json', import.meta.url), 'utf8'),
) as Penguin[];

/** Features other than the named one, as columns. */
export function penguinColumns(rows: readonly Penguin[], without: keyof Penguin): TestColumn[] {
  const columns: [keyof Penguin, string, TestColumn['kind']][] = [
    ['Species', 'species', 'text'],
    ['Island', 'island', 'text'],
    ['Beak Length (mm)', 'culmen_length_mm', 'number'],
    ['Beak Depth (mm)', 'culmen_depth_mm', 'number'],
    ['Flipper Length (mm)', 'flipper_length_mm', 'number'],
    ['Body Mass (g)', 'body_mass_g', 'number'],
    ['Sex', 'sex', 'text'],
  ];
  return columns
    .filter(([key]) => key !== without)
    .map(([key, name, kind]) => ({ name, kind, values: rows.map((row) => row[key]) }));
}

/** Rows whose mass is known, with the mass as label. */
export function massRows(rows: readonly Penguin[]): TestRows {
  const known = rows.filter((row) => row['Body Mass (g)'] !== null);
  return {
    columns: penguinColumns(known, 'Body Mass (g)'),
    label: known.map((row) => row['Body Mass (g)']!),
  };
}

/** Rows without any NULL. */
export function completePenguins(): Penguin[] {
  return penguins.filter((row) => Object.values(row).every((value) => value !== null));
}
