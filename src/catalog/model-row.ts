/**
 * A model's entry as a row of augur.model_entry, and back. Comment and labels can change, so they live in
 * columns alone.
 */
import { type Parameter, type SqlType, Types, type Value, listOf, quoteIdentifier } from '../core/index.ts';
import type { ModelEntry } from './model-entry.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

interface EntryColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly value: (entry: ModelEntry) => Parameter;
}

/** Columns of augur.model_entry, in order. */
export const entryColumns: readonly EntryColumn[] = [
  { name: 'name_key', type: Types.text, value: (entry) => nameKey('model', entry.schemaName, entry.name) },
  { name: 'schema_name', type: Types.text, value: (entry) => entry.schemaName },
  { name: 'model_name', type: Types.text, value: (entry) => entry.name },
  { name: 'version_id', type: Types.text, value: (entry) => entry.versionId },
  { name: 'version_number', type: Types.int4, value: (entry) => entry.versionNumber },
  { name: 'model_type', type: Types.text, value: (entry) => entry.modelType },
  { name: 'task', type: Types.text, value: (entry) => entry.task },
  { name: 'created_at', type: Types.timestamptz, value: (entry) => entry.createdAt },
  { name: 'owner', type: Types.text, value: (entry) => entry.owner },
  { name: 'comment', type: Types.text, value: (entry) => entry.comment ?? null },
  { name: 'labels', type: Types.text, value: (entry) => encodeValue(entry.labels) },
  { name: 'label_column', type: Types.text, value: (entry) => entry.label?.name ?? null },
  {
    name: 'feature_columns',
    type: listOf(Types.text),
    value: (entry) => entry.features.map(({ name }) => name),
  },
  { name: 'training_rows', type: Types.int8, value: (entry) => BigInt(entry.trainingRowCount) },
  { name: 'evaluation_rows', type: Types.int8, value: (entry) => BigInt(entry.evaluationRowCount) },
  { name: 'options', type: Types.json, value: (entry) => JSON.stringify(entry.options, plainJson) },
  { name: 'statement_text', type: Types.text, value: (entry) => entry.statementText },
  { name: 'artifact_bytes', type: Types.int8, value: (entry) => BigInt(entry.artifactBytes) },
  { name: 'checksum', type: Types.text, value: (entry) => entry.artifactChecksum },
  { name: 'entry', type: Types.text, value: entryText },
];

/** What a select list must hold for readEntry. */
export const entryFields = 'entry, comment, labels';

/** An entry from the columns of entryFields. */
export function readEntry(row: readonly Value[]): ModelEntry {
  const [text, comment, labels] = row;
  const entry = decodeValue(String(text)) as ModelEntry;
  return {
    ...entry,
    label: entry.label ?? undefined,
    comment: comment === null ? undefined : String(comment),
    labels: decodeValue(String(labels)) as ModelEntry['labels'],
  };
}

/** Key of a name without case, in the namespace of models or of views. */
export function nameKey(kind: 'model' | 'view', schemaName: string, name: string): string {
  return `augur-${kind}:${quoteIdentifier(schemaName.toLowerCase())}.${quoteIdentifier(name.toLowerCase())}`;
}

function entryText(entry: ModelEntry): string {
  const { comment: _comment, labels: _labels, ...rest } = entry;
  // An absent label must come back as undefined, not as missing.
  return encodeValue({ ...rest, label: entry.label ?? null });
}

/** Options as users see them: JSON has neither big integers nor infinities. */
function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
