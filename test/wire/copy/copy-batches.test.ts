/** COPY data read by the kernel against the same data read by the parser, down to the tables and the errors. */
import { afterAll, describe, expect, test } from 'vitest';
import { EngineError, resolveCopyFormat, type CopyFormat } from '../../../src/core/index.ts';
import { CopyBatchReader } from '../../../src/wire/copy/copy-batches.ts';
import { createCopyParser } from '../../../src/wire/copy/copy-parser.ts';
import { openTestDatabase } from '../../support/open-database.ts';

const database = await openTestDatabase();
const connection = await database.connect();
afterAll(async () => {
  await connection.close();
  await database.close();
});

const csv = resolveCopyFormat([{ name: 'format', value: 'csv', position: 0 }]);
const text = resolveCopyFormat([]);

/** Loads the data; the rows of the table, or what the error said. `pieceBytes`: how the client cuts the data. */
async function load(
  columns: string,
  format: CopyFormat,
  data: Buffer,
  pieceBytes: number | undefined,
): Promise<{ readonly table: unknown; readonly kinds: ReadonlySet<string> }> {
  const kinds = new Set<string>();
  await connection.run(`CREATE OR REPLACE TABLE arrived (${columns})`);
  const appender = await connection.append(['arrived'], undefined);
  try {
    const names = appender.schema.map((column) => column.name);
    if (pieceBytes === undefined) {
      const parser = createCopyParser(format, names.length, names);
      await appender.appendText(parser.push(data));
      await appender.appendText(parser.finish());
    } else {
      const reader = new CopyBatchReader(format, appender.schema, appender.isPlain);
      const take = async (parts: ReturnType<typeof reader.push>): Promise<void> => {
        for (const part of parts) {
          kinds.add(part.kind);
          if (part.kind === 'batch') await appender.appendParsed(part.batch);
          else await appender.appendText(part.rows);
        }
      };
      for (let at = 0; at < data.length; at += pieceBytes)
        await take(reader.push(data.subarray(at, at + pieceBytes)));
      await take(reader.finish());
    }
    await appender.finish();
  } catch (thrown) {
    await appender.abort();
    if (!(thrown instanceof EngineError)) throw thrown;
    const { message, state, detail, hint } = thrown;
    return { table: { message, state, detail, hint }, kinds };
  }
  return { table: await connection.rows('SELECT * FROM arrived'), kinds };
}

async function expectSame(
  columns: string,
  lines: readonly string[] | Buffer,
  format: CopyFormat = text,
): Promise<Set<string>> {
  const data = Buffer.isBuffer(lines) ? lines : Buffer.from(lines.join(''), 'utf8');
  const plain = await load(columns, format, data, undefined);
  const seen = new Set<string>();
  for (const pieceBytes of [data.length, 65_536, 1_009]) {
    const { table, kinds } = await load(columns, format, data, pieceBytes);
    expect(table).toEqual(plain.table);
    for (const kind of kinds) seen.add(kind);
  }
  return seen;
}

/** Many lines, so that the kernel has a part in it; those in question between others. */
function among(lines: readonly string[], plain: string): string[] {
  return [
    ...Array.from({ length: 3000 }, () => `${plain}\n`),
    ...lines.map((line) => `${line}\n`),
    ...Array.from({ length: 3000 }, () => `${plain}\n`),
  ];
}

const values: Readonly<Record<string, { readonly plain: string; readonly others: readonly string[] }>> = {
  SMALLINT: { plain: '-32768', others: ['32767', '0', '007', '-0', '\\N', '+5', ' 5', '5 '] },
  INTEGER: { plain: '2147483647', others: ['-2147483648', '12', '\\N'] },
  BIGINT: { plain: '9223372036854775807', others: ['-9223372036854775808', '1', '\\N'] },
  DOUBLE: {
    plain: '0.30000000000000004',
    others: [
      '1',
      '-0',
      '.5',
      '5.',
      '1e22',
      '1e23',
      '1E-7',
      '5e-324',
      '2.2250738585072014e-308',
      '123456789012345678901234567890.5',
      '1.7976931348623157e308',
      'NaN',
      'Infinity',
      '-Infinity',
      'inf',
      '9007199254740993',
      '0.000000000000000000000000000001',
      '\\N',
    ],
  },
  REAL: { plain: '1.5', others: ['1e-45', 'NaN', '\\N'] },
  'DECIMAL(10,2)': { plain: '12345.67', others: ['-0.01', '1', '\\N'] },
  VARCHAR: {
    plain: 'a text of more than twelve bytes',
    others: [
      '',
      'short',
      '\\N',
      '\\\\N',
      'tab\\there',
      'new\\nline',
      '\\b\\f\\v\\r',
      'é',
      '日本語の文字列です',
      '😀😀😀😀😀',
      'back\\\\slash',
      'octal \\101',
      'hex \\x41',
      'any \\q',
      `long ${'ü'.repeat(9000)}`,
    ],
  },
  DATE: {
    plain: '2024-02-29',
    others: ['0001-01-01', '9999-12-31', '0044-03-15 (BC)', 'infinity', '2024-1-5', '\\N'],
  },
  TIME: { plain: '23:59:59.999999', others: ['00:00:00', '12:30:00.5', '\\N'] },
  TIMESTAMP: {
    plain: '2024-02-29 12:34:56.789',
    others: [
      '1969-12-31 23:59:59',
      '2024-02-29T12:00:00',
      '2024-01-01',
      'infinity',
      '2024-01-01 00:00:00.123456',
      '\\N',
    ],
  },
  TIMESTAMPTZ: { plain: '2024-02-29 12:34:56+00', others: ['2024-02-29 12:34:56.5+05:30', '\\N'] },
  BOOLEAN: { plain: 't', others: ['f', 'true', 'false', 'yes', 'off', '1', 'T', '\\N'] },
  UUID: { plain: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', others: ['\\N'] },
  BLOB: { plain: '\\\\x00ff', others: ['\\N'] },
  'INTEGER[]': { plain: '{1,NULL,3}', others: ['{}', '\\N'] },
  'VARCHAR[]': { plain: '{a,"b c"}', others: ['{}', '\\N'] },
  "ENUM('sad', 'happy')": { plain: 'happy', others: ['sad', '\\N'] },
  UINTEGER: { plain: '4294967295', others: ['\\N'] },
};

const mistakes: Readonly<Record<string, readonly string[]>> = {
  SMALLINT: ['32768', '-32769', '1.5', '1e3', 'x', ''],
  INTEGER: ['2147483648', '99999999999999999999'],
  BIGINT: ['9223372036854775808', '-9223372036854775809', '123456789012345678901'],
  DOUBLE: ['1e400', 'one', '1.5x', '-', '1e', ''],
  DATE: ['2023-02-29', '2024-13-01', 'today?', '2024-02-30'],
  TIME: ['25:00:00', '12:60:00'],
  TIMESTAMP: ['2024-02-30 00:00:00', '2024-01-01 24:30:00'],
  BOOLEAN: ['maybe', 'tr ue'],
  UINTEGER: ['-1'],
  VARCHAR: ['corrupt\\.', 'return\rhere'],
};

describe('values of every type', () => {
  for (const [type, { plain, others }] of Object.entries(values)) {
    test(type, async () => {
      const lines = others.map((other) => `before\t${other}\tbehind`);
      const seen = await expectSame(
        `a VARCHAR, value ${type}, b VARCHAR`,
        among(lines, `before\t${plain}\tbehind`),
      );
      expect(seen.has('batch')).toBe(true);
    });
    for (const mistake of mistakes[type] ?? []) {
      test(`${type} refuses ${JSON.stringify(mistake)}`, async () => {
        await expectSame(`a VARCHAR, value ${type}`, among([`the line\t${mistake}`], `before\t${plain}`));
      });
    }
  }
});

describe('lines', () => {
  const columns = 'id INTEGER, name VARCHAR';
  test('of too many and too few values', async () => {
    for (const line of ['1', '1\ta\tb', '', '1\t', '\ta', '\t\t'])
      await expectSame(columns, among([line], '7\tname'));
  });
  test('the end marker', async () => expectSame(columns, among(['\\.', 'not read'], '7\tname')));
  test('a last line without an end', async () => expectSame(columns, [...among([], '7\tname'), '8\tlast']));
  test('CR LF', async () => expectSame(columns, among([], '7\tname\r')));
  test('an escaped line end', async () => expectSame(columns, among(['1\ta\\', 'b'], '7\tname')));
  test('a zero byte', async () => expectSame(columns, among(['1\ta\0b'], '7\tname')));
  test('bytes that are not UTF-8', async () => {
    await expectSame(
      columns,
      Buffer.concat([Buffer.from(among([], '7\tname').join('')), Buffer.from([0x31, 9, 0xc3, 0x28, 10])]),
    );
  });
  test('other marks', async () => {
    const marked = { ...text, delimiter: '|', nullText: 'nil' };
    await expectSame(columns, among(['nil|nil', '1|a\\|b', '2|nilly', '3|\\nil'], '7|name'), marked);
  });
});

describe('CSV', () => {
  const columns = 'id INTEGER, name VARCHAR, weight DOUBLE';
  test('quotes, NULLs, and line ends in values', async () => {
    const lines = [
      '1,"a ""quoted"" text",1',
      '2,,',
      '3,"",2',
      '"4","x, y","5"',
      '5,"two\nlines",6',
      '6,a"b"c,7',
      '7,"CR\r\nLF",8',
      ',,',
    ];
    const seen = await expectSame(columns, among(lines, '9,name,0.25'), csv);
    expect(seen.has('batch')).toBe(true);
  });
  test('a quote that never ends', async () => expectSame(columns, among(['1,"open,2'], '9,name,0.25'), csv));
  test('errors in lines after values of several lines', async () => {
    await expectSame(columns, among(['1,"two\nlines",2', '1,2'], '9,name,0.25'), csv);
  });
  test('a header', async () => {
    for (const header of ['id,name,weight\n', '"id",name,weight\n', 'id,name,weight\r\n']) {
      await expectSame(columns, [header, ...among([], '9,name,0.25')], { ...csv, header: true });
    }
  });
  test('the end marker in a column of its own', async () => {
    await expectSame('name VARCHAR', among(['\\.', 'x'], 'a longer name'), csv);
    await expectSame('name VARCHAR', among(['"\\."', 'x'], 'a longer name'), csv);
  });
});

describe('several blocks', () => {
  const numbered = (last: string): Buffer =>
    Buffer.from(
      `${Array.from({ length: 200_000 }, (_, row) => `${row}\tthe name ${row % 7}\n`).join('')}${last}`,
    );

  test('keep their order', async () => {
    await load('id INTEGER, name VARCHAR', text, numbered(''), 65_536);
    const order = await connection.rows(
      'SELECT count(*), count(*) FILTER (id = place), count(DISTINCT name) FROM (SELECT id, name, rowid AS place FROM arrived)',
    );
    expect(order).toEqual([[200_000n, 200_000n, 7n]]);
  });

  test('leave nothing behind when a row breaks a constraint', async () => {
    for (const [columns, last, state] of [
      ['id INTEGER NOT NULL, name VARCHAR', '\\N\tx\n', '23502'],
      ['id INTEGER PRIMARY KEY, name VARCHAR', '5\tx\n', '23505'],
      ['id INTEGER CHECK (id >= 0), name VARCHAR', '-1\tx\n', '23514'],
    ] as const) {
      const { table } = await load(columns, text, numbered(last), 65_536);
      expect(table).toMatchObject({ state });
      expect(await connection.rows('SELECT count(*) FROM arrived')).toEqual([[0n]]);
    }
  });

  test('are refused to users who name their function', () => {
    expect(() => connection.screen('SELECT * FROM __augur_batches(1)')).toThrow(/not allowed/);
  });
});

test('random doubles are read as the database reads them', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => {
    const digits = ((index * 2_654_435_761) % 4_294_967_296) * 1e7 + ((index * 40_503) % 9_999_991);
    return `${digits}${index % 3 === 0 ? '.' : ''}${index % 3 === 0 ? index : ''}e${(index % 600) - 300}\n`;
  });
  await expectSame('value DOUBLE', lines);
});
