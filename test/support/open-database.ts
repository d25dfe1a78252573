/** A real database for a test, with a scorer that sums each row's numbers. */
import {
  type Database,
  type DatabaseHooks,
  type DatabaseOptions,
  openDatabase,
} from '../../src/database/index.ts';

/** The scorer: one score a row, the sum of its numbers. */
export const sumHooks: DatabaseHooks = {
  score: ({ rowCount, numbers, numberCount }) => {
    const scores = new Float64Array(rowCount);
    for (let index = 0; index < numbers.length; index++)
      scores[Math.floor(index / numberCount)]! += numbers[index]!;
    return { width: 1, scores };
  },
  scoreNumbers: ({ rowCount, columns }) => {
    const scores = Float64Array.from({ length: rowCount }, (_, row) =>
      columns.reduce((sum, column) => sum + column[row]!, 0),
    );
    return { width: 1, scores };
  },
  progress: () => [],
};

/** Opens a database in memory unless a file is given. */
export function openTestDatabase(
  options: Partial<DatabaseOptions> = {},
  hooks: Partial<DatabaseHooks> = {},
): Promise<Database> {
  return openDatabase({ file: undefined, allowedPaths: [], ...options }, { ...sumHooks, ...hooks });
}
