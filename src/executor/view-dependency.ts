/**
 * Views that read models. Their stored text names model versions, so it is made anew whenever such a model is replaced,
 * in the same transaction; and a model cannot be dropped while a view reads it, as a table cannot in PostgreSQL.
 */
import type { ModelEntry, ModelView } from '../catalog/index.ts';
import { EngineError, engineError, SqlState } from '../core/index.ts';
import type { ExecutorContext } from './context.ts';

/** Views that read the model and still stand: plain DDL may have taken one away together with other things. */
async function dependentViews(entry: ModelEntry, context: ExecutorContext): Promise<readonly ModelView[]> {
  const standing: ModelView[] = [];
  for (const view of await context.catalog.listViews()) {
    const readsModel = view.models.some(
      ([schema, name]) => schema === entry.schemaName && name === entry.name,
    );
    if (!readsModel) continue;
    const relation = await context.catalog.relationKind(view.schemaName, view.name);
    if (relation?.kind === 'view') standing.push(view);
    else await context.catalog.dropView(view.schemaName, view.name);
  }
  return standing;
}

/** Lowers every view that reads the model again. Fails with 2BP01 when one does not work with the new model. */
export async function refreshDependentViews(entry: ModelEntry, context: ExecutorContext): Promise<void> {
  for (const view of await dependentViews(entry, context)) {
    try {
      await context.refreshView(view);
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || thrown.state === SqlState.queryCanceled) throw thrown;
      throw engineError(
        SqlState.dependentObjectsStillExist,
        `cannot replace model ${entry.name} because view ${view.schemaName}.${view.name} would not work with it`,
        { detail: thrown.message, hint: 'Drop the view first.' },
      );
    }
  }
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
