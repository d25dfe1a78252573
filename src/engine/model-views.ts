/**
 * Views over models. Their stored text names model versions, so the client's own text is kept beside them and lowered
 * again when a model they read is replaced.
 */
import type { ModelView } from '../catalog/index.ts';
import { present, quoteIdentifier, quoteLiteral, unsupported, type QueryResult } from '../core/index.ts';
import type { Path, StatementClass } from '../parser/index.ts';
import type { PhysicalPlan } from '../planner/index.ts';
import type { SessionParts } from './session-parts.ts';

type Definition = StatementClass & { kind: 'create' | 'drop' | 'alter' };
type SqlPlan = PhysicalPlan & { kind: 'sql' };

export class ModelViews {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Runs a definition and keeps what is remembered of views in step with it. */
  async follow(plan: SqlPlan, definition: Definition, run: () => Promise<QueryResult>): Promise<QueryResult> {
    const { object, name } = definition;
    if (plan.models.length > 0 && object !== 'table' && object !== 'view') {
      throw unsupported(`an ML call in a ${object}`, plan.statement.span.start, 'Make a view.');
    }
    if (object !== 'view' || name === undefined) return run();
    const place = this.#placeOf(name);
    const isKept = definition.ifExists && definition.kind === 'create' && (await this.#stands(place));
    const result = await run();
    if (!isKept) await this.#remember(plan, definition, place);
    return result;
  }

  /** Lowers a view again, in the open transaction; names without a schema are looked up in the view's own first. */
  async refresh(view: ModelView): Promise<void> {
    const { connection, settings } = this.#parts;
    const path = (schemas: readonly string[]): string =>
      `SET search_path = ${quoteLiteral(schemas.map(quoteIdentifier).join(','))}`;
    const before = settings.searchPath();
    await connection.run(path([view.schemaName, ...before.filter((schema) => schema !== view.schemaName)]));
    try {
      await this.#lower(view);
    } finally {
      await connection.run(path(before)).catch(() => undefined);
    }
  }

  async #lower(view: ModelView): Promise<void> {
    const { parts, parse, plan, execute } = this.#parts;
    const [written] = parse(view.statementText);
    const name =
      written?.kind === 'plain' && written.class.kind === 'create' ? written.class.name : undefined;
    const target = [view.schemaName, view.name].map(quoteIdentifier).join('.');
    const text = `CREATE OR REPLACE VIEW ${target} ${view.statementText.slice(present(name, 'name of a view').span.end)}`;
    const physical = await plan(parse(text)[0]!, text, []);
    await execute(physical, { text, parameters: [], parameterTypes: [] });
    if (physical.kind === 'sql') for (const model of physical.models) parts.models.pin(model.versionId);
  }

  /**
   * A view over models is remembered; any other of its name is forgotten. A temporary one belongs to its session and
   * stays with the versions it was made with.
   */
  async #remember(
    plan: SqlPlan,
    definition: Definition,
    [schemaName, name]: readonly [string, string],
  ): Promise<void> {
    const { catalog, parts } = this.#parts;
    for (const model of plan.models) parts.models.pin(model.versionId);
    const isCreate = definition.kind === 'create';
    if (definition.isTemporary || (!isCreate && (await this.#stands([schemaName, name])))) return;
    const key = [schemaName, name].join('.').toLowerCase();
    const known = (await catalog.listViews()).find(
      (view) => `${view.schemaName}.${view.name}`.toLowerCase() === key,
    );
    if (known !== undefined) await catalog.dropView(schemaName, name);
    if (definition.kind === 'alter' && known !== undefined) {
      await catalog.putView({ ...known, name: definition.renameTo ?? name });
    }
    if (!isCreate || plan.models.length === 0) return;
    await catalog.putView({
      schemaName,
      name,
      statementText: plan.statement.fragment.text,
      models: plan.models.map((model) => [model.schemaName, model.name] as const),
    });
  }

  async #stands([schemaName, name]: readonly [string, string]): Promise<boolean> {
    return (await this.#parts.catalog.relationKind(schemaName, name)) !== undefined;
  }

  #placeOf({ parts }: Path): readonly [string, string] {
    const schemaName = parts.length > 1 ? parts[parts.length - 2]! : this.#parts.settings.searchPath()[0]!;
    return [schemaName, parts[parts.length - 1]!];
  }
}
