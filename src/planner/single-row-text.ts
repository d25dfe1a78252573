/**
 * How one row to score may be written for it to be scored without the database: a SELECT of parameters and literals,
 * and around the call a plain list of its columns. What is not in these grammars is not refused, only not recognised.
 *
 *   row    := SELECT item {, item}              item  := value [:: type] [[AS] name] | CAST(value AS type) [[AS] name]
 *   around := SELECT (* | column {, column}) FROM call [AS name] [;]
 *   column := name {step} | list_extract(name, n) {step}, then [AS name]           step := [n] {.name}
 */

/** An item of the row: a parameter, or a constant in the client's words. */
export interface RowItem {
  /** 1-based number of the parameter; undefined for a constant. */
  readonly parameter: number | undefined;
  /** The expression, without its name. */
  readonly text: string;
}

/** A column of the call's result with what is taken out of it: 1-based elements of lists, fields of structs. */
export interface WrittenColumn {
  readonly name: string;
  readonly steps: readonly (number | string)[];
}

const type = String.raw`(?:double\s+precision|double|float8|float4|float|real|bigint|int8|integer|int4|int|smallint|int2|text|varchar|boolean|bool|(?:numeric|decimal)(?:\s*\(\s*\d+\s*(?:,\s*\d+\s*)?\))?)`;
const value = String.raw`(?:\$(?<parameter>\d+)|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|'(?:[^']|'')*'|null|true|false)(?![\w$'])`;
const castValue = value.replace('<parameter>', '<castParameter>');
const name = String.raw`(?:[a-z_]\w*|"(?:[^"]|"")+")`;
const itemPattern = new RegExp(
  String.raw`\s*(?<text>${value}(?:\s*::\s*${type}(?!\w))?|cast\s*\(\s*${castValue}\s+as\s+${type}\s*\))` +
    String.raw`(?:\s+(?:as\s+)?${name})?\s*(?<end>,|$)`,
  'iy',
);
const fields = String.raw`(?:\s*\.\s*${name})*`;
const columnPattern = new RegExp(
  String.raw`\s*(?:(?<name>${name})|list_extract\s*\(\s*(?<list>${name})\s*,\s*(?<element>\d+)\s*\)(?<fields>${fields}))` +
    String.raw`(?<steps>(?:\s*\[\s*\d+\s*\]${fields})*)(?:\s+as\s+${name})?\s*(?<end>,|$)`,
  'iy',
);
const stepPattern = new RegExp(String.raw`\[\s*(?<element>\d+)\s*\]|\.\s*(?<field>${name})`, 'gi');

/** All of a list, item by item; undefined when one is not in the grammar. */
function matchList(pattern: RegExp, text: string): RegExpExecArray[] | undefined {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (;;) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    found.push(match);
    if (match.groups!['end'] === '') return found;
  }
}

function unquoted(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
}

/** The items of a query that is nothing but a row of them. */
export function rowItems(query: string): readonly RowItem[] | undefined {
  const list = /^\s*select\s(?<list>[^]*)$/i.exec(query)?.groups!['list'];
  return (list === undefined ? undefined : matchList(itemPattern, list))?.map(({ groups }) => {
    const parameter = groups!['parameter'] ?? groups!['castParameter'];
    return { parameter: parameter === undefined ? undefined : Number(parameter), text: groups!['text']! };
  });
}

function columnOf({ groups }: RegExpExecArray): WrittenColumn {
  const { name: plain, list, element, fields: first = '', steps = '' } = groups!;
  const taken = Array.from((first + steps).matchAll(stepPattern), (step) =>
    step.groups!['element'] === undefined
      ? unquoted(step.groups!['field']!)
      : Number(step.groups!['element']),
  );
  return {
    name: unquoted(plain ?? list!),
    steps: element === undefined ? taken : [Number(element), ...taken],
  };
}

/** The columns of a statement that is nothing but these over the call; `all` for `*`. */
export function columnsAround(before: string, after: string): readonly WrittenColumn[] | 'all' | undefined {
  if (!new RegExp(String.raw`^\s*(?:as\s+${name}\s*)?;?\s*$`, 'i').test(after)) return undefined;
  const list = /^\s*select\s(?<list>[^]*)\sfrom\s*$/i.exec(before)?.groups!['list'];
  if (list === undefined) return undefined;
  if (list.trim() === '*') return 'all';
  return matchList(columnPattern, list)?.map(columnOf);
}
