/** Model artifacts to bytes and back: the Arrow layout that artifact.ts describes. */
import {
  Binary,
  Field,
  Int32,
  List,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
  makeData,
} from 'apache-arrow';
import { engineError, SqlState } from '../core/index.ts';
import { damagedArtifact } from './artifact-tensor.ts';
import { ARTIFACT_FORMAT, type ModelArtifact, type Tensor, type TensorData } from './artifact.ts';

const FORMAT_KEY = 'augur.format';
const MODEL_KEY = 'augur.model';
const HEADER_KEY = 'augur.header';

type TensorKind = 'float64' | 'float32' | 'int32' | 'uint8' | 'uint16';

const tensorViews: Readonly<Record<TensorKind, (buffer: ArrayBuffer) => TensorData>> = {
  float64: (buffer) => new Float64Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
};

function kindOf(data: TensorData): TensorKind {
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Uint8Array ? 'uint8' : 'uint16';
}

const shapeType = new List(new Field('element', new Int32(), false));

/** The bytes of an artifact. */
export function encodeArtifact(artifact: ModelArtifact): Uint8Array {
  const { tensors } = artifact;
  const children = [
    vectorFromArray(
      tensors.map((tensor) => tensor.name),
      new Utf8(),
    ),
    vectorFromArray(
      tensors.map((tensor) => kindOf(tensor.data)),
      new Utf8(),
    ),
    vectorFromArray(
      tensors.map((tensor) => [...tensor.shape]),
      shapeType,
    ),
    vectorFromArray(
      tensors.map((tensor) => bytesOf(tensor.data)),
      new Binary(),
    ),
  ].map((vector) => vector.data[0] ?? makeData({ type: vector.type }));
  const names = ['name', 'kind', 'shape', 'data'];
  const fields = children.map((child, position) => new Field(names[position]!, child.type, false));
  const metadata = new Map([
    [FORMAT_KEY, String(ARTIFACT_FORMAT)],
    [MODEL_KEY, artifact.modelType],
    [HEADER_KEY, JSON.stringify(artifact.header)],
  ]);
  const schema = new Schema(fields, metadata);
  const struct = makeData({ type: new Struct(fields), length: tensors.length, nullCount: 0, children });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, struct)]), 'stream');
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The artifact of the bytes. Fails with XX001 for damaged or foreign bytes and 0A000 for a newer format. */
export function decodeArtifact(bytes: Uint8Array): ModelArtifact {
  const table = readTable(bytes);
  const { metadata } = table.schema;
  const format = Number(metadata.get(FORMAT_KEY));
  if (!Number.isInteger(format) || format < 1) throw damagedArtifact('it is not a model of this engine');
  if (format > ARTIFACT_FORMAT) {
    throw engineError(
      SqlState.featureNotSupported,
      `model artifact has format ${format}, and this engine reads formats up to ${ARTIFACT_FORMAT}`,
      { hint: 'Use a newer version of the engine.' },
    );
  }
  const modelType = metadata.get(MODEL_KEY);
  if (modelType === undefined) throw damagedArtifact('it names no model type');
  return { modelType, header: headerOf(metadata.get(HEADER_KEY)), tensors: tensorsOf(table) };
}

function readTable(bytes: Uint8Array): Table {
  try {
    const table = tableFromIPC(bytes);
    if (table.schema.fields.length > 0) return table;
  } catch (cause) {
    throw damagedArtifact('it cannot be read', cause);
  }
  throw damagedArtifact('it is empty');
}

function headerOf(text: string | undefined): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text ?? '');
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header };
  } catch (cause) {
    throw damagedArtifact('its header cannot be read', cause);
  }
  throw damagedArtifact('its header is not an object');
}

function tensorsOf(table: Table): Tensor[] {
  const [names, kinds, shapes, data] = ['name', 'kind', 'shape', 'data'].map((name) => table.getChild(name));
  if (!names || !kinds || !shapes || !data) throw damagedArtifact('it lacks a column');
  const tensors: Tensor[] = [];
  for (let row = 0; row < table.numRows; row++) {
    const name: unknown = names.get(row);
    const shape = [...((shapes.get(row) ?? []) as Iterable<number>)];
    tensors.push(tensorOf(name, kinds.get(row), shape, data.get(row)));
  }
  return tensors;
}

function tensorOf(name: unknown, kind: unknown, shape: number[], bytes: unknown): Tensor {
  if (typeof name !== 'string' || !(bytes instanceof Uint8Array))
    throw damagedArtifact('a tensor cannot be read');
  const view = Object.hasOwn(tensorViews, String(kind)) ? tensorViews[kind as TensorKind] : undefined;
  if (view === undefined) throw damagedArtifact(`tensor ${name} has the unknown kind ${String(kind)}`);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  if (size * view(new ArrayBuffer(0)).BYTES_PER_ELEMENT !== copy.byteLength) {
    throw damagedArtifact(`tensor ${name} does not have its shape's size`);
  }
  return { name, shape, data: view(copy) };
}
