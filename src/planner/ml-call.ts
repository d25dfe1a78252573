/** An ML call as bound: its arguments sorted by kind, its result described, its SQL ready. */
import type { ModelEntry } from '../catalog/index.ts';
import type { Schema } from '../core/index.ts';
import type { Literal, MlCall, Path } from '../parser/index.ts';
import type { LoadedModel, PlannerContext } from './context.ts';
import type { SqlText } from './sql-text.ts';

/** The data argument: a relation as SQL (a query without parentheses) with its columns. */
export interface RelationArgument {
  readonly sql: SqlText;
  readonly schema: Schema;
  readonly position: number;
}

/** Arguments by kind, whatever their order was. */
export interface CallArguments {
  readonly model: LoadedModel;
  readonly modelPath: Path;
  readonly relation: RelationArgument | undefined;
  readonly settings: ReadonlyMap<string, Literal>;
  /** Any other value (ML.ROC_CURVE's thresholds), as SQL text. */
  readonly value: { readonly text: string; readonly position: number } | undefined;
}

/** What a call became. */
export interface BoundCall {
  readonly call: MlCall;
  /** Columns, known before anything runs. */
  readonly schema: Schema;
  /** A parenthesised query. */
  readonly sql: SqlText;
  readonly given: CallArguments;
  /** Models read by the call and by the calls in its arguments. */
  readonly models: readonly ModelEntry[];
}

/** One ML function: what it takes and how it becomes SQL. A row of the function table. */
export interface MlFunction {
  /** `ML.PREDICT`, upper case. */
  readonly name: string;
  /** Settings it knows, lower case. */
  readonly settings: readonly string[];
  readonly relation: 'required' | 'optional' | 'none';
  /** Whether one more value argument is taken. */
  readonly takesValue: boolean;
  /** Refuses models it is not for, or settings that do not fit; throws EngineError. */
  bind(
    call: MlCall,
    given: CallArguments,
    context: PlannerContext,
  ): Promise<{ readonly schema: Schema; readonly sql: SqlText }>;
}

/** A fragment with every call bound. */
export interface BoundFragment {
  readonly sql: SqlText;
  readonly calls: readonly BoundCall[];
  /** Models read anywhere in it. */
  readonly models: readonly ModelEntry[];
}
