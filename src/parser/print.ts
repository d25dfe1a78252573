/** Statements back into SQL: canonical text that parses to the same statement, places apart. */
import { quoteIdentifier, quoteLiteral, unreachable } from '../core/index.ts';
import type {
  ColumnDefinition,
  CreateModelStatement,
  Literal,
  LiteralField,
  OptionNode,
  Path,
  ShowModelsStatement,
  Statement,
} from './ast.ts';
import { needsQuotes } from './keyword.ts';

/** The statement as SQL, without a semicolon. Plain SQL comes back as it was written. */
export function print(statement: Statement): string {
  switch (statement.kind) {
    case 'create-model':
      return printCreateModel(statement);
    case 'alter-model': {
      const ifExists = statement.ifExists ? 'IF EXISTS ' : '';
      return `ALTER MODEL ${ifExists}${printPath(statement.name)} SET ${printOptions(statement.options)}`;
    }
    case 'drop-model':
      return `DROP MODEL ${statement.ifExists ? 'IF EXISTS ' : ''}${printPath(statement.name)}`;
    case 'export-model':
      return `EXPORT MODEL ${printPath(statement.name)} ${printOptions(statement.options)}`;
    case 'show-models':
      return printShowModels(statement);
    case 'describe-model':
      return `DESCRIBE MODEL ${printPath(statement.name)}`;
    case 'show-create-model':
      return `SHOW CREATE MODEL ${printPath(statement.name)}`;
    case 'explain-model':
      return `EXPLAIN ${statement.isAnalyze ? 'ANALYZE ' : ''}${printCreateModel(statement.statement)}`;
    case 'plain':
      return statement.fragment.text;
    default:
      return unreachable(statement);
  }
}

/** A name as it must be written: quoted unless it reads as itself. */
function printName(name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !needsQuotes(name.toUpperCase());
  return isPlain ? name : quoteIdentifier(name);
}

function printPath(path: Path): string {
  return path.parts.map(printName).join('.');
}

function printShowModels({ like, schema }: ShowModelsStatement): string {
  const pattern = like === undefined ? '' : ` LIKE ${quoteLiteral(like)}`;
  return `SHOW MODELS${pattern}${schema === undefined ? '' : ` IN ${printName(schema)}`}`;
}

function printCreateModel(statement: CreateModelStatement): string {
  const { orReplace, isTemporary, ifNotExists, name } = statement;
  const head = `CREATE ${orReplace ? 'OR REPLACE ' : ''}${isTemporary ? 'TEMP ' : ''}MODEL `;
  const clauses = [`${head}${ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(name)}`];
  if (statement.transform !== undefined) {
    const items = statement.transform.items.map((item) => item.text);
    clauses.push(`TRANSFORM(${printList(items)})`);
  }
  if (statement.inputOutput !== undefined) {
    const { input, output } = statement.inputOutput;
    clauses.push(`INPUT(${printColumns(input)})`, `OUTPUT(${printColumns(output)})`);
  }
  if (statement.remote !== undefined) clauses.push(printRemote(statement.remote));
  if (statement.optionsSpan !== undefined) clauses.push(printOptions(statement.options));
  return [...clauses, ...printTraining(statement)].join('\n');
}

/** A list, one item a line. */
function printList(items: readonly string[]): string {
  return items.length === 0 ? '' : `\n  ${items.join(',\n  ')}\n`;
}

function printColumns(columns: readonly ColumnDefinition[]): string {
  return columns.map((column) => `${printName(column.name)} ${column.typeText}`).join(', ');
}

function printRemote({ isRemote, connection }: NonNullable<CreateModelStatement['remote']>): string {
  const words = isRemote ? ['REMOTE'] : [];
  if (connection === 'default') words.push('WITH CONNECTION DEFAULT');
  else if (connection !== undefined) words.push(`WITH CONNECTION ${printPath(connection)}`);
  return words.join(' ');
}

function printTraining({ query, namedQueries }: CreateModelStatement): readonly string[] {
  if (query !== undefined) return ['AS', query.text];
  if (namedQueries === undefined) return [];
  const queries = namedQueries.map((named) => `${printName(named.name)} AS (${named.query.text})`);
  return [`AS (${printList(queries)})`];
}

function printOptions(options: readonly OptionNode[]): string {
  const items = options.map((option) => `${printName(option.name)} = ${printLiteral(option.value)}`);
  return `OPTIONS(${printList(items)})`;
}

/** A value as OPTIONS or a settings STRUCT would hold it. */
function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return 'NULL';
    case 'boolean':
      return literal.value ? 'TRUE' : 'FALSE';
    case 'number':
    case 'expression':
      return literal.text;
    case 'string':
      return printString(literal.value);
    case 'array':
      return `[${literal.elements.map(printLiteral).join(', ')}]`;
    case 'struct':
      return `STRUCT(${literal.fields.map(printField).join(', ')})`;
    case 'parameter':
      return `$${literal.index}`;
    case 'search-space': {
      const word = literal.form === 'range' ? 'HPARAM_RANGE' : 'HPARAM_CANDIDATES';
      return `${word}(${literal.arguments.map(printLiteral).join(', ')})`;
    }
    default:
      return unreachable(literal);
  }
}

/**
 * In OPTIONS three quotes open a string of BigQuery's; the national prefix keeps one that begins with a quote
 * apart.
 */
function printString(value: string): string {
  return `${value.startsWith("'") ? 'N' : ''}${quoteLiteral(value)}`;
}

function printField(field: LiteralField): string {
  const name = field.name === undefined ? '' : ` AS ${printName(field.name)}`;
  return `${printLiteral(field.value)}${name}`;
}
