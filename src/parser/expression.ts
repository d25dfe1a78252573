/**
 * Constant arithmetic in option values, through node-sql-parser's BigQuery dialect: what is a number after
 * all is folded to one. What that parser cannot read stays text, and the embedded database has the last word.
 */
import bigquery from 'node-sql-parser/build/bigquery.js';

/** A node of that parser's tree; its published types leave expressions open. */
interface ExpressionNode {
  readonly type?: string;
  readonly [property: string]: unknown;
}

/**
 * That parser backtracks: text that it cannot read takes it fifteen times longer with each CAST inside a CAST
 * (a minute at eight). So only short and shallow text goes there, with one CAST at most: a few milliseconds.
 */
const LENGTH_MAX = 200;
const NESTING_MAX = 8;
const CAST_COUNT_MAX = 1;

const parser = new bigquery.Parser();

/** Digits, operators and CAST alone: only such text can be a constant number. */
const constantPattern =
  /^(?:[0-9.eE\s+\-*/()]|cast|as|float64|int64|numeric|bignumeric|double|float|integer|int)+$/i;

/** Whether the text may be a constant, and is small enough for a parser whose time is not linear. */
function isTractable(text: string): boolean {
  if (text.length > LENGTH_MAX || !constantPattern.test(text)) return false;
  if (text.split(/cast/i).length - 1 > CAST_COUNT_MAX) return false;
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    if (depth > NESTING_MAX) return false;
  }
  return true;
}

function isNode(value: unknown): value is ExpressionNode {
  return typeof value === 'object' && value !== null;
}

/** The tree of one expression; undefined when the parser cannot read it. */
function expressionTree(text: string): ExpressionNode | undefined {
  try {
    const parsed: unknown = parser.astify(`SELECT ${text}`, { database: 'BigQuery' });
    const select = Array.isArray(parsed) ? parsed[0] : parsed;
    if (!isNode(select) || !Array.isArray(select['columns']) || select['columns'].length !== 1)
      return undefined;
    const column: unknown = select['columns'][0];
    return isNode(column) && isNode(column['expr']) ? column['expr'] : undefined;
  } catch {
    return undefined;
  }
}

/** The number that a constant arithmetic expression stands for; undefined for any other text. */
export function foldedNumber(text: string): number | undefined {
  const tree = isTractable(text) ? expressionTree(text) : undefined;
  const value = tree === undefined ? undefined : fold(tree);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function fold(node: unknown): number | undefined {
  if (!isNode(node)) return undefined;
  switch (node.type) {
    case 'number':
    case 'bigint':
      return Number(node['value']);
    case 'unary_expr':
      return foldUnary(node);
    case 'binary_expr':
      return foldBinary(node);
    case 'cast':
      return foldCast(node);
    default:
      return undefined;
  }
}

function foldUnary(node: ExpressionNode): number | undefined {
  const value = fold(node['expr']);
  if (value === undefined) return undefined;
  if (node['operator'] === '-') return -value;
  return node['operator'] === '+' ? value : undefined;
}

function foldBinary(node: ExpressionNode): number | undefined {
  const left = fold(node['left']);
  const right = fold(node['right']);
  if (left === undefined || right === undefined) return undefined;
  switch (node['operator']) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return undefined;
  }
}

/**
 * CAST of a number to a type of numbers; to an integer type halves are rounded away from zero, as BigQuery
 * does.
 */
function foldCast(node: ExpressionNode): number | undefined {
  const value = fold(node['expr']);
  const target: unknown = Array.isArray(node['target']) ? node['target'][0] : node['target'];
  if (value === undefined || !isNode(target)) return undefined;
  const type = String(target['dataType']).toUpperCase();
  if (['INT64', 'INTEGER', 'INT'].includes(type)) return Math.sign(value) * Math.round(Math.abs(value));
  return ['FLOAT64', 'NUMERIC', 'BIGNUMERIC', 'DOUBLE', 'FLOAT'].includes(type) ? value : undefined;
}
