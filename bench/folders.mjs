/** Where the bench keeps its files: all of them below bench/, all but results ignored by git. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = (name) => {
  const path = fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(path, { recursive: true });
  return path;
};

/** Generated tables as Parquet; the only directory that the engine's SQL may read and write. */
export const dataFolder = folder('.data');
/** Predictions of one run, as Parquet: below the above. */
export const outputFolder = folder('.data/output');
/** Database files and text files of one run. */
export const runFolder = folder('.run');
export const resultsFolder = folder('results');
export const virtualEnvironment = join(fileURLToPath(new URL('.', import.meta.url)), '.venv');
export const plotsFolder = fileURLToPath(new URL('../docs/performance', import.meta.url));
/**
 * The built program, and its copy that a run measures: a build beside the run does not change what is
 * measured.
 */
export const builtFolder = fileURLToPath(new URL('../dist', import.meta.url));
export const programFolder = join(runFolder, 'program');
