/** Every bound of the engine, with the relations between them. */
import { assert } from './assert.ts';

/** Rows of one batch: the vector size of the embedded database. */
export const BATCH_ROWS = 2048;
/** Bytes of one SQL script or statement. */
export const STATEMENT_BYTES_MAX: number = 64 * 1024 * 1024;
/** Nesting of parentheses, brackets and ML calls in a statement. */
export const NESTING_DEPTH_MAX = 200;
/** Characters of an identifier in a model's name. */
export const IDENTIFIER_LENGTH_MAX = 1024;
/** Bytes of one frontend message, COPY data included. */
export const MESSAGE_BYTES_MAX: number = 256 * 1024 * 1024;
/** Bytes of a startup packet, as in PostgreSQL. */
export const STARTUP_BYTES_MAX = 10_000;
/** Bytes that the wire gathers before it writes them to a socket, and reads ahead of what it works on. */
export const WRITE_BUFFER_BYTES: number = 256 * 1024;
export const READ_AHEAD_BYTES_MAX: number = 1024 * 1024;
/** Values of a suspended portal that are kept in memory when its session runs something else. */
export const PORTAL_VALUES_MAX = 10_000_000;
/** Parameters of one statement: the protocol's 16-bit count. */
export const PARAMETER_COUNT_MAX = 65_535;
/** Columns of one result: the protocol's 16-bit count, which clients read with a sign. */
export const RESULT_COLUMN_COUNT_MAX = 32_767;
/** Milliseconds between two progress notices of one training. */
export const PROGRESS_INTERVAL_MS = 1_000;
/** Milliseconds a training may go on after it was cancelled, before its worker is stopped by force. */
export const CANCEL_GRACE_MS = 150;
/** Bytes of one shared WebAssembly memory. */
export const SHARED_MEMORY_BYTES_MAX: number = 4 * 1024 * 1024 * 1024 - 65_536;
/** Partitions of a data set at most; how many there are depends on its row count alone. */
const PARTITION_COUNT_MAX = 16;
/** Rows that make another partition worth while. */
const PARTITION_ROWS_MIN = 4_096;
/** Classes of a logistic regression; of every other classifier. */
export const LOGISTIC_CLASS_COUNT_MAX = 50;
export const CLASS_COUNT_MAX = 1_000;
/** Elements of an array feature, a sparse one's largest index included; distinct values of a feature that is a category. */
export const VECTOR_LENGTH_MAX = 100_000;
export const CATEGORY_COUNT_MAX = 1_000_000;
/** Columns after encoding that the normal equation and p-values may have. */
export const NORMAL_EQUATION_WIDTH_MAX = 10_000;
export const P_VALUE_WIDTH_MAX = 1_000;
/** Rows of evaluation data that AUTO_SPLIT keeps from a large table; below the minimum all rows train. */
export const AUTO_SPLIT_EVALUATION_ROWS = 10_000;
export const AUTO_SPLIT_ROWS_MIN = 500;
export const AUTO_SPLIT_ROWS_LARGE = 50_000;

assert(STARTUP_BYTES_MAX < MESSAGE_BYTES_MAX, 'a startup packet is a small message');
assert(WRITE_BUFFER_BYTES < MESSAGE_BYTES_MAX, 'a message may be longer than what is written at once');
assert(P_VALUE_WIDTH_MAX <= NORMAL_EQUATION_WIDTH_MAX, 'p-values come from the normal equation');
assert(AUTO_SPLIT_ROWS_MIN < AUTO_SPLIT_ROWS_LARGE, 'the bands of AUTO_SPLIT are in order');

/** Partitions for a number of rows: never on the machine, so that the model's bits do not depend on it. */
export function partitionCount(rowCount: number): number {
  return Math.max(1, Math.min(PARTITION_COUNT_MAX, Math.ceil(rowCount / PARTITION_ROWS_MIN)));
}
