/** From raw input columns to encoded rows, with what was learned from the training rows frozen in. */
import type { Utf8Texts } from '../../core/index.ts';
import type { EncodedRows, FeatureLayout } from '../layout.ts';
import type { NumberScaling } from './number-scaling.ts';
import type { StagedRows } from '../staged-rows.ts';

/** What SQL hands over for one input column: numbers (NaN is NULL), texts (as strings or as bytes), or arrays of these. */
export type RawColumn =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'utf8'; readonly texts: Utf8Texts; readonly nulls: Uint8Array | undefined }
  | { readonly kind: 'numbers'; readonly values: readonly (ArrayLike<number> | null)[] }
  | { readonly kind: 'texts'; readonly values: readonly (readonly (string | null)[] | null)[] };

/** Raw rows of one batch, one column a feature, in the encoder's feature order. */
export interface RawRows {
  readonly rowCount: number;
  readonly columns: readonly RawColumn[];
}

/** A feature as it comes out of the training query (structs already flattened). */
export interface FeatureInput {
  readonly name: string;
  /** `timestamp` values are seconds since 1970-01-01 UTC, carried as numbers. */
  readonly kind: 'number' | 'text' | 'timestamp' | 'numbers' | 'texts';
}

/** What an encoded column means: for ML.WEIGHTS, ML.CENTROIDS and the like. */
export interface EncodedColumn {
  /** Name as `processed_input` shows it. */
  readonly name: string;
  /** Feature it comes from. */
  readonly feature: string;
  readonly kind: 'numeric' | 'category';
  /** numeric: index of the encoded column. category: index of its block. */
  readonly index: number;
  /** numeric: value = (input - mean) / scale; 0 and 1 where nothing was done. */
  readonly mean: number;
  readonly scale: number;
  /** category: one name a code, `_null_filler` for NULL; `dropped` names the dummy encoding's missing one. */
  readonly categories: readonly string[];
  readonly dropped: string | undefined;
  /** Arrays of texts only: the element whose presence this 0/1 column tells. */
  readonly category?: string;
}

/** Learned encoding of all features. Immutable; kept in the model's catalogue entry as JSON. */
export interface FeatureEncoder {
  readonly inputs: readonly FeatureInput[];
  readonly layout: FeatureLayout;
  /** Encoded columns, numeric ones and blocks, in input order. */
  readonly columns: readonly EncodedColumn[];
  /** One an input where every input is a number and becomes one numeric column; else undefined. */
  readonly scalings: readonly NumberScaling[] | undefined;
  encode(rows: RawRows): EncodedRows;
  /** The same numbers and codes, column by column, to be staged; raw columns of numbers may be shared with the result. */
  stage(rows: RawRows): StagedRows;
  /** The encoder before it learned how to scale numbers: rows of a further training are staged with it. */
  unscaled(): FeatureEncoder;
  toJson(): unknown;
}
