/** Text the client sent, and places in it. Offsets are 0-based UTF-16 code units. */

/** A half-open range of offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** 1-based line and column of an offset; the column counts characters (code points). */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  return { line: lines.length, column: [...lines[lines.length - 1]!].length + 1 };
}

/** 1-based position in characters (code points), as the protocol's `P` field counts. */
export function characterPosition(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1;
}
