/** The feature encoder: column encodings put side by side, compiled once. */
import { assert, engineError, SqlState } from '../../core/index.ts';
import type { CategoryBlock, EncodedRows, FeatureLayout } from '../layout.ts';
import {
  blockCardinalities,
  encodedColumnsOf,
  numericWidthOf,
  type ColumnEncoding,
} from './column-encoding.ts';
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
  }

  encode(rows: RawRows): EncodedRows {
    assert(rows.columns.length === this.inputs.length, 'one raw column an input');
    const { layout } = this;
    const blockCount = layout.categories.length;
    const numeric = new Float64Array(rows.rowCount * layout.numericWidth);
    const codes = new Int32Array(rows.rowCount * blockCount);
    const target = { rowCount: rows.rowCount, numeric, numericWidth: layout.numericWidth, codes, blockCount };
    this.#writers.forEach((write, position) => write(rows.columns[position]!, target));
    return { layout, rowCount: rows.rowCount, numeric, codes };
  }

  toJson(): unknown {
    return { format: ENCODER_FORMAT, inputs: this.inputs, encodings: this.encodings };
  }
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
