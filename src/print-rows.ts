/** Results as text tables, as psql prints them. */
import type { Value } from './core/index.ts';
import type { QueryRows } from './augur.ts';

function cellText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'object') return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
  return String(value);
}

/** Writes a result: a table with its row count, or the command tag. */
export function printRows(result: QueryRows, target: { write(text: string): unknown }): void {
  if (result.columns.length === 0) {
    target.write(`${result.tag}\n`);
    return;
  }
  const cells = result.rows.map((row) => result.columns.map((name) => cellText(row[name] ?? null)));
  const isNumber = result.columns.map((name) => result.rows.some((row) => ['number', 'bigint'].includes(typeof row[name])));
  const widths = result.columns.map((name, index) => Math.max(name.length, ...cells.map((row) => row[index]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => ` ${isNumber[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)} `).join('|').trimEnd();
  target.write(`${result.columns.map((name, index) => ` ${name.padEnd(widths[index]!)} `).join('|').trimEnd()}\n`);
  target.write(`${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n`);
  for (const row of cells) target.write(`${line(row)}\n`);
  target.write(`(${result.rows.length} row${result.rows.length === 1 ? '' : 's'})\n\n`);
}
