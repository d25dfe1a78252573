/**
 * Text in, statements out. Knows no table and no model.
 *
 * `parse(text)` splits a script at its semicolons and reads each statement; only BigQuery ML's statements and
 * ML calls are read in full, all other SQL stays as the client wrote it, byte for byte. `print(statement)` is
 * the way back.
 */
export type * from './ast.ts';
export { parse } from './parse.ts';
