/**
 * Views that read models. Their stored text names model versions, so it is made anew whenever such a model is replaced,
 * in the same transaction; and a model cannot be dropped while a view reads it, as a table cannot in PostgreSQL.
 */
import type { ModelEntry, ModelView } from '../catalog/index.ts';
import { engineError, SqlState } from '../core/index.ts';
import type { ExecutorContext } from './context.ts';

async function dependentViews(entry: ModelEntry, context: ExecutorContext): Promise<readonly ModelView[]> {
  const views = await context.catalog.listViews();
  return views.filter((view) => view.models.some(([schemaName, name]) => schemaName === entry.schemaName && name === entry.name));
}

/** Lowers every view that reads the model again. */
export async function refreshDependentViews(entry: ModelEntry, context: ExecutorContext): Promise<void> {
  for (const view of await dependentViews(entry, context)) await context.refreshView(view.statementText);
}

/** Fails with 2BP01 when a view reads the model. */
export async function refuseDependentViews(entry: ModelEntry, context: ExecutorContext): Promise<void> {
  const [view] = await dependentViews(entry, context);
  if (view === undefined) return;
  throw engineError(
    SqlState.dependentObjectsStillExist,
    `cannot drop model ${entry.name} because other objects depend on it`,
    {
      detail: `view ${view.schemaName}.${view.name} depends on model ${entry.schemaName}.${entry.name}`,
      hint: 'Drop the view first.',
    },
  );
}
