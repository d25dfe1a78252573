/** What the catalogue's thread is asked and what it answers. */
import type { ErrorFields, Schema, SqlType, Value } from '../../core/index.ts';
import type { MirrorStep } from './mirror-object.ts';

/** What a statement's answer depends on beside the mirror: who asks, and under which settings. */
export interface SessionFacts {
  readonly user: string;
  readonly databaseName: string;
  readonly processId: number;
  /** Names in lower case. */
  readonly settings: Readonly<Record<string, string>>;
  readonly searchPath: readonly string[];
}

export interface StatementRequest {
  readonly sql: string;
  readonly parameterTypes: readonly (SqlType | undefined)[];
  readonly session: SessionFacts;
}

export type CatalogRequest =
  | { readonly kind: 'start' }
  | { readonly kind: 'apply'; readonly steps: readonly MirrorStep[] }
  | ({ readonly kind: 'describe' } & StatementRequest)
  | ({ readonly kind: 'run'; readonly parameters: readonly Value[] } & StatementRequest);

export interface CatalogDescription {
  readonly parameterTypes: readonly SqlType[];
  readonly schema: Schema;
}

export interface CatalogRows {
  readonly schema: Schema;
  readonly rows: readonly (readonly Value[])[];
}

/** A step that no alternative could carry out. */
export interface FailedStep {
  readonly sql: string;
  readonly message: string;
}

/** Answers by the kind of the request. */
export interface CatalogAnswers {
  readonly start: undefined;
  readonly apply: readonly FailedStep[];
  readonly describe: CatalogDescription;
  readonly run: CatalogRows;
}

/** An error without its class, which does not survive the way between threads. */
export interface CarriedError {
  readonly message: string;
  readonly fields: ErrorFields;
}

export interface CatalogEnvelope {
  readonly id: number;
  readonly request: CatalogRequest;
}

export type CatalogReply =
  | { readonly id: number; readonly answer: CatalogAnswers[keyof CatalogAnswers] }
  /** `isFatal`: not PostgreSQL's own error, so its server may be broken and must be replaced. */
  | { readonly id: number; readonly error: CarriedError; readonly isFatal: boolean };
