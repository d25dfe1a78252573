/**
 * DuckDB's errors as the engine's. With `errors_as_json` DuckDB tells the type, sometimes a subtype, and a
 * byte position; the SQLSTATE is ours to find.
 */
import {
  EngineError,
  SqlState,
  type SqlStateCode,
  engineError,
  internalError,
  queryCanceled,
} from '../core/index.ts';
import { takeFailure } from './callback-failure.ts';
import { postgresMessage, usefulHint } from './postgres-words.ts';

/** What DuckDB writes as JSON into an error's message. */
interface DuckdbReport {
  readonly exception_type: string;
  readonly exception_message: string;
  readonly error_subtype?: string;
  readonly position?: string;
  readonly type?: string;
  readonly name?: string;
  readonly candidates?: string;
}

type Rule = readonly [pattern: RegExp, state: SqlStateCode];

/**
 * States by DuckDB's type of exception; the first pattern that the message matches decides, `/^/` is the
 * default.
 */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  Parser: [
    [/does not exist|not found/i, SqlState.undefinedObject],
    [/^/, SqlState.syntaxError],
  ],
  Syntax: [[/^/, SqlState.syntaxError]],
  Binder: [
    [/^Ambiguous reference to column/i, SqlState.ambiguousColumn],
    [/^Referenced table .* not found/i, SqlState.undefinedTable],
    [
      /not found in (FROM clause|table|struct)|does not have a column|Referenced (update )?column/i,
      SqlState.undefinedColumn,
    ],
    [/Prepared statement .* does not exist/i, SqlState.invalidSqlStatementName],
    [
      /GROUP BY clause|aggregate function calls|cannot contain aggregate|window function/i,
      SqlState.groupingError,
    ],
    [/No function matches|best candidate function/i, SqlState.undefinedFunction],
    [/Duplicate alias|duplicate column name|specified more than once/i, SqlState.duplicateColumn],
    [
      /Cannot (mix|compare|combine|cast|implicitly)|type mismatch|explicit (type )?cast/i,
      SqlState.datatypeMismatch,
    ],
    [/is not supported|not implemented|not yet supported/i, SqlState.featureNotSupported],
    [/Can only (update|delete|insert)|is not an? (base )?table/i, SqlState.wrongObjectType],
    [/Catalog .* does not exist/i, SqlState.undefinedTable],
    [/^/, SqlState.syntaxError],
  ],
  Catalog: [
    [/write-write conflict/i, SqlState.serializationFailure],
    [/^(Existing object|.*is not an? )/i, SqlState.wrongObjectType],
    [/^Column with name .* already exists/i, SqlState.duplicateColumn],
    [/^Schema with name .* already exists/i, SqlState.duplicateSchema],
    [/^(Table|View) with name .* already exists/i, SqlState.duplicateTable],
    [/already exists/i, SqlState.duplicateObject],
    [/^Schema with name .* does not exist/i, SqlState.invalidSchemaName],
    [
      /^(Scalar|Aggregate|Table|Window|Macro)? ?(Macro )?Function with name .* (does not exist|is not)/i,
      SqlState.undefinedFunction,
    ],
    [/^(Table|View|Index|Sequence)? ?(Table|View)? ?with name .* does not exist/i, SqlState.undefinedTable],
    [/^Table Function with name/i, SqlState.undefinedFunction],
    [/does not have a column|column .* does not exist/i, SqlState.undefinedColumn],
    [/does not exist|unrecognized/i, SqlState.undefinedObject],
    [/cannot be set|not allowed/i, SqlState.invalidParameterValue],
    [/^/, SqlState.undefinedObject],
  ],
  Dependency: [[/^/, SqlState.dependentObjectsStillExist]],
  Constraint: [
    [/^NOT NULL constraint/i, SqlState.notNullViolation],
    [/foreign key/i, SqlState.foreignKeyViolation],
    [/^CHECK constraint/i, SqlState.checkViolation],
    [/Duplicate key|unique constraint|primary key constraint/i, SqlState.uniqueViolation],
    [/^/, SqlState.checkViolation],
  ],
  Conversion: [
    [
      /(date|time|timestamp|interval) field value|invalid (date|timestamp|time|interval)/i,
      SqlState.invalidDatetimeFormat,
    ],
    [/out of range|overflow|too large|can't be cast because/i, SqlState.numericValueOutOfRange],
    [/^/, SqlState.invalidTextRepresentation],
  ],
  'Out of Range': [[/^/, SqlState.numericValueOutOfRange]],
  Decimal: [[/^/, SqlState.numericValueOutOfRange]],
  'Divide by Zero': [[/^/, SqlState.divisionByZero]],
  'Mismatch Type': [[/^/, SqlState.datatypeMismatch]],
  'Invalid type': [[/^/, SqlState.datatypeMismatch]],
  'Invalid Type': [[/^/, SqlState.datatypeMismatch]],
  'Unknown Type': [[/^/, SqlState.undefinedObject]],
  'Invalid Input': [
    [/multiple statements/i, SqlState.syntaxError],
    [/More than one row returned by a subquery/i, SqlState.cardinalityViolation],
    [/parameter/i, SqlState.undefinedParameter],
    [/Type .* with value .* can't be cast/i, SqlState.numericValueOutOfRange],
    [/^/, SqlState.invalidParameterValue],
  ],
  'Parameter Not Resolved': [[/^/, SqlState.indeterminateDatatype]],
  'Parameter Not Allowed': [[/^/, SqlState.undefinedParameter]],
  'Not implemented': [[/^/, SqlState.featureNotSupported]],
  TransactionContext: [
    [/transaction is aborted/i, SqlState.inFailedSqlTransaction],
    [/no transaction is active/i, SqlState.noActiveSqlTransaction],
    [/within a transaction/i, SqlState.activeSqlTransaction],
    [/Duplicate key|unique constraint|primary key constraint/i, SqlState.uniqueViolation],
    [/conflict|failed to commit/i, SqlState.serializationFailure],
    [/read-only/i, SqlState.readOnlySqlTransaction],
    [/^/, SqlState.serializationFailure],
  ],
  'Out of Memory': [[/^/, SqlState.outOfMemory]],
  'Object Size': [[/^/, SqlState.programLimitExceeded]],
  IO: [
    [/No space left|disk full/i, SqlState.diskFull],
    [/^/, SqlState.ioError],
  ],
  HTTP: [[/^/, SqlState.ioError]],
  Connection: [[/^/, SqlState.ioError]],
  Permission: [[/^/, SqlState.insufficientPrivilege]],
  'Missing Extension': [[/^/, SqlState.featureNotSupported]],
  Extension: [[/^/, SqlState.featureNotSupported]],
  Autoload: [[/^/, SqlState.featureNotSupported]],
  Settings: [[/^/, SqlState.invalidParameterValue]],
  Sequence: [[/^/, SqlState.objectNotInPrerequisiteState]],
  Serialization: [[/^/, SqlState.dataCorrupted]],
};

/** The failure of a statement as an EngineError; `sql` is the text that DuckDB was given. */
export function fromDuckdbError(thrown: unknown, sql: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const stashed = takeFailure(message);
  if (stashed !== undefined) return stashed;
  const report = reportOf(message);
  if (report === undefined) return internalError(message, thrown);
  if (report.exception_type === 'INTERRUPT') return queryCanceled();
  const concurrent = concurrentChange(report);
  if (concurrent !== undefined) return concurrent;
  return engineError(stateOf(report), ...presentation(report, sql));
}

/** The report in a message: JSON, sometimes behind a prefix; or plain text as `Binder Error: …`. */
function reportOf(message: string): DuckdbReport | undefined {
  const brace = message.indexOf('{"exception_type"');
  if (brace >= 0) return JSON.parse(message.slice(brace)) as DuckdbReport;
  const plain = /^([A-Z][A-Za-z ]*?)(?: Error| with \w+)?: ([\s\S]*)$/.exec(message);
  return plain === null ? undefined : { exception_type: plain[1]!, exception_message: plain[2]! };
}

/**
 * Two sessions at the same row, or at one of the engine's own names (their keys start with `augur-`): one
 * must try again.
 */
function concurrentChange({ exception_message: message }: DuckdbReport): EngineError | undefined {
  const own = /duplicate key "(?:name_key: )?augur-(\w+):"(.+?)"\."(.+?)""/i.exec(message);
  if (own === null && !/^Conflict on (update|tuple deletion)/i.test(message)) return undefined;
  const [, kind, schema, name] = own ?? [];
  const what = own === null ? 'update' : `change of ${kind} "${schema}.${name}"`;
  return engineError(SqlState.serializationFailure, `could not serialize access due to concurrent ${what}`, {
    hint: 'Another session was first. Run the transaction again.',
  });
}

function stateOf(report: DuckdbReport): SqlStateCode {
  const candidates = rules[report.exception_type] ?? [];
  const rule = candidates.find(([pattern]) => pattern.test(report.exception_message));
  return rule === undefined ? SqlState.internalError : rule[1];
}

/**
 * First line as the message; what DuckDB suggests below it as the hint; its excerpt of the text is dropped.
 */
function presentation(
  report: DuckdbReport,
  sql: string,
): [string, { position: number | undefined; detail: string | undefined; hint: string | undefined }] {
  const text = report.exception_message.replace(/\n+LINE \d+:[\s\S]*$/, '').trim();
  const [first = '', ...rest] = text.split('\n');
  const more = rest.map((line) => line.trim()).filter((line) => line !== '');
  const isHint = more.some((line) =>
    /^(Did you mean|Candidate|Either|Use |Perhaps|Possible|Try)/i.test(line),
  );
  const body = more.length === 0 ? undefined : more.join('\n');
  return [
    postgresMessage(first.replace(/!$/, '')),
    {
      position: report.position === undefined ? undefined : textOffset(sql, Number(report.position)),
      detail: isHint ? undefined : body,
      hint: isHint ? usefulHint(body) : undefined,
    },
  ];
}

/** A byte offset into UTF-8 as an offset in UTF-16 code units. */
function textOffset(text: string, byteOffset: number): number {
  return Buffer.from(text, 'utf8').toString('utf8', 0, byteOffset).length;
}
