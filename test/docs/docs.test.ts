/**
 * Documentation is executed: every ```sql block of README.md and docs/ runs, page by page in one session, and the
 * ```text block right after it must be what came out: tables as psql prints them, `ERROR: …` for a failure. With
 * AUGUR_DOCS_UPDATE=1 those blocks are rewritten: read the difference before you keep it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { toEngineError } from '../../src/core/index.ts';
import { Engine, type Session } from '../../src/engine/index.ts';
import { printRows } from '../../src/print-rows.ts';
import { sessionTextSettings } from '../../src/wire/index.ts';
import { blocksOf, type Block } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function pages(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pages(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}

async function outputOf(session: Session, sql: string): Promise<string> {
  const parts: string[] = [];
  try {
    for await (const result of session.query(sql)) {
      await printRows(result, { write: (text) => parts.push(text) }, sessionTextSettings(session));
    }
  } catch (thrown) {
    const error = toEngineError(thrown);
    parts.push(`ERROR:  ${error.message}\n`);
    if (error.hint !== undefined) parts.push(`HINT:  ${error.hint}\n`);
  }
  return parts.join('');
}

const tidy = (text: string): string => text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '').join('\n');

const isUpdate = process.env['AUGUR_DOCS_UPDATE'] === '1';

/** Replaces the text of a block, which starts below its fence's line. */
function rewrite(path: string, block: Block, text: string): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.splice(block.line, block.lineCount, ...tidy(text).split('\n'));
  writeFileSync(path, lines.join('\n'));
}

const all = [join(root, 'README.md'), ...pages(join(root, 'docs'))];

describe(`documentation (${all.length} pages)`, () => {
  for (const path of all) {
    test(relative(root, path), async () => {
      const blocks = blocksOf(readFileSync(path, 'utf8'));
      const engine = await Engine.open({ threads: 2, memoryBytes: 2 ** 30, allowedPaths: [join(root, 'node_modules/vega-datasets/data')] });
      try {
        const session = await engine.openSession({ user: 'augur', database: 'augur', remoteAddress: undefined });
        const changes: { block: Block; output: string }[] = [];
        for (const [index, block] of blocks.entries()) {
          if (block.language !== 'sql') continue;
          const output = await outputOf(session, block.text);
          const next = blocks[index + 1];
          if (next?.language === 'text' && isUpdate) changes.push({ block: next, output });
          else if (next?.language === 'text') expect(tidy(output), `line ${block.line}`).toBe(tidy(next.text));
          else expect(output, `line ${block.line}`).not.toContain('ERROR:');
        }
        for (const { block, output } of changes.toReversed()) rewrite(path, block, output);
      } finally {
        await engine.close();
      }
    }, 60_000);
  }
});
