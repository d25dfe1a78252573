/** Scripts: splitting, spans, parameters, errors with their places, and what holds for any text at all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError, lineAndColumn } from '../../src/core/index.ts';
import { parse } from '../../src/parser/parse.ts';
import { failure, one, plain } from '../support/parser-fixture.ts';

function texts(script: string): string[] {
  return parse(script).map(({ span }) => script.slice(span.start, span.end));
}

describe('splitting', () => {
  test.each<[string, string[]]>([
    ['', []],
    [' ;; -- nothing\n; /* here */', []],
    ['select 1', ['select 1']],
    ['  select 1 ; select 2;  ', ['select 1', 'select 2']],
    [
      'select \';\'; select $$;$$; select ";" -- ;\n; select 2',
      ["select ';'", 'select $$;$$', 'select ";"', 'select 2'],
    ],
    ['/* a; */ select 1 /* b; */;', ['select 1']],
    [
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    ['drop model a; select 1; drop model b', ['drop model a', 'select 1', 'drop model b']],
    ["# it's a comment\nselect 1; # it's another\n", ['select 1']],
  ])('%j', (script, statements) => {
    // The last case ends in a comment after a semicolon, which is not at the start of a line.
    const text = script.replace('; # it', ';\n# it');
    expect(texts(text)).toEqual(statements);
  });
  test('a statement after one of ours is read by the rules of SQL again', () => {
    const [first, second] = parse("drop model a # it's\n; select 1 # 2");
    expect(first!.kind).toBe('drop-model');
    expect(second).toMatchObject({ kind: 'plain', fragment: { text: 'select 1 # 2' } });
  });
});

describe('parameters', () => {
  test('are found outside strings, names and comments, with their places', () => {
    const text = 'select $2, \'$3\', "$4", $$ $5 $$, f($1) -- $6\n from t where a = $2 /* $7 */';
    const statement = plain(text);
    expect(statement.parameterCount).toBe(2);
    expect(statement.parameters.map(({ index, span }) => [index, text.slice(span.start, span.end)])).toEqual([
      [2, '$2'],
      [1, '$1'],
      [2, '$2'],
    ]);
  });
  test('are found in ML calls too, and offsets count from the start of the script', () => {
    const script = 'select 1; select * from ML.PREDICT(MODEL m, (select $1::int a), STRUCT($2 AS threshold))';
    const statement = parse(script)[1]!;
    const parameters = statement.kind === 'plain' ? statement.parameters : [];
    expect(parameters.map(({ span }) => span.start)).toEqual([script.indexOf('$1'), script.indexOf('$2')]);
  });
  test.each(['$0', '$65536', '$99999999999999999999'])('there is no %s', (parameter) => {
    expect(failure(`select ${parameter}`)).toMatchObject({ state: '42P02', at: parameter });
  });
});

describe('errors', () => {
  test('stand at their token, on the tenth line of a script as well', () => {
    const script = `${'select 1;\n'.repeat(9)}  CREATE MODEL m OPTIONS(a 1) AS SELECT 1`;
    try {
      parse(script);
      expect.unreachable();
    } catch (thrown) {
      const { position } = thrown as EngineError;
      expect(lineAndColumn(script, position!)).toEqual({ line: 10, column: 28 });
    }
  });
  test('of a call deep inside a query', () => {
    const text = 'with a as (select * from ML.PREDICT(MODEL m, SELECT 1)) select * from a';
    expect(failure(text)).toMatchObject({
      message: 'syntax error at or near "SELECT"',
      at: 'SELECT 1)) select * from a',
    });
  });
  test('of plain SQL are not ours', () => {
    for (const text of ['selec 1', 'select (1', 'select 1)', ') ( ]', 'insert into', '1', '"a" b', '\\d']) {
      expect(texts(text)).toEqual([text]);
    }
  });
  test('text that is not closed fails where it opens', () => {
    expect(failure("select 1; select 'abc")).toMatchObject({ state: '42601', at: "'abc" });
    expect(failure('select 1; /* abc')).toMatchObject({ state: '42601', at: '/* abc' });
  });
});

describe('bounds', () => {
  test('nesting', () => {
    expect(failure(`select ${'('.repeat(201)}1${')'.repeat(201)}`).state).toBe('54000');
    expect(one(`select ${'('.repeat(200)}1${')'.repeat(200)}`).kind).toBe('plain');
    const calls = 'select * from ML.PREDICT(MODEL m, ('.repeat(20_000);
    expect(failure(calls).state).toBe('54000');
    expect(failure('('.repeat(1_000_000)).state).toBe('54000');
  });
  test('nesting is counted anew for each statement', () => {
    expect(texts(`select (((1))); select ${'('.repeat(200)}1${')'.repeat(200)}`)).toHaveLength(2);
  });
  test('length', () => {
    expect(failure(' '.repeat(64 * 1024 * 1024 + 1)).state).toBe('54000');
  });
  test('megabytes of values are read in linear time', () => {
    const small = `insert into t values ${"(1, 'a', 2.5), ".repeat(4_000)}(1, 'b', 3)`;
    const large = `insert into t values ${"(1, 'a', 2.5), ".repeat(40_000)}(1, 'b', 3)`;
    const time = (text: string): number => {
      const start = performance.now();
      expect(plain(text).fragment.text).toBe(text);
      return performance.now() - start;
    };
    time(small);
    expect(time(large)).toBeLessThan(Math.max(40 * time(small), 2_000));
  });
});

/** Pieces that our grammar and its lexer care about; random sequences of them reach deep into the parser. */
const pieces = [
  'CREATE',
  'OR',
  'REPLACE',
  'MODEL',
  'IF',
  'NOT',
  'EXISTS',
  'TRANSFORM',
  'OPTIONS',
  'INPUT',
  'OUTPUT',
  'REMOTE',
  'WITH',
  'CONNECTION',
  'AS',
  'SELECT',
  'FROM',
  'JOIN',
  'ML',
  'ML.PREDICT(',
  'AI.X(',
  '.',
  'STRUCT(',
  'TABLE',
  'm',
  'a.b',
  '`c.d`',
  '"e"',
  "'s'",
  "E'\\''",
  '$$x$$',
  '$1',
  '1',
  '-',
  '+',
  '0.5',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
  '=',
  '=>',
  '<',
  '>',
  '*',
  '#',
  '\n',
  '--',
  '/*',
  '*/',
  "'",
  '"',
  '`',
  '"""',
  "'''",
  '$',
  'HPARAM_RANGE(',
  'SET',
  'TO',
  'COPY',
  'STDIN',
  'CSV',
  'FETCH',
  'DECLARE',
  'CURSOR',
  'FOR',
  'PREPARE',
  'EXPLAIN',
  'ANALYZE',
  'ALTER',
  'DROP',
  'EXPORT',
  'SHOW',
  'MODELS',
  'LIKE',
  'IN',
  'RENAME',
  'OVER',
  'EXCEPT',
  'CASE',
  'END',
  'RETURNING',
  'INSERT',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT',
  'é',
  '\u00a0',
];
const soup = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 4 })), {
    maxLength: 60,
  })
  .map((parts) => parts.join(' '));
const openings = [
  'CREATE MODEL m OPTIONS(a=',
  'CREATE MODEL m TRANSFORM(',
  'CREATE MODEL m AS (',
  'SELECT * FROM ML.PREDICT(MODEL m, ',
  'COPY t ',
  'CREATE MODEL m INPUT(',
  'SET ',
  'CREATE ',
  'WITH ',
  '',
];
const script = fc.tuple(fc.constantFrom(...openings), soup).map(([opening, rest]) => opening + rest);

describe('any text', () => {
  test('gives statements or an EngineError with its place, soon', () => {
    fc.assert(
      fc.property(fc.oneof(script, fc.string({ unit: 'binary' })), (text) => {
        const start = performance.now();
        try {
          for (const { span } of parse(text)) {
            expect(span.start).toBeLessThan(span.end);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(EngineError);
          const { position = 0, state } = thrown as EngineError;
          expect(['42601', '42P02', '0A000', '54000']).toContain(state);
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
        expect(performance.now() - start).toBeLessThan(2_000);
      }),
      { numRuns: 1_000 },
    );
  });

  test('that is plain SQL stays byte for byte, and every span is its own text', () => {
    fc.assert(
      fc.property(soup, (text) => {
        let statements;
        try {
          statements = parse(text);
        } catch {
          return;
        }
        let end = 0;
        for (const statement of statements) {
          expect(statement.span.start).toBeGreaterThanOrEqual(end);
          end = statement.span.end;
          if (statement.kind !== 'plain') continue;
          expect(statement.fragment.text).toBe(text.slice(statement.span.start, statement.span.end));
          expect(statement.fragment.span).toEqual(statement.span);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
