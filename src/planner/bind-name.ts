/** Model names: where a path points, and what stands there. */
import type { ModelEntry } from '../catalog/index.ts';
import { didYouMean, engineError, SqlState, undefinedModel } from '../core/index.ts';
import type { Path } from '../parser/index.ts';
import type { PlannerContext } from './context.ts';

/** A model's place: schema (undefined when not written) and name. */
export interface ModelName {
  readonly schemaName: string | undefined;
  readonly name: string;
}

/** Reads `model`, `schema.model` or `database.schema.model`. */
export function modelName(path: Path, context: PlannerContext): ModelName {
  const parts = path.parts;
  if (parts.length === 3 && parts[0]!.toLowerCase() !== context.databaseName.toLowerCase()) {
    throw engineError(
      SqlState.featureNotSupported,
      `cross-database references are not implemented: "${parts.join('.')}"`,
      {
        position: path.span.start,
        hint: `This database is called "${context.databaseName}".`,
      },
    );
  }
  return {
    schemaName: parts.length > 1 ? parts[parts.length - 2]! : undefined,
    name: parts[parts.length - 1]!,
  };
}

/** The model a path names; fails with 42704 and a suggestion, or says that a table of that name is none. */
export async function findModel(path: Path, context: PlannerContext): Promise<ModelEntry> {
  const { schemaName, name } = modelName(path, context);
  const entry = await context.catalog.find(schemaName, name);
  if (entry !== undefined) return entry;
  const written = path.parts.join('.');
  const relation = await context.catalog.relationKind(schemaName, name);
  if (relation !== undefined) {
    throw engineError(SqlState.wrongObjectType, `"${written}" is a ${relation.kind}, not a model`, {
      position: path.span.start,
    });
  }
  const known = (await context.catalog.list(schemaName)).map((model) => model.name);
  throw undefinedModel(written, path.span.start, didYouMean(name, known));
}
