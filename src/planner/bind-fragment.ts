/** SQL fragments: their ML calls bound inside out, and put back as plain SQL in their places. */
import type { Span } from '../core/index.ts';
import type { CommonTables, SqlFragment } from '../parser/index.ts';
import { bindMlCall } from './bind-ml-function.ts';
import type { PlannerContext } from './context.ts';
import type { BoundCall, BoundFragment } from './ml-call.ts';
import { respellings, splice, type Replacement } from './splice.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

/** What stands in a part of the fragment, with the calls bound so far in their places. */
function partSql(fragment: SqlFragment, calls: readonly BoundCall[], span: Span): SqlText {
  const bound = calls.map(({ call, sql }): Replacement => ({ span: call.span, sql }));
  return splice(fragment, [...respellings(fragment), ...bound], span);
}

/** A WITH list whose common tables a call may name. The calls in it stand before that call, so they are bound. */
function scopeSql(fragment: SqlFragment, calls: readonly BoundCall[], tables: CommonTables): SqlText {
  return new SqlTextBuilder()
    .add(tables.isRecursive ? 'WITH RECURSIVE ' : 'WITH ')
    .nest(partSql(fragment, calls, tables.span))
    .build();
}

/** Binds the calls of a fragment and splices their SQL into its text; the rest stays but for BigQuery's spellings. */
export async function bindFragment(fragment: SqlFragment, context: PlannerContext): Promise<BoundFragment> {
  const calls: BoundCall[] = [];
  for (const call of fragment.islands) {
    const own = call.scopes.map((tables) => scopeSql(fragment, calls, tables));
    calls.push(await bindMlCall(call, { ...context, scopes: [...context.scopes, ...own] }, bindFragment));
  }
  const sql = partSql(fragment, calls, fragment.span);
  return { sql, calls, models: calls.flatMap((call) => call.models) };
}
