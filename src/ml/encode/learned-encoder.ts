/** The feature encoder: column encodings put side by side, compiled once. */
import { assert, engineError, SqlState } from '../../core/index.ts';
import type { CategoryBlock, EncodedRows, FeatureLayout } from '../layout.ts';
import type { StagedRows } from '../staged-rows.ts';
import {
  blockCardinalities,
  encodedColumnsOf,
  numericWidthOf,
  type ColumnEncoding,
} from './column-encoding.ts';
import { UNSCALED, type NumberScaling } from './number-scaling.ts';
import { columnWriter, type ColumnWriter } from './column-writer.ts';
import type { EncodedColumn, FeatureEncoder, FeatureInput, RawRows } from './feature-encoder.ts';

/** Version of the JSON form. */
const ENCODER_FORMAT = 1;

export class LearnedEncoder implements FeatureEncoder {
  readonly inputs: readonly FeatureInput[];
  readonly layout: FeatureLayout;
  readonly columns: readonly EncodedColumn[];
  /** One an input. */
  readonly encodings: readonly ColumnEncoding[];
  /** Index of each input's first numeric column. */
  readonly firstNumeric: readonly number[];
  readonly scalings: readonly NumberScaling[] | undefined;
  readonly #writers: readonly ColumnWriter[];

  constructor(inputs: readonly FeatureInput[], encodings: readonly ColumnEncoding[]) {
    assert(inputs.length === encodings.length, 'one encoding an input');
    const columns: EncodedColumn[] = [];
    const writers: ColumnWriter[] = [];
    const firstNumeric: number[] = [];
    const cardinalities: number[] = [];
    let numericWidth = 0;
    inputs.forEach((input, position) => {
      const encoding = encodings[position]!;
      firstNumeric.push(numericWidth);
      columns.push(...encodedColumnsOf(input, encoding, numericWidth, cardinalities.length));
      writers.push(columnWriter(encoding, numericWidth, cardinalities.length));
      numericWidth += numericWidthOf(encoding);
      cardinalities.push(...blockCardinalities(encoding));
    });
    this.inputs = inputs;
    this.encodings = encodings;
    this.columns = columns;
    this.firstNumeric = firstNumeric;
    this.layout = layoutOf(numericWidth, cardinalities);
    this.#writers = writers;
    this.scalings = scalingsOf(encodings);
  }

  encode(rows: RawRows): EncodedRows {
    assert(rows.columns.length === this.inputs.length, 'one raw column an input');
    const { layout } = this;
    const blockCount = layout.categories.length;
    const numeric = new Float64Array(rows.rowCount * layout.numericWidth);
    const codes = new Int32Array(rows.rowCount * blockCount);
    const target = {
      rowCount: rows.rowCount,
      numeric,
      rowStride: layout.numericWidth,
      columnStride: 1,
      firstColumn: 0,
      codes,
      blockCount,
    };
    this.#writers.forEach((write, position) => write(rows.columns[position]!, target));
    return { layout, rowCount: rows.rowCount, numeric, codes };
  }

  stage({ rowCount, columns }: RawRows): StagedRows {
    assert(columns.length === this.inputs.length, 'one raw column an input');
    const blockCount = this.layout.categories.length;
    const codes = new Int32Array(rowCount * blockCount);
    const numeric: Float64Array[] = [];
    this.encodings.forEach((encoding, position) => {
      const column = columns[position]!;
      if (encoding.kind === 'number' && column.kind === 'number' && isIdentity(encoding)) {
        numeric.push(column.values);
        return;
      }
      const width = numericWidthOf(encoding);
      const numbers = new Float64Array(rowCount * width);
      const firstColumn = this.firstNumeric[position]!;
      const strides = { rowStride: 1, columnStride: rowCount, firstColumn };
      this.#writers[position]!(column, { rowCount, numeric: numbers, ...strides, codes, blockCount });
      for (let step = 0; step < width; step++) {
        numeric.push(numbers.subarray(step * rowCount, (step + 1) * rowCount));
      }
    });
    return { rowCount, numeric, codes };
  }

  unscaled(): LearnedEncoder {
    const encodings = this.encodings.map((encoding): ColumnEncoding => {
      if (encoding.kind === 'number') return { kind: 'number', ...UNSCALED };
      if (encoding.kind === 'target') return { ...encoding, means: undefined };
      return encoding.kind === 'timestamp' ? { ...encoding, seconds: UNSCALED } : encoding;
    });
    return new LearnedEncoder(this.inputs, encodings);
  }

  toJson(): unknown {
    return { format: ENCODER_FORMAT, inputs: this.inputs, encodings: this.encodings };
  }
}

function isIdentity({ mean, scale, imputes }: NumberScaling): boolean {
  return mean === 0 && scale === 1 && !imputes;
}

function scalingsOf(encodings: readonly ColumnEncoding[]): readonly NumberScaling[] | undefined {
  const scalings = encodings.filter((encoding) => encoding.kind === 'number');
  return scalings.length === encodings.length ? scalings : undefined;
}

function layoutOf(numericWidth: number, cardinalities: readonly number[]): FeatureLayout {
  const categories: CategoryBlock[] = [];
  let width = numericWidth;
  for (const cardinality of cardinalities) {
    categories.push({ offset: width, cardinality });
    width += cardinality;
  }
  return { numericWidth, categories, width };
}

/** The encoder that `toJson` described. Fails with 0A000 for a newer form and XX001 for anything else. */
export function restoreEncoder(json: unknown): FeatureEncoder {
  const stored = json as { format?: unknown; inputs?: unknown; encodings?: unknown } | null | undefined;
  const format = stored?.format;
  if (typeof format === 'number' && format > ENCODER_FORMAT) {
    throw engineError(
      SqlState.featureNotSupported,
      `feature encoder has format ${format}, and this engine reads formats up to ${ENCODER_FORMAT}`,
    );
  }
  if (format !== ENCODER_FORMAT || !Array.isArray(stored?.inputs) || !Array.isArray(stored.encodings)) {
    throw engineError(SqlState.dataCorrupted, 'feature encoder is damaged');
  }
  try {
    return new LearnedEncoder(stored.inputs as FeatureInput[], stored.encodings as ColumnEncoding[]);
  } catch (cause) {
    throw engineError(SqlState.dataCorrupted, 'feature encoder is damaged', { cause });
  }
}
