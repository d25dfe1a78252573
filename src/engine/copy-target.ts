/** COPY FROM writes into tables alone. */
import { engineError, SqlState, undefinedTable } from '../core/index.ts';
import type { Path } from '../parser/index.ts';
import type { SessionParts } from './session-parts.ts';

/** Fails with 42P01 when nothing stands there, 42809 for a view or a model, 42501 for a table of the engine. */
export async function checkReadOnlyTarget(path: Path, { catalog }: SessionParts): Promise<void> {
  const parts = path.parts;
  const name = parts[parts.length - 1]!;
  const schemaName = parts.length > 1 ? parts[parts.length - 2] : undefined;
  const position = path.span.start;
  if (schemaName?.toLowerCase() === 'augur') {
    throw engineError(SqlState.insufficientPrivilege, 'the schema "augur" belongs to the engine', {
      position,
    });
  }
  const relation = await catalog.relationKind(schemaName, name);
  if (relation === undefined) throw undefinedTable(`relation "${parts.join('.')}" does not exist`, position);
  if (relation.kind === 'table') return;
  throw engineError(SqlState.wrongObjectType, `cannot copy to ${relation.kind} "${name}"`, { position });
}
