/** A fragment's own text with some of its parts replaced: ML calls by their SQL, BigQuery's spellings by standard ones. */
import type { Span } from '../core/index.ts';
import type { SqlFragment } from '../parser/index.ts';
import { generated, SqlTextBuilder, type SqlText } from './sql-text.ts';

/** What stands for a part of the script. */
export interface Replacement {
  readonly span: Span;
  readonly sql: SqlText;
}

/** `#` comments and names in backticks, as the embedded database reads them. */
export function respellings(fragment: SqlFragment): readonly Replacement[] {
  return (fragment.respellings ?? []).map(({ span, text }) => ({ span, sql: generated(text, span.start) }));
}

/** The text of `span` with the replacements that lie in it; everything else stays byte for byte. */
export function splice(fragment: SqlFragment, replacements: readonly Replacement[], span: Span): SqlText {
  const { text, span: whole } = fragment;
  const within = replacements.filter((part) => part.span.start >= span.start && part.span.end <= span.end);
  const builder = new SqlTextBuilder();
  let at = span.start;
  for (const part of within.toSorted((left, right) => left.span.start - right.span.start)) {
    builder.copy(text.slice(at - whole.start, part.span.start - whole.start), at);
    builder.nest(part.sql);
    at = part.span.end;
  }
  // A fragment of ours stands at one place of the script, whatever the length of its text.
  const end = span.end === whole.end ? text.length : span.end - whole.start;
  return builder.copy(text.slice(at - whole.start, end), at).build();
}
