/** From the parser's literals to option values and settings. */
import { invalidOption, quoteLiteral, unsupported } from '../core/index.ts';
import type { OptionLiteral, WrittenOption } from '../ml/index.ts';
import type { Literal, LiteralField, OptionNode } from '../parser/index.ts';

/** An option's literal as data. Search spaces belong to tuning, which is not built. */
export function optionLiteral(literal: Literal): OptionLiteral {
  switch (literal.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'number':
    case 'string':
      return literal.value;
    case 'array':
      return literal.elements.map(optionLiteral);
    case 'struct':
      return { fields: literal.fields.map(({ name, value }) => ({ name, value: optionLiteral(value) })) };
    case 'search-space':
      throw unsupported('hyperparameter tuning (HPARAM_RANGE, HPARAM_CANDIDATES)', literal.span.start);
    case 'parameter':
      throw unsupported('a query parameter as an option value', literal.span.start);
    case 'expression':
      throw invalidOption(
        `option values must be literals, got ${literal.text}`,
        literal.span.start,
        'Write a string, number, TRUE, FALSE, an array or a STRUCT of these.',
      );
  }
}

/** Options of a statement, for checkOptions. */
export function writtenOptions(options: readonly OptionNode[]): WrittenOption[] {
  return options.map((option) => ({
    name: option.name,
    value: optionLiteral(option.value),
    position: option.nameSpan.start,
    valuePosition: option.value.span.start,
  }));
}

/** The settings STRUCT of an ML call, by lower-case name. Unknown and repeated names are refused. */
export function settingsByName(
  fields: readonly LiteralField[],
  allowed: readonly string[],
  functionName: string,
): ReadonlyMap<string, Literal> {
  const settings = new Map<string, Literal>();
  for (const { name, value } of fields) {
    const key = name?.toLowerCase();
    if (key === undefined || !allowed.includes(key)) {
      const known = allowed.length === 0 ? 'It takes none.' : `It takes ${allowed.join(', ')}.`;
      const what =
        name === undefined
          ? 'needs settings with names, such as 0.5 AS threshold'
          : `does not know the setting "${name}"`;
      throw invalidOption(`${functionName} ${what}`, value.span.start, known);
    }
    if (settings.has(key))
      throw invalidOption(`${functionName}: setting "${key}" is given twice`, value.span.start);
    settings.set(key, value);
  }
  return settings;
}

/** A BOOL setting. */
export function booleanSetting(literal: Literal | undefined, name: string, otherwise: boolean): boolean {
  if (literal === undefined) return otherwise;
  if (literal.kind === 'boolean') return literal.value;
  throw invalidOption(`setting ${name} must be TRUE or FALSE`, literal.span.start);
}

/** A FLOAT64 setting between bounds, as SQL text; a query parameter stays one. */
export function numberSetting(
  literal: Literal | undefined,
  name: string,
  bounds: readonly [number, number],
  otherwise: number,
): string {
  if (literal === undefined) return String(otherwise);
  if (literal.kind === 'parameter') return `CAST($${literal.index} AS DOUBLE)`;
  if (literal.kind === 'number' && literal.value >= bounds[0] && literal.value <= bounds[1]) {
    return `CAST(${quoteLiteral(String(literal.value))} AS DOUBLE)`;
  }
  const got = literal.kind === 'number' ? literal.text : literal.kind;
  throw invalidOption(
    `setting ${name} must be a number from ${bounds[0]} to ${bounds[1]}, got ${got}`,
    literal.span.start,
  );
}
