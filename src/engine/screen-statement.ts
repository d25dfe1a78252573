/** Users' text is screened as they wrote it; what the planner makes of it is ours. */
import type { DatabaseConnection } from '../database/index.ts';
import { toSourceError } from '../executor/index.ts';
import type { Statement } from '../parser/index.ts';
import { userTexts } from '../planner/index.ts';

/** Fails with 42501, at the place in the script, when the statement reaches for what users may not. */
export function screenStatement(statement: Statement, connection: DatabaseConnection): void {
  for (const sql of userTexts(statement)) {
    try {
      connection.screen(sql.text);
    } catch (thrown) {
      throw toSourceError(thrown, sql);
    }
  }
}
