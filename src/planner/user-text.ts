/**
 * What of a statement reaches the embedded database in its user's own words: what is screened. Calls keep only their
 * relations and values; options, which have lexical rules of their own, are left out.
 */
import { quoteIdentifier } from '../core/index.ts';
import type { MlArgument, MlCall, SqlFragment, Statement } from '../parser/index.ts';
import { respellings, splice, type Replacement } from './splice.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

function addArgument(builder: SqlTextBuilder, argument: MlArgument): void {
  switch (argument.kind) {
    case 'table':
      builder.add(`TABLE ${argument.path.parts.map(quoteIdentifier).join('.')}`, argument.path.span.start);
      return;
    case 'query':
      builder.add('(').nest(fragmentText(argument.fragment)).add(')');
      return;
    case 'value':
      builder.copy(argument.text, argument.span.start);
      return;
    case 'named':
      addArgument(builder, argument.value);
      return;
    case 'model':
    case 'settings':
      builder.add('NULL');
  }
}

function callText(call: MlCall): SqlText {
  const builder = new SqlTextBuilder().add(`${call.name}(`, call.nameSpan.start);
  for (const [index, argument] of call.arguments.entries()) {
    if (index > 0) builder.add(', ');
    addArgument(builder, argument);
  }
  return builder.add(')').build();
}

function fragmentText(fragment: SqlFragment): SqlText {
  const calls = fragment.islands.map((call): Replacement => ({ span: call.span, sql: callText(call) }));
  return splice(fragment, [...respellings(fragment), ...calls], fragment.span);
}

/** The user's SQL in a statement, one text a fragment, with positions in the script. */
export function userTexts(statement: Statement): readonly SqlText[] {
  switch (statement.kind) {
    case 'plain':
      return [fragmentText(statement.fragment)];
    case 'create-model': {
      const items = statement.transform?.items ?? [];
      const named = (statement.namedQueries ?? []).map(({ query }) => query);
      const query = statement.query === undefined ? [] : [statement.query];
      return [...query, ...named, ...items].map(fragmentText);
    }
    case 'explain-model':
      return userTexts(statement.statement);
    default:
      return [];
  }
}
