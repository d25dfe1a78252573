/** One ML call: its model found, its relation described, its settings checked, its SQL made. */
import {
  assert,
  engineError,
  quoteIdentifier,
  SqlState,
  undefinedTable,
  type Schema,
} from '../core/index.ts';
import type { MlArgument, MlCall, SqlFragment } from '../parser/index.ts';
import { findModel } from './bind-name.ts';
import type { PlannerContext } from './context.ts';
import { findFunction } from './function/function-table.ts';
import { settingsByName } from './literal.ts';
import type { BoundCall, BoundFragment, CallArguments, MlFunction, RelationArgument } from './ml-call.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

/** How a fragment is bound; handed in, because calls stand in fragments and fragments in calls. */
export type FragmentBinder = (fragment: SqlFragment, context: PlannerContext) => Promise<BoundFragment>;

function wrongArguments(call: MlCall, what: string, position: number): Error {
  return engineError(SqlState.undefinedFunction, `${call.name} ${what}`, { position });
}

/** The arguments of each kind; the order is free (statements reference, 1.13). */
function sortArguments(
  call: MlCall,
  mlFunction: MlFunction,
): {
  readonly model: MlArgument & { kind: 'model' };
  readonly relation: (MlArgument & { kind: 'table' | 'query' }) | undefined;
  readonly settings: (MlArgument & { kind: 'settings' }) | undefined;
  readonly value: (MlArgument & { kind: 'value' }) | undefined;
} {
  const of = <Kind extends MlArgument['kind']>(...kinds: readonly Kind[]): (MlArgument & { kind: Kind })[] =>
    call.arguments.filter((argument): argument is MlArgument & { kind: Kind } =>
      kinds.includes(argument.kind as Kind),
    );
  const [models, relations, settings, values] = [
    of('model'),
    of('table', 'query'),
    of('settings'),
    of('value'),
  ];
  const named = of('named')[0];
  if (named !== undefined)
    throw wrongArguments(call, `takes no argument named "${named.name}"`, named.span.start);
  if (models[0] === undefined)
    throw wrongArguments(call, 'needs MODEL name as an argument', call.nameSpan.start);
  const surplus = models[1] ?? settings[1] ?? (mlFunction.relation === 'none' ? relations[0] : relations[1]);
  if (surplus !== undefined)
    throw wrongArguments(call, `takes no such argument (${surplus.kind})`, surplus.span.start);
  const value = mlFunction.takesValue ? values[1] : values[0];
  if (value !== undefined) {
    throw wrongArguments(
      call,
      `takes MODEL name, TABLE name or (query), and a STRUCT of settings, got ${value.text}`,
      value.span.start,
    );
  }
  if (mlFunction.relation === 'required' && relations[0] === undefined) {
    throw wrongArguments(call, 'needs TABLE name or (query) as an argument', call.nameSpan.start);
  }
  return { model: models[0], relation: relations[0], settings: settings[0], value: values[0] };
}

function tableSql(argument: MlArgument & { kind: 'table' }): SqlText {
  const name = argument.path.parts.map(quoteIdentifier).join('.');
  return new SqlTextBuilder().add('SELECT * FROM ').add(name, argument.path.span.start).build();
}

/** The relation inside the WITH lists around its call, for describing it alone. */
function inScopes(sql: SqlText, scopes: readonly SqlText[]): SqlText {
  return scopes.reduceRight(
    (inner, scope) =>
      new SqlTextBuilder()
        .nest(scope)
        .add(' SELECT * FROM (')
        .nest(inner)
        .add(') AS "__augur_relation"')
        .build(),
    sql,
  );
}

async function describeRelation(
  argument: MlArgument & { kind: 'table' | 'query' },
  context: PlannerContext,
  bindFragment: FragmentBinder,
): Promise<{ readonly relation: RelationArgument; readonly models: BoundCall['models'] }> {
  const bound = argument.kind === 'query' ? await bindFragment(argument.fragment, context) : undefined;
  const sql = bound?.sql ?? tableSql(argument as MlArgument & { kind: 'table' });
  const schema: Schema | undefined = (await context.describe(inScopes(sql, context.scopes))).schema;
  if (schema === undefined)
    throw undefinedTable('the query of an ML call must return rows', argument.span.start);
  return { relation: { sql, schema, position: argument.span.start }, models: bound?.models ?? [] };
}

/** Binds one call: from the inside out, so that a call in its query is SQL before the query is described. */
export async function bindMlCall(
  call: MlCall,
  context: PlannerContext,
  bindFragment: FragmentBinder,
): Promise<BoundCall> {
  const mlFunction = findFunction(call.name, call.nameSpan.start);
  const sorted = sortArguments(call, mlFunction);
  const entry = await findModel(sorted.model.path, context);
  const settings = settingsByName(sorted.settings?.value.fields ?? [], mlFunction.settings, call.name);
  const described =
    sorted.relation === undefined
      ? undefined
      : await describeRelation(sorted.relation, context, bindFragment);
  const given: CallArguments = {
    model: await context.load(entry),
    modelPath: sorted.model.path,
    relation: described?.relation,
    settings,
    value: sorted.value && { text: sorted.value.text, position: sorted.value.span.start },
  };
  const { schema, sql } = await mlFunction.bind(call, given, context);
  assert(sql.text.startsWith('('), 'a lowered call is a parenthesised query');
  return { call, schema, sql, given, models: [entry, ...(described?.models ?? [])] };
}
