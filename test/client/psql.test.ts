/** PostgreSQL's own client: scripts, carets, \copy, \d, Ctrl-C, FETCH_COUNT, and one session beside another. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPoints,
  endlessTraining,
  startClientServer,
  type ClientServer,
} from '../support/client-server.ts';
import { hasPsql, runPsql } from '../support/psql.ts';

describe.skipIf(!hasPsql)('psql', () => {
  let server: ClientServer;
  let folder: string;
  const psql = (...parameters: readonly string[]): Promise<string> =>
    runPsql([...server.psql, ...parameters]);
  const script = (input: string): Promise<string> => runPsql([...server.psql, '-t'], { input });

  const untilTraining = async (): Promise<void> => {
    while (
      (await server.augur.query(`SELECT 1 FROM augur.progress WHERE phase = 'training'`)).rows.length === 0
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'augur-psql-'));
    server = await startClientServer();
    await server.augur.query(
      `CREATE TABLE line AS SELECT i AS x, CAST(2 * i + 1 AS DOUBLE) AS y FROM range(60) r(i);
       CREATE MODEL slope OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT x, y FROM line;
       CREATE VIEW predicted AS SELECT x, round(predicted_y, 6) AS p FROM ML.PREDICT(MODEL slope, TABLE line);
       ${createPoints}`,
    );
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a script runs, and its errors have carets', async () => {
    const output = await script(`
      SELECT round(predicted_y, 2), x FROM ML.PREDICT(MODEL slope, (SELECT 10 AS x));
      SELECT x,
             nosuch
      FROM ML.PREDICT(MODEL slope, TABLE line);
      CREATE MODEL other OPTIONS (MODEL_TYPE='LINEAR_REG',
        INPUT_LABEL_COLS='y', L3_REG=1) AS SELECT x, y FROM line;
      SELECT 'still here';
    `);
    expect(output).toBe(
      [
        '21|10',
        'still here',
        'ERROR:  column "nosuch" does not exist',
        'LINE 2:              nosuch',
        '                     ^',
        'HINT:  Candidate bindings: "predicted_y"',
        'ERROR:  option L3_REG is not supported for LINEAR_REG models',
        `LINE 2:         INPUT_LABEL_COLS='y', L3_REG=1) AS SELECT x, y FROM ...`,
        '                                      ^',
        'HINT:  Did you mean "L1_REG"?',
        '',
      ].join('\n'),
    );
  });

  test('ON_ERROR_STOP and --single-transaction keep nothing of a script that fails', async () => {
    const file = join(folder, 'script.sql');
    writeFileSync(
      file,
      `CREATE MODEL gone OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT x FROM line;\nSELECT 1/;\n`,
    );
    const output = await psql('-v', 'ON_ERROR_STOP=1', '--single-transaction', '-f', file);
    expect(output).toContain(`${file}:2: ERROR:  syntax error at end of input`);
    expect(await script(`SELECT count(*) FROM augur.models WHERE model_name = 'gone'`)).toBe('0\n');
  });

  test('\\copy brings 100,000 rows in and takes them out', async () => {
    const [source, target] = [join(folder, 'in.csv'), join(folder, 'out.csv')];
    const lines = Array.from(
      { length: 100_000 },
      (_, index) => `${index},"text ""${index}""",${index % 3 === 0 ? '' : index / 4}`,
    );
    writeFileSync(source, ['a,b,c', ...lines, ''].join('\n'));
    const output = await script(`
      CREATE TABLE copied (a INTEGER, b TEXT, c DOUBLE PRECISION);
      \\copy copied FROM '${source}' CSV HEADER
      SELECT count(*), sum(a), count(c), max(b) FROM copied;
      \\copy (SELECT x, round(predicted_y, 1) AS p FROM ML.PREDICT(MODEL slope, (SELECT a AS x FROM copied)) ORDER BY x) TO '${target}' CSV HEADER
      \\! head -3 '${target}'; wc -l < '${target}'
    `);
    expect(output).toBe('100000|4999950000|66666|text "99999"\nx,p\n0,1\n1,3\n100001\n');
  });

  test('a row that does not fit is told with its place', async () => {
    const output = await script(
      'CREATE TABLE narrow (a INTEGER);\nCOPY narrow FROM STDIN;\n1\nx\n\\.\nSELECT count(*) FROM narrow;\n',
    );
    expect(output).toBe(
      '0\nERROR:  invalid input syntax for type integer: "x"\nDETAIL:  Row 2, column "a": "x".\n',
    );
  });

  test('\\d lists tables, views and models, and describes them', async () => {
    const list = await psql('-t', '-c', '\\d');
    for (const line of ['public|line|table|augur', 'public|predicted|view|augur'])
      expect(list).toContain(line);
    expect(list).toMatch(/public\|slope\|/);
    expect(await psql('-t', '-c', '\\d line')).toMatch(/x\|bigint\|[^\n]*\ny\|double precision\|/);
    expect(await psql('-t', '-c', '\\dv')).toContain('predicted');
    expect(await psql('-t', '-c', '\\d slope')).toMatch(/x\|bigint/);
    expect(await psql('-t', '-c', '\\l')).toContain(server.augur.databaseName);
    expect(await psql('-t', '-c', '\\dn')).toContain('public');
    const loud = await runPsql([
      ...server.psql.filter((parameter) => parameter !== '-q'),
      '-c',
      '\\d nosuch',
    ]);
    expect(loud).toContain('Did not find any relation named "nosuch"');
  }, 60_000);

  test('Ctrl-C ends a training', async () => {
    const child = spawn('psql', [...server.psql, '-t', '-c', endlessTraining], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (bytes) => (output += String(bytes)));
    const closed = new Promise((resolve) => child.once('close', resolve));
    await untilTraining();
    const cancelledAt = performance.now();
    child.kill('SIGINT');
    expect(await closed).toBe(1);
    expect(performance.now() - cancelledAt).toBeLessThan(1000);
    expect(output).toContain('ERROR:  canceling statement due to user request');
    expect(await script(`SELECT count(*) FROM augur.models WHERE model_name = 'endless'`)).toBe('0\n');
  });

  test('FETCH_COUNT reads through a cursor', async () => {
    const output = await script(`
      \\set FETCH_COUNT 1000
      SELECT x FROM ML.PREDICT(MODEL slope, (SELECT i AS x FROM range(5500) r(i))) ORDER BY x;
    `);
    const rows = output.trim().split('\n');
    expect([rows.length, rows[0], rows[1000], rows.at(-1)]).toEqual([5500, '0', '1000', '5499']);
  });

  test('\\gdesc, prepared statements and variables', async () => {
    const output = await script(`
      SELECT predicted_y, x FROM ML.PREDICT(MODEL slope, (SELECT 10 AS x)) \\gdesc
      PREPARE at (int) AS SELECT round(predicted_y, 2) FROM ML.PREDICT(MODEL slope, (SELECT $1 AS x));
      EXECUTE at(7);
      \\set place 20
      SELECT round(predicted_y, 2) FROM ML.PREDICT(MODEL slope, (SELECT :place AS x));
    `);
    expect(output).toBe('predicted_y|double precision\nx|integer\n15\n41\n');
  });

  test('a session answers while another one trains', async () => {
    const trainer = spawn('psql', [...server.psql, '-c', endlessTraining], { stdio: 'ignore' });
    await untilTraining();
    const output = await script(`\\timing on\n${'SELECT 1;\n'.repeat(15)}`);
    trainer.kill('SIGINT');
    await new Promise((resolve) => trainer.once('close', resolve));
    const times = [...output.matchAll(/Time: ([\d.]+) ms/g)].map((match) => Number(match[1]));
    expect(times.length).toBe(15);
    expect(times.toSorted((left, right) => left - right)[7]).toBeLessThan(200);
  });
});
