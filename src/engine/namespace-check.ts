/** Models share one namespace with tables and views: plain DDL is checked against the models, and the views kept. */
import type { Catalog, ModelEntry } from '../catalog/index.ts';
import { engineError, quoteIdentifier, SqlState } from '../core/index.ts';
import type { Path, StatementClass } from '../parser/index.ts';
import type { SessionParts } from './session-parts.ts';

type Definition = StatementClass & { kind: 'create' | 'drop' | 'alter' };

const relations: ReadonlySet<string> = new Set(['table', 'view', 'materialized view', 'foreign table']);

async function modelAt(path: Path, catalog: Catalog): Promise<ModelEntry | undefined> {
  const parts = path.parts;
  return catalog.find(parts.length > 1 ? parts[parts.length - 2] : undefined, parts[parts.length - 1]!);
}

/** CASCADE takes the schema's models along, and the views anywhere that read them. */
async function dropModels(
  models: readonly ModelEntry[],
  { catalog, connection }: SessionParts,
): Promise<void> {
  const isDropped = ([schemaName, name]: readonly [string, string]): boolean =>
    models.some((model) => model.schemaName === schemaName && model.name === name);
  for (const view of await catalog.listViews()) {
    if (!view.models.some(isDropped)) continue;
    await connection.run(
      `DROP VIEW IF EXISTS ${[view.schemaName, view.name].map(quoteIdentifier).join('.')}`,
    );
    await catalog.dropView(view.schemaName, view.name);
  }
  for (const model of models) await catalog.drop(model);
}

async function checkSchemaDrop(path: Path, isCascade: boolean, parts: SessionParts): Promise<void> {
  const models = await parts.catalog.list(path.parts[path.parts.length - 1]);
  if (models.length === 0) return;
  const name = path.parts.join('.');
  if (!isCascade) {
    throw engineError(
      SqlState.dependentObjectsStillExist,
      `cannot drop schema ${name} because other objects depend on it`,
      {
        position: path.span.start,
        detail: models
          .map((model) => `model ${model.schemaName}.${model.name} depends on schema ${name}`)
          .join('\n'),
        hint: 'Use DROP ... CASCADE to drop the models too.',
      },
    );
  }
  await dropModels(models, parts);
}

function takenByModel(name: string, path: Path): Error {
  return engineError(SqlState.duplicateTable, `relation "${name}" already exists`, {
    position: path.span.start,
    detail: `"${name}" is a model.`,
    hint: 'Models share one namespace with tables and views.',
  });
}

/** Refuses plain DDL that would put a table in a model's place, or take a model for a table. */
export async function checkDefinition(
  definition: Definition,
  isCascade: boolean,
  parts: SessionParts,
): Promise<void> {
  const { catalog } = parts;
  const { name, object } = definition;
  if (name === undefined) return;
  if (definition.kind === 'drop' && object === 'schema') {
    await checkSchemaDrop(name, isCascade, parts);
    return;
  }
  if (!relations.has(object)) return;
  const model = await modelAt(name, catalog);
  if (model !== undefined && definition.kind === 'create') {
    throw takenByModel(model.name, name);
  }
  if (model !== undefined) {
    throw engineError(SqlState.wrongObjectType, `"${model.name}" is not a ${object}`, {
      position: name.span.start,
      hint:
        definition.kind === 'drop'
          ? 'Use DROP MODEL to remove a model.'
          : 'Use ALTER MODEL to change a model.',
    });
  }
  const renamed = definition.renameTo;
  if (renamed === undefined) return;
  const schemaName = name.parts.length > 1 ? name.parts[name.parts.length - 2] : undefined;
  const taken = await catalog.find(schemaName, renamed);
  if (taken !== undefined) throw takenByModel(renamed, name);
}
