/** SQL fragments: their ML calls bound inside out, and put back as plain SQL in their places. */
import type { ModelEntry } from '../catalog/index.ts';
import type { SqlFragment } from '../parser/index.ts';
import { bindMlCall } from './bind-ml-function.ts';
import type { PlannerContext } from './context.ts';
import type { BoundCall } from './ml-call.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

/** A fragment with every call bound. */
export interface BoundFragment {
  readonly sql: SqlText;
  readonly calls: readonly BoundCall[];
  /** Models read anywhere in it. */
  readonly models: readonly ModelEntry[];
}

/** Binds the calls of a fragment and splices their SQL into its text; everything else stays byte for byte. */
export async function bindFragment(fragment: SqlFragment, context: PlannerContext): Promise<BoundFragment> {
  const calls: BoundCall[] = [];
  for (const call of fragment.islands) calls.push(await bindMlCall(call, context, bindFragment));
  const builder = new SqlTextBuilder();
  let at = fragment.span.start;
  for (const { call, sql } of calls) {
    builder.copy(fragment.text.slice(at - fragment.span.start, call.span.start - fragment.span.start), at);
    builder.nest(sql);
    at = call.span.end;
  }
  builder.copy(fragment.text.slice(at - fragment.span.start), at);
  return { sql: builder.build(), calls, models: calls.flatMap((call) => call.models) };
}
