/**
 * Arrays as PostgreSQL prints them: `{1,NULL,"a b"}`, braces nested for more dimensions. Source: array_out.
 */
import type { SqlType, Value } from '../../core/index.ts';

/**
 * Elements that must be quoted: empty, NULL in any case, or with a brace, a comma, a quote, a backslash or a
 * blank.
 */
const quotedElement = /^$|^null$|[{}",\\\s]/i;

function elementText(text: string): string {
  return quotedElement.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

function listText(list: readonly Value[], isNested: boolean, format: (value: Value) => string): string {
  let text = '{';
  for (let index = 0; index < list.length; index++) {
    const value = list[index]!;
    if (index > 0) text += ',';
    if (value === null) text += 'NULL';
    else text += isNested ? format(value) : elementText(format(value));
  }
  return `${text}}`;
}

/**
 * Whether a list, at any depth, holds no scalar and no NULL: such an array is empty, whatever its dimensions.
 */
function isHollow(value: Value): boolean {
  return Array.isArray(value) && value.every(isHollow);
}

/**
 * How lists print, given how their scalars do. A ragged list, which PostgreSQL does not have, prints with the
 * same nested braces: clients read it.
 */
export function arrayFormatter(
  type: SqlType & { readonly kind: 'list' },
  formatScalar: (value: Value) => string,
): (value: Value) => string {
  const { element } = type;
  if (element.kind !== 'list') return (value) => listText(value as readonly Value[], false, formatScalar);
  const formatElement = arrayFormatter(element, formatScalar);
  return (value) => (isHollow(value) ? '{}' : listText(value as readonly Value[], true, formatElement));
}
