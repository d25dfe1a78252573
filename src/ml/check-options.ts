/**
 * Checks a written OPTIONS list against the schemas of a model type, before anything else of the training
 * runs.
 */
import { invalidOption, quoteLiteral, unsupported } from '../core/index.ts';
import {
  CheckedOptions,
  describeDomain,
  unknownOption,
  type OptionDomain,
  type OptionLiteral,
  type OptionSchema,
  type OptionStruct,
  type OptionValue,
  type WrittenOption,
} from './option.ts';

/** Options with their defaults, and what the client should be told of those that have no effect. */
export interface OptionCheck {
  readonly options: CheckedOptions;
  readonly warnings: string[];
}

/**
 * Checks names (without case), repetitions, types and ranges. MODEL_TYPE itself is left to the caller, who
 * has found the schemas by it. Throws 22023 for what is wrong and 0A000 for what is known but not built, each
 * with a position.
 */
export function checkOptions(
  written: readonly WrittenOption[],
  schemas: readonly OptionSchema[],
  modelType: string,
): OptionCheck {
  const schemasByName = new Map(schemas.map((schema) => [schema.name, schema]));
  const values = new Map<string, OptionValue | undefined>(
    schemas.map((schema) => [schema.name, schema.defaultValue]),
  );
  const writtenNames = new Set<string>();
  const warnings: string[] = [];
  for (const option of written) {
    const name = option.name.toUpperCase();
    if (writtenNames.has(name))
      throw invalidOption(`option ${name} is given more than once`, option.position);
    writtenNames.add(name);
    if (name === 'MODEL_TYPE') continue;
    const schema = schemasByName.get(name);
    if (schema === undefined) throw unknownOption(option, modelType, [...schemasByName.keys()]);
    const value = checkedValue(schema, option);
    refuseUnbuilt(schema, value, option);
    if (schema.ignoredBecause !== undefined && !isDefault(schema, value)) {
      warnings.push(`option ${name} has no effect: ${schema.ignoredBecause}`);
    }
    values.set(name, value);
  }
  writtenNames.delete('MODEL_TYPE');
  return { options: new CheckedOptions(values, writtenNames), warnings };
}

function isDefault(schema: OptionSchema, value: OptionValue): boolean {
  return JSON.stringify(schema.defaultValue) === JSON.stringify(value);
}

function refuseUnbuilt(schema: OptionSchema, value: OptionValue, option: WrittenOption): void {
  if (schema.notBuilt === undefined || isDefault(schema, value)) return;
  throw unsupported(
    `${schema.notBuilt} (option ${schema.name})`,
    option.position,
    schema.defaultValue === undefined
      ? `Leave ${schema.name} out.`
      : `Only ${schema.name} = ${literalText(schema.defaultValue)} is accepted.`,
  );
}

function checkedValue(schema: OptionSchema, option: WrittenOption): OptionValue {
  const value = valueInDomain(schema.domain, option.value);
  if (value !== undefined) return value;
  throw invalidOption(
    `option ${schema.name} must be ${describeDomain(schema.domain)}, got ${literalText(option.value)}`,
    option.valuePosition,
  );
}

/** The literal as a value of the domain, or undefined if it is none. */
function valueInDomain(domain: OptionDomain, literal: OptionLiteral): OptionValue | undefined {
  switch (domain.kind) {
    case 'flag':
      return typeof literal === 'boolean' ? literal : undefined;
    case 'text':
      return typeof literal === 'string' ? literal : undefined;
    case 'choice': {
      if (typeof literal !== 'string') return undefined;
      const wanted = literal.toUpperCase();
      return domain.values.find((value) => value.toUpperCase() === wanted);
    }
    case 'number':
      return typeof literal === 'number' && isInside(domain, literal) ? literal : undefined;
    case 'texts': {
      const elements = typeof literal === 'string' ? [literal] : literal;
      if (!isArray(elements) || !elements.every((element) => typeof element === 'string')) return undefined;
      return domain.length === undefined || elements.length === domain.length ? elements : undefined;
    }
    case 'weights':
      return isArray(literal) ? weightPairs(literal) : undefined;
  }
}

function isArray(literal: OptionLiteral): literal is readonly OptionLiteral[] {
  return Array.isArray(literal);
}

function isInside(domain: OptionDomain & { kind: 'number' }, number: number): boolean {
  if (!Number.isFinite(number) || (domain.integer && !Number.isInteger(number))) return false;
  const { min, max } = domain;
  if (min !== undefined && (domain.openMin === true ? number <= min : number < min)) return false;
  return max === undefined || (domain.openMax === true ? number < max : number <= max);
}

/** Pairs of distinct labels and weights that are not negative; undefined if any element is something else. */
function weightPairs(elements: readonly OptionLiteral[]): (readonly [string, number])[] | undefined {
  const pairs = new Map<string, number>();
  for (const element of elements) {
    if (element === null || typeof element !== 'object' || Array.isArray(element)) return undefined;
    const [label, weight, ...rest] = (element as OptionStruct).fields.map((field) => field.value);
    if (typeof label !== 'string' || typeof weight !== 'number' || rest.length > 0) return undefined;
    if (!Number.isFinite(weight) || weight < 0 || pairs.has(label)) return undefined;
    pairs.set(label, weight);
  }
  return pairs.size === 0 ? undefined : [...pairs];
}

/** A literal as SQL would write it, for messages. */
function literalText(literal: OptionLiteral): string {
  if (literal === null) return 'NULL';
  if (typeof literal === 'string') return quoteLiteral(literal);
  if (typeof literal === 'boolean') return literal ? 'TRUE' : 'FALSE';
  if (typeof literal === 'number') return String(literal);
  if (isArray(literal)) return `[${literal.map(literalText).join(', ')}]`;
  return `(${literal.fields.map((field) => literalText(field.value)).join(', ')})`;
}
