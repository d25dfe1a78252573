/**
 * CREATE MODEL: estimator and options checked, the query described, its columns sorted into features, label and special
 * columns. Everything that can be refused is refused here, before the training query runs.
 * Source: statements reference, 1.2, 1.7 and 3.13.
 */
import type { ModelEntry } from '../catalog/index.ts';
import {
  duplicateObject,
  engineError,
  invalidOption,
  SqlState,
  syntaxError,
  undefinedModel,
  unsupported,
  type Schema,
} from '../core/index.ts';
import { checkOptions, type CheckedOptions, type Estimator } from '../ml/index.ts';
import type { CreateModelStatement } from '../parser/index.ts';
import { bindFragment } from './bind-fragment.ts';
import { bindEstimator } from './bind-estimator.ts';
import { modelName } from './bind-name.ts';
import { bindTrainingColumns } from './bind-training-columns.ts';
import type { PlannerContext } from './context.ts';
import { writtenOptions } from './literal.ts';
import type { LogicalCreateModel, LogicalSkip } from './logical-plan.ts';

/** Clauses that are grammatical and not built. */
function refuseUnbuiltClauses(statement: CreateModelStatement): void {
  if (statement.remote !== undefined)
    throw unsupported('a remote model (REMOTE WITH CONNECTION)', statement.remote.span.start);
  if (statement.transform !== undefined)
    throw unsupported('the TRANSFORM clause', statement.transform.span.start);
  if (statement.inputOutput !== undefined)
    throw unsupported('the INPUT/OUTPUT clause', statement.inputOutput.span.start);
  if (statement.isTemporary) throw unsupported('a TEMP model', statement.span.start);
  if (statement.namedQueries !== undefined) {
    const position = statement.namedQueries[0]?.nameSpan.start ?? statement.span.start;
    throw unsupported('a list of named queries (training_data, custom_holiday)', position);
  }
}

function checkColumnNames(schema: Schema, position: number): void {
  const seen = new Set<string>();
  for (const [index, column] of schema.entries()) {
    if (column.name === '') {
      throw engineError(
        SqlState.undefinedColumn,
        `CREATE MODEL columns must be named, but column ${index + 1} has no name`,
        { position },
      );
    }
    const key = column.name.toLowerCase();
    if (seen.has(key)) {
      throw engineError(
        SqlState.duplicateColumn,
        `CREATE MODEL has columns with duplicate name "${column.name}"`,
        { position },
      );
    }
    seen.add(key);
  }
}

/** What stands under the name now; fails when the statement does not allow it. */
async function checkTarget(
  statement: CreateModelStatement,
  context: PlannerContext,
): Promise<{
  readonly schemaName: string;
  readonly name: string;
  readonly existing: ModelEntry | undefined;
}> {
  const written = modelName(statement.name, context);
  const position = statement.name.span.start;
  const existing = await context.catalog.find(written.schemaName, written.name);
  if (existing !== undefined) {
    if (!statement.orReplace && !statement.ifNotExists) {
      throw duplicateObject('model', written.name, position, 'Use CREATE OR REPLACE MODEL to replace it.');
    }
    return { schemaName: existing.schemaName, name: existing.name, existing };
  }
  const relation = await context.catalog.relationKind(written.schemaName, written.name);
  if (relation !== undefined) {
    throw duplicateObject(
      relation.kind,
      written.name,
      position,
      'Models share one namespace with tables and views.',
    );
  }
  const schemaName = written.schemaName ?? context.defaultSchema;
  await checkSchema(schemaName, context, position);
  return { schemaName, name: written.name, existing: undefined };
}

async function checkSchema(schemaName: string, context: PlannerContext, position: number): Promise<void> {
  if (schemaName.toLowerCase() === 'augur') {
    throw engineError(SqlState.insufficientPrivilege, 'the schema "augur" belongs to the engine', {
      position,
    });
  }
  if (await context.catalog.hasSchema(schemaName)) return;
  throw engineError(SqlState.invalidSchemaName, `schema "${schemaName}" does not exist`, { position });
}

function checkWarmStart(
  options: CheckedOptions,
  estimator: Estimator,
  existing: ModelEntry | undefined,
  statement: CreateModelStatement,
): ModelEntry | undefined {
  if (!options.has('WARM_START') || !options.flag('WARM_START')) return undefined;
  const position = statement.name.span.start;
  const name = statement.name.parts.join('.');
  if (existing === undefined)
    throw undefinedModel(name, position, 'WARM_START goes on from an existing model of the same name.');
  if (existing.modelType !== estimator.modelType) {
    throw invalidOption(
      `WARM_START needs the same model type: "${name}" is a ${existing.modelType}`,
      position,
    );
  }
  return existing;
}

export async function bindCreateModel(
  statement: CreateModelStatement,
  context: PlannerContext,
): Promise<LogicalCreateModel | LogicalSkip> {
  refuseUnbuiltClauses(statement);
  const { schemaName, name, existing } = await checkTarget(statement, context);
  if (existing !== undefined && statement.ifNotExists) {
    return { kind: 'skip', tag: 'CREATE MODEL', notice: `model "${name}" already exists, skipping` };
  }
  const estimator = bindEstimator(statement);
  const written = writtenOptions(statement.options);
  const checked = checkOptions(written, estimator.options, estimator.modelType);
  estimator.checkInteractions(checked.options, written);
  if (statement.query === undefined) {
    throw syntaxError('CREATE MODEL needs a training query: AS SELECT …', statement.span.end);
  }
  const previous = checkWarmStart(checked.options, estimator, existing, statement);
  const options = previous === undefined ? checked.options : checked.options.inherit(previous.options);
  const source = await bindFragment(statement.query, context);
  const position = statement.query.span.start;
  const { schema } = await context.describe(source.sql);
  if (schema === undefined)
    throw syntaxError('the training query of CREATE MODEL must return rows', position);
  checkColumnNames(schema, position);
  const columns = bindTrainingColumns({ statement, estimator, options, schema, previous });
  return {
    kind: 'create-model',
    statement,
    schemaName,
    name,
    estimator,
    options,
    warnings: checked.warnings,
    source,
    previous,
    ...columns,
  };
}
