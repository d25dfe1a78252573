/**
 * Every .slt file below this folder, one test each. With AUGUR_SLT_UPDATE=1 the rows below each query's `----` are
 * rewritten to what the engine gave: read the difference before you keep it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSlt, type Record } from './slt-file.ts';
import { errorOf, SltRunner } from './slt-run.ts';

const isUpdate = process.env['AUGUR_SLT_UPDATE'] === '1';
const folder = import.meta.dirname;

function sltFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? sltFiles(path) : entry.name.endsWith('.slt') ? [path] : [];
  });
}

const sorted = (lines: readonly string[], isRowSort: boolean): readonly string[] =>
  isRowSort ? lines.toSorted() : lines;

async function check(record: Record, runner: SltRunner): Promise<void> {
  const where = `line ${record.line}`;
  if (record.kind === 'query') {
    const lines = await runner.run(record);
    expect(sorted(lines, record.isRowSort), where).toEqual(sorted(record.rows, record.isRowSort));
    return;
  }
  if (record.kind !== 'statement') {
    await runner.run(record);
    return;
  }
  const { expected, sql } = record;
  const outcome = await runner.run(record).then(
    () => undefined,
    (thrown: unknown) => errorOf(thrown, sql),
  );
  if (expected.kind !== 'error') expect(outcome, where).toBeUndefined();
  if (expected.kind === 'error') {
    expect(outcome, `${where}: an error is expected`).toBeDefined();
    expect(outcome!.state, `${where}: ${outcome!.text}`).toBe(expected.state);
    if (expected.position !== undefined) expect(outcome!.position, where).toBe(expected.position);
    for (const line of expected.message) expect(outcome!.text, where).toContain(line);
  }
  if (expected.kind === 'notice') {
    const seen = runner.notices
      .filter((notice) => notice.severity === expected.severity)
      .map((notice) => notice.message);
    for (const line of expected.message) expect(seen.join('\n'), where).toContain(line);
  }
}

/** Rewrites the rows of every query of a file. */
async function update(path: string, records: readonly Record[], runner: SltRunner): Promise<void> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const changes: { at: number; count: number; rows: readonly string[] }[] = [];
  for (const record of records) {
    const given = await runner.run(record).catch(() => []);
    if (record.kind !== 'query') continue;
    const at = lines.indexOf('----', record.line) + 1;
    changes.push({ at, count: record.rows.length, rows: sorted(given, record.isRowSort) });
  }
  for (const { at, count, rows } of changes.toReversed()) lines.splice(at, count, ...rows);
  writeFileSync(path, lines.join('\n'));
}

const files = sltFiles(folder);

describe(`SQL files (${files.length})`, () => {
  test('there are some', () => expect(files.length).toBeGreaterThan(0));

  for (const path of files) {
    test(
      relative(folder, path),
      async () => {
        const records = parseSlt(readFileSync(path, 'utf8'));
        expect(records.length).toBeGreaterThan(0);
        const runner = new SltRunner();
        await runner.open();
        try {
          if (isUpdate) await update(path, records, runner);
          else for (const record of records) await check(record, runner);
        } finally {
          await runner.close();
        }
      },
      60_000,
    );
  }
});
