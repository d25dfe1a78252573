/** Values of every type at the ends of their ranges, as SQL expressions of DuckDB. */

const quotedTexts = [
  "''",
  "'a'",
  "'exactly12byt'",
  "'thirteen byte'",
  "'tab\there'",
  "'line\nline'",
  "'return\rreturn'",
  "'back\\slash'",
  "'\\N'",
  "'\\.'",
  "'NULL'",
  '\'"quoted"\'',
  "'it''s, with a comma'",
  'chr(8) || chr(11) || chr(12)',
  "'é'",
  "'日本語の文字列です'",
  "'😀'",
  "'emoji 😀 in a longer text 😀😀'",
  "repeat('long ', 1000)",
  "repeat('é', 7)",
];

/** Expressions by type; NULL stands in each. */
export const everyType: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false', 'NULL'],
  smallint: ['0::SMALLINT', '(-32768)::SMALLINT', '32767::SMALLINT', 'NULL'],
  tinyint: ['(-128)::TINYINT', '127::TINYINT', 'NULL'],
  integer: ['0', '-1', '(-2147483648)::INTEGER', '2147483647', '10', '99', '100', '1000000', 'NULL'],
  bigint: [
    '0::BIGINT',
    '(-9223372036854775808)::BIGINT',
    '9223372036854775807::BIGINT',
    '4294967295::BIGINT',
    '4294967296::BIGINT',
    '-4294967297::BIGINT',
    '100000000000000000::BIGINT',
    'NULL',
  ],
  ubigint: ['18446744073709551615::UBIGINT', '0::UBIGINT', 'NULL'],
  hugeint: ['170141183460469231731687303715884105727::HUGEINT', '-1::HUGEINT', 'NULL'],
  double: [
    "'NaN'::DOUBLE",
    "'Infinity'::DOUBLE",
    "'-Infinity'::DOUBLE",
    "'-0'::DOUBLE",
    '0::DOUBLE',
    '1e-7::DOUBLE',
    '1e-4::DOUBLE',
    '9.9e-5::DOUBLE',
    '1e14::DOUBLE',
    '1e15::DOUBLE',
    '1e22::DOUBLE',
    '1e23::DOUBLE',
    '5e-324::DOUBLE',
    '2.2250738585072014e-308::DOUBLE',
    '1.7976931348623157e308::DOUBLE',
    '123.45::DOUBLE',
    '(-0.1)::DOUBLE',
    '9007199254740993::DOUBLE',
    '999999999999999::DOUBLE',
    '1e21::DOUBLE',
    'NULL',
  ],
  real: ["'NaN'::REAL", '1e-7::REAL', '3.4028235e38::REAL', '0.1::REAL', '-1.5::REAL', '1e-45::REAL', 'NULL'],
  decimal: ['1.50::DECIMAL(4,2)', '-99.99::DECIMAL(4,2)', '0::DECIMAL(4,2)', 'NULL'],
  'wide decimal': ['12345678901234567890.123456789::DECIMAL(38,9)', '-0.000000001::DECIMAL(38,9)', 'NULL'],
  text: [...quotedTexts, 'NULL'],
  bytea: ["'\\x00\\xFF'::BLOB", "''::BLOB", "'a longer piece of bytes'::BLOB", 'NULL'],
  date: [
    "'1970-01-01'::DATE",
    "'2024-02-29'::DATE",
    "'0001-01-01'::DATE",
    "'0001-01-01 (BC)'::DATE",
    "'4714-11-24 (BC)'::DATE",
    "'99999-12-31'::DATE",
    "'1969-12-31'::DATE",
    "'infinity'::DATE",
    "'-infinity'::DATE",
    'NULL',
  ],
  time: ["'00:00:00'::TIME", "'23:59:59.999999'::TIME", "'24:00:00'::TIME", "'01:02:03.5'::TIME", 'NULL'],
  timestamp: [
    "'1970-01-01 00:00:00'::TIMESTAMP",
    "'1969-12-31 23:59:59.999999'::TIMESTAMP",
    "'2024-02-29 12:34:56.7'::TIMESTAMP",
    "'0044-03-15 (BC) 12:00:00'::TIMESTAMP",
    "'20000-01-01 00:00:00.000001'::TIMESTAMP",
    "'infinity'::TIMESTAMP",
    "'-infinity'::TIMESTAMP",
    'NULL',
  ],
  timestamptz: [
    "'2024-07-01 12:00:00+00'::TIMESTAMPTZ",
    "'2024-01-01 12:00:00.25+05:30'::TIMESTAMPTZ",
    "'1883-11-18 12:00:00+00'::TIMESTAMPTZ",
    "'infinity'::TIMESTAMPTZ",
    "'-infinity'::TIMESTAMPTZ",
    'NULL',
  ],
  interval: ["INTERVAL '1 year 2 months -3 days'", "INTERVAL '04:05:06.789'", "INTERVAL '0 days'", 'NULL'],
  uuid: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID", 'NULL'],
  json: ['\'{"a": [1, 2, "\\u00e9 and more"]}\'::JSON', "'1'::JSON", 'NULL'],
  enum: ["'sad'::ENUM('sad', 'happy')", "'happy'::ENUM('sad', 'happy')", 'NULL'],
  'list of integers': ['[1, NULL, 3]', '[]::INTEGER[]', 'NULL'],
  'list of texts': ["['a', NULL, 'with \"quotes\" and \\ back', '', 'a,b']", "['NULL']", 'NULL'],
  'nested list': ['[[1, 2], [3, 4]]', 'NULL'],
  'list of doubles': ["[1.5::DOUBLE, 'NaN'::DOUBLE, 1e300::DOUBLE]", 'NULL'],
  struct: ["{'a': 1, 'b': 'text with ü', 'c': [1.5::DOUBLE]}", "{'a': NULL, 'b': '', 'c': []}", 'NULL'],
  map: ["MAP {'k': 1, 'l': NULL}", 'NULL'],
};

/** A query of a few hundred rows of these values, with a number and a text beside each. */
export function repeated(values: readonly string[]): string {
  const list = values
    .map((value, index) => `SELECT ${index} AS place, ${value} AS value`)
    .join(' UNION ALL ');
  return `
    SELECT i, value, 'row ' || i || ' of many' AS label
    FROM range(300) AS t(i) JOIN (${list}) AS v ON v.place = i % ${values.length}
    ORDER BY i`;
}
