/** What is screened: the user's own SQL, as the database will read it, with places in the script. */
import { expect, test } from 'vitest';
import { parse } from '../../src/parser/index.ts';
import { userTexts } from '../../src/planner/index.ts';

const textsOf = (script: string): readonly string[] => userTexts(parse(script)[0]!).map((sql) => sql.text);

test.each([
  ['SELECT 1', ['SELECT 1']],
  ['SELECT `a.b` FROM `s.t`\n# it is\nWHERE 1 = 1', ['SELECT "a"."b" FROM "s"."t"\n \nWHERE 1 = 1']],
  [
    `SELECT * FROM ML.PREDICT(MODEL m, (SELECT \`x\` FROM t), STRUCT("\\"'" AS a))`,
    ['SELECT * FROM ML.PREDICT(NULL, (SELECT "x" FROM t), NULL)'],
  ],
  ['SELECT * FROM ML.PREDICT(MODEL m, TABLE `s.t`)', ['SELECT * FROM ML.PREDICT(NULL, TABLE "s"."t")']],
  [
    'SELECT * FROM ML.ROC_CURVE(MODEL m, data => TABLE t, [read_text(1)])',
    ['SELECT * FROM ML.ROC_CURVE(NULL, TABLE "t", [read_text(1)])'],
  ],
  [`CREATE MODEL m OPTIONS (MODEL_TYPE="it's") AS SELECT 'x' FROM \`t\``, [`SELECT 'x' FROM "t"`]],
  [`EXPLAIN CREATE MODEL m OPTIONS (MODEL_TYPE='KMEANS') AS SELECT 2`, ['SELECT 2']],
  ['DROP MODEL m', []],
])('%s', (script, expected) => {
  expect(textsOf(script)).toEqual(expected);
});

test('places are those of the script', () => {
  const script = 'SELECT 1; SELECT * FROM ML.PREDICT(MODEL m, (SELECT `a`, read_text(2) FROM t)) WHERE b';
  const [sql] = userTexts(parse(script)[1]!);
  for (const word of ['read_text', 'WHERE b', 'SELECT `a`'.slice(0, 6)]) {
    const place = sql!.text.lastIndexOf(word);
    expect(script.slice(sql!.sourcePosition(place)).startsWith(word)).toBe(true);
  }
});
