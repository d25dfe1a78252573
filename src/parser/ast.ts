/**
 * Every statement the parser makes: a closed union, read-only, each with `kind` and `span` (offsets into the
 * script).
 */
import type { Span } from '../core/index.ts';

/** A dotted name, one to three parts, unquoted; `span` covers all of it. */
export interface Path {
  readonly parts: readonly string[];
  readonly span: Span;
}

/** A literal in OPTIONS or in a settings STRUCT. */
export type Literal =
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'array'; readonly elements: readonly Literal[]; readonly span: Span }
  | { readonly kind: 'struct'; readonly fields: readonly LiteralField[]; readonly span: Span }
  /** `TIMESTAMP '…'`, `DATE '…'`, `INTERVAL 8 HOUR` and other typed or computed values, kept as text. */
  | { readonly kind: 'expression'; readonly text: string; readonly span: Span }
  /** A query parameter, `$1` (1-based). */
  | { readonly kind: 'parameter'; readonly index: number; readonly span: Span }
  /** `HPARAM_RANGE(…)` and `HPARAM_CANDIDATES([…])`. */
  | {
      readonly kind: 'search-space';
      readonly form: 'range' | 'candidates';
      readonly arguments: readonly Literal[];
      readonly span: Span;
    };

/** A field of STRUCT(value AS name, …) or of a tuple. */
export interface LiteralField {
  readonly name: string | undefined;
  readonly value: Literal;
}

/** One `name = value` of an OPTIONS list. */
export interface OptionNode {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Literal;
  readonly span: Span;
}

/**
 * SQL text that the embedded database reads, with the ML calls found inside. `text` is the script's own text
 * of `span`, byte for byte; islands are in order, do not overlap, and their spans are offsets into the script
 * (not the fragment).
 */
export interface SqlFragment {
  readonly text: string;
  readonly span: Span;
  readonly islands: readonly MlCall[];
  /**
   * BigQuery spellings outside the islands that the embedded database cannot read, each with what stands for
   * it: `#` comments (a space) and names in backticks (double-quoted ones). In order, none overlaps another
   * or an island.
   */
  readonly respellings?: readonly Respelling[];
}

/** Another text for a part of the script. */
export interface Respelling {
  readonly span: Span;
  readonly text: string;
}

/** What stands as an argument of an ML call. */
export type MlArgument =
  | { readonly kind: 'model'; readonly path: Path; readonly span: Span }
  | { readonly kind: 'table'; readonly path: Path; readonly span: Span }
  | { readonly kind: 'query'; readonly fragment: SqlFragment; readonly span: Span }
  | { readonly kind: 'settings'; readonly value: Literal & { kind: 'struct' }; readonly span: Span }
  /** Any other value: an array of thresholds, GENERATE_ARRAY(…), a string, a number. Kept as SQL text. */
  | {
      readonly kind: 'value';
      readonly text: string;
      readonly literal: Literal | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'named'; readonly name: string; readonly value: MlArgument; readonly span: Span };

/** An `ML.X(…)` or `AI.X(…)` call where a table may stand: from the `ML` to the closing parenthesis. */
export interface MlCall {
  /** Upper case, with its prefix: `ML.PREDICT`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly arguments: readonly MlArgument[];
  readonly span: Span;
  /** WITH lists of the fragment around the call, outermost first. */
  readonly scopes: readonly CommonTables[];
}

/** Common tables of one WITH: `a AS (…), b AS (…)`, as far as they are complete where the call stands. */
export interface CommonTables {
  readonly isRecursive: boolean;
  readonly span: Span;
}

export interface CreateModelStatement {
  readonly kind: 'create-model';
  readonly span: Span;
  readonly orReplace: boolean;
  readonly isTemporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: Path;
  readonly inputOutput:
    | {
        readonly input: readonly ColumnDefinition[];
        readonly output: readonly ColumnDefinition[];
        readonly span: Span;
      }
    | undefined;
  /** TRANSFORM's items, each as text; parsed further when the clause is built. */
  readonly transform: { readonly items: readonly SqlFragment[]; readonly span: Span } | undefined;
  readonly remote:
    | { readonly connection: Path | 'default' | undefined; readonly isRemote: boolean; readonly span: Span }
    | undefined;
  readonly options: readonly OptionNode[];
  readonly optionsSpan: Span | undefined;
  /** AS query; the fragment is the query without enclosing parentheses. */
  readonly query: SqlFragment | undefined;
  /** AS (name AS (query), …). */
  readonly namedQueries:
    | readonly { readonly name: string; readonly nameSpan: Span; readonly query: SqlFragment }[]
    | undefined;
}

/** One item of TRANSFORM, taken apart (see parseTransformItem). */
export type TransformItem =
  /** `*` or `t.*`, with EXCEPT (EXCLUDE) and REPLACE. */
  | {
      readonly kind: 'star';
      readonly qualifier: string | undefined;
      readonly except: readonly string[];
      readonly replace: readonly TransformExpression[];
      readonly span: Span;
    }
  /** A bare column, `c` or `t.c`; its output has the name `alias`, which is the column's own without AS. */
  | { readonly kind: 'column'; readonly path: Path; readonly alias: string; readonly span: Span }
  | ({ readonly kind: 'expression'; readonly span: Span } & TransformExpression);

/** An expression of TRANSFORM with its output name, and the preprocessing calls in it. */
export interface TransformExpression {
  /** Without the alias. */
  readonly expression: SqlFragment;
  readonly alias: string;
  readonly calls: readonly PreprocessingCall[];
}

/** `ML.X(…)` or `ML.X(…) OVER ()` in an expression. */
export interface PreprocessingCall {
  /** Upper case, with its prefix: `ML.STANDARD_SCALER`. */
  readonly name: string;
  readonly arguments: readonly SqlFragment[];
  /** Whether `OVER ()` follows. */
  readonly isAnalytic: boolean;
  /** Calls inside the arguments. */
  readonly calls: readonly PreprocessingCall[];
  /** From `ML` to the end, OVER () included. */
  readonly span: Span;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly typeText: string;
  readonly span: Span;
}

export interface AlterModelStatement {
  readonly kind: 'alter-model';
  readonly span: Span;
  readonly ifExists: boolean;
  readonly name: Path;
  readonly options: readonly OptionNode[];
}

export interface DropModelStatement {
  readonly kind: 'drop-model';
  readonly span: Span;
  readonly ifExists: boolean;
  readonly name: Path;
}

export interface ExportModelStatement {
  readonly kind: 'export-model';
  readonly span: Span;
  readonly name: Path;
  readonly options: readonly OptionNode[];
}

/** SHOW MODELS [LIKE 'pattern'] [IN schema]. */
export interface ShowModelsStatement {
  readonly kind: 'show-models';
  readonly span: Span;
  readonly like: string | undefined;
  readonly schema: string | undefined;
}

/** DESCRIBE MODEL m. */
export interface DescribeModelStatement {
  readonly kind: 'describe-model';
  readonly span: Span;
  readonly name: Path;
}

/** SHOW CREATE MODEL m. */
export interface ShowCreateModelStatement {
  readonly kind: 'show-create-model';
  readonly span: Span;
  readonly name: Path;
}

/** EXPLAIN [ANALYZE] CREATE MODEL …. */
export interface ExplainModelStatement {
  readonly kind: 'explain-model';
  readonly span: Span;
  readonly isAnalyze: boolean;
  readonly statement: CreateModelStatement;
}

/** What a plain statement does, told by its first words: for routing, tags, transactions and name checks. */
export type StatementClass =
  /**
   * SELECT, VALUES, WITH … SELECT, FROM …, TABLE, SUMMARIZE, DESCRIBE, SHOW TABLES, PRAGMA, CALL, EXPLAIN:
   * gives rows.
   */
  | { readonly kind: 'read' }
  | { readonly kind: 'insert' | 'update' | 'delete' | 'merge'; readonly hasReturning: boolean }
  /** CREATE/DROP/ALTER of anything else; `object` in lower case (`table`, `view`, `index`, `schema`, …). */
  | {
      readonly kind: 'create' | 'drop' | 'alter';
      readonly object: string;
      readonly name: Path | undefined;
      /** CREATE TABLE or MATERIALIZED VIEW … AS query. */
      readonly isCreateAs: boolean;
      readonly orReplace: boolean;
      /** IF EXISTS; IF NOT EXISTS of CREATE. */
      readonly ifExists: boolean;
      /** ALTER … RENAME TO. */
      readonly renameTo: string | undefined;
      /** CREATE VIEW: the query after AS. */
      readonly viewQuery: Span | undefined;
      /** CREATE TEMP …: of this session alone. */
      readonly isTemporary?: true;
    }
  | { readonly kind: 'begin'; readonly isReadOnly: boolean }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | {
      readonly kind: 'savepoint';
      readonly verb: 'savepoint' | 'release' | 'rollback-to';
      readonly name: string;
    }
  /**
   * SET/RESET name (lower case; RESET ALL: `all`): `value` is undefined for RESET and SET … TO DEFAULT;
   * `isLocal` for SET LOCAL.
   */
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly value: string | undefined;
      readonly isLocal: boolean;
    }
  /** SET TRANSACTION …, SET SESSION CHARACTERISTICS AS TRANSACTION …. */
  | { readonly kind: 'set-transaction'; readonly isReadOnly: boolean | undefined }
  /** SHOW name (a setting, lower case), SHOW ALL (`all`). */
  | { readonly kind: 'show'; readonly name: string }
  /** `what` in lower case: all, plans, sequences, temp. */
  | { readonly kind: 'discard'; readonly what: string }
  | { readonly kind: 'copy'; readonly copy: CopyClause }
  /** PREPARE name [(types)] AS …; EXECUTE name [(arguments)]; DEALLOCATE name | ALL. */
  | {
      readonly kind: 'prepare';
      readonly name: string;
      readonly typeNames: readonly string[];
      readonly body: Span;
    }
  | { readonly kind: 'execute'; readonly name: string; readonly argumentTexts: readonly string[] }
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  /** DECLARE name CURSOR [WITH HOLD] FOR query; FETCH [direction] [count] FROM name; CLOSE name | ALL. */
  | { readonly kind: 'declare-cursor'; readonly name: string; readonly isHold: boolean; readonly query: Span }
  | {
      readonly kind: 'fetch';
      readonly name: string;
      readonly count: number | 'all';
      readonly isMove: boolean;
    }
  | { readonly kind: 'close-cursor'; readonly name: string | undefined }
  /**
   * LISTEN, UNLISTEN, NOTIFY, LOCK, VACUUM, ANALYZE, CHECKPOINT, ATTACH, DETACH, INSTALL, LOAD, USE, COMMENT,
   * GRANT, REVOKE, TRUNCATE, EXPORT, IMPORT, …: `word` upper case.
   */
  | { readonly kind: 'other'; readonly word: string }
  | { readonly kind: 'empty' };

/**
 * COPY: the target or the query, the direction, the other end, and its options: names in lower case, legacy
 * words under the names of the list syntax (CSV is `format` with `csv`), quotes of values taken away, a lone
 * name without value.
 */
export interface CopyClause {
  readonly table: Path | undefined;
  readonly columns: readonly string[] | undefined;
  readonly query: SqlFragment | undefined;
  readonly direction: 'from' | 'to';
  readonly end:
    | { readonly kind: 'stdio' }
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'program' };
  readonly options: readonly {
    readonly name: string;
    readonly value: string | readonly string[] | undefined;
    readonly span: Span;
  }[];
}

/** Any SQL that is not ours. */
export interface PlainStatement {
  readonly kind: 'plain';
  readonly span: Span;
  readonly fragment: SqlFragment;
  readonly class: StatementClass;
  /**
   * Highest `$n` in it; 0 without parameters. Parameters inside strings, quoted names and comments do not
   * count.
   */
  readonly parameterCount: number;
  /** Offsets into the script of every `$n`, in order: for rewriting. */
  readonly parameters: readonly { readonly index: number; readonly span: Span }[];
}

export type Statement =
  | CreateModelStatement
  | AlterModelStatement
  | DropModelStatement
  | ExportModelStatement
  | ShowModelsStatement
  | DescribeModelStatement
  | ShowCreateModelStatement
  | ExplainModelStatement
  | PlainStatement;
