/** Statements about existing models: DROP, ALTER, SHOW MODELS, DESCRIBE, SHOW CREATE. */
import type { ModelEntry } from '../catalog/index.ts';
import { invalidOption, Types, unsupported, type Schema, type Value } from '../core/index.ts';
import type {
  AlterModelStatement,
  DescribeModelStatement,
  DropModelStatement,
  ShowCreateModelStatement,
  ShowModelsStatement,
} from '../parser/index.ts';
import { findModel, modelName } from './bind-name.ts';
import type { PlannerContext } from './context.ts';
import { optionLiteral } from './literal.ts';
import type { LogicalAlterModel, LogicalDropModel, LogicalRows, LogicalSkip } from './logical-plan.ts';

/** DROP MODEL [IF EXISTS]. */
export async function bindDropModel(
  statement: DropModelStatement,
  context: PlannerContext,
): Promise<LogicalDropModel | LogicalSkip> {
  const { schemaName, name } = modelName(statement.name, context);
  if (statement.ifExists && (await context.catalog.find(schemaName, name)) === undefined) {
    return { kind: 'skip', tag: 'DROP MODEL', notice: `model "${name}" does not exist, skipping` };
  }
  return { kind: 'drop-model', entry: await findModel(statement.name, context) };
}

function labelPairs(
  value: ReturnType<typeof optionLiteral>,
  position: number,
): readonly (readonly [string, string])[] {
  const bad = invalidOption("option LABELS must be an array of pairs such as [('team', 'growth')]", position);
  if (value === null) return [];
  if (!Array.isArray(value)) throw bad;
  return value.map((item: ReturnType<typeof optionLiteral>) => {
    if (item === null || typeof item !== 'object' || !('fields' in item)) throw bad;
    const [key, label] = item.fields.map((field) => field.value);
    if (item.fields.length !== 2 || typeof key !== 'string' || typeof label !== 'string') throw bad;
    return [key, label] as const;
  });
}

/** ALTER MODEL SET OPTIONS (description, labels). */
export async function bindAlterModel(
  statement: AlterModelStatement,
  context: PlannerContext,
): Promise<LogicalAlterModel | LogicalSkip> {
  const written = modelName(statement.name, context);
  if (statement.ifExists && (await context.catalog.find(written.schemaName, written.name)) === undefined) {
    return { kind: 'skip', tag: 'ALTER MODEL', notice: `model "${written.name}" does not exist, skipping` };
  }
  const entry = await findModel(statement.name, context);
  let comment: string | null | undefined;
  let labels: readonly (readonly [string, string])[] | undefined;
  for (const option of statement.options) {
    const name = option.name.toLowerCase();
    const position = option.value.span.start;
    if (name === 'description') {
      const value = optionLiteral(option.value);
      if (value !== null && typeof value !== 'string')
        throw invalidOption('option DESCRIPTION must be a string or NULL', position);
      comment = value;
    } else if (name === 'labels') {
      labels = labelPairs(optionLiteral(option.value), position);
    } else if (
      [
        'expiration_timestamp',
        'kms_key_name',
        'vertex_ai_model_id',
        'deploy_model',
        'endpoint_idle_ttl',
        'friendly_name',
      ].includes(name)
    ) {
      throw unsupported(`ALTER MODEL SET OPTIONS (${option.name})`, option.nameSpan.start);
    } else {
      throw invalidOption(
        `option ${option.name.toUpperCase()} cannot be altered`,
        option.nameSpan.start,
        'Only DESCRIPTION and LABELS can; to train with other options use CREATE OR REPLACE MODEL.',
      );
    }
  }
  return { kind: 'alter-model', entry, comment, labels };
}

const listSchema: Schema = [
  { name: 'schema_name', type: Types.text },
  { name: 'model_name', type: Types.text },
  { name: 'model_type', type: Types.text },
  { name: 'version', type: Types.int4 },
  { name: 'label', type: Types.text },
  { name: 'created_at', type: Types.timestamptz },
];

function likePattern(like: string): RegExp {
  const body = [...like].map((character) =>
    character === '%'
      ? '.*'
      : character === '_'
        ? '.'
        : character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`),
  );
  return new RegExp(`^${body.join('')}$`, 'su');
}

/** SHOW MODELS [LIKE 'pattern'] [IN schema]. */
export async function bindShowModels(
  statement: ShowModelsStatement,
  context: PlannerContext,
): Promise<LogicalRows> {
  const pattern = statement.like === undefined ? undefined : likePattern(statement.like);
  const entries = await context.catalog.list(statement.schema);
  const rows = entries
    .filter((entry) => pattern === undefined || pattern.test(entry.name))
    .map((entry): Value[] => [
      entry.schemaName,
      entry.name,
      entry.modelType,
      entry.versionNumber,
      entry.label?.name ?? null,
      entry.createdAt,
    ]);
  return { kind: 'rows', schema: listSchema, rows, tag: 'SHOW' };
}

const describeSchema: Schema = [
  { name: 'property', type: Types.text },
  { name: 'value', type: Types.text },
];

function describeRows(entry: ModelEntry): readonly (readonly Value[])[] {
  const options = Object.entries(entry.options).map(([name, value]): Value[] => [
    `option ${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const label = entry.label;
  return [
    ['model', `${entry.schemaName}.${entry.name}`],
    ['model type', entry.modelType],
    ['task', entry.task],
    ['version', String(entry.versionNumber)],
    ['version id', entry.versionId],
    ['created at', new Date(Number(entry.createdAt / 1000n)).toISOString()],
    ['owner', entry.owner],
    ['comment', entry.comment ?? null],
    ['label', label === undefined ? null : `${label.name} ${label.type.kind}`],
    ...(label !== undefined && label.classes.length > 0
      ? [['classes', label.classes.map(String).join(', ')]]
      : []),
    ...entry.features.map((feature): Value[] => ['feature', `${feature.name} ${feature.type.kind}`]),
    ['training rows', String(entry.trainingRowCount)],
    ['evaluation rows', String(entry.evaluationRowCount)],
    ['artifact bytes', String(entry.artifactBytes)],
    ['artifact checksum', entry.artifactChecksum],
    ...options,
  ];
}

/** DESCRIBE MODEL m. */
export async function bindDescribeModel(
  statement: DescribeModelStatement,
  context: PlannerContext,
): Promise<LogicalRows> {
  const entry = await findModel(statement.name, context);
  return { kind: 'rows', schema: describeSchema, rows: describeRows(entry), tag: 'DESCRIBE' };
}

/** SHOW CREATE MODEL m. */
export async function bindShowCreateModel(
  statement: ShowCreateModelStatement,
  context: PlannerContext,
): Promise<LogicalRows> {
  const entry = await findModel(statement.name, context);
  const schema: Schema = [
    { name: 'model', type: Types.text },
    { name: 'statement', type: Types.text },
  ];
  return { kind: 'rows', schema, rows: [[entry.name, entry.statementText]], tag: 'SHOW' };
}
