/** Puts the goals of the last whole run into the pages that show them, between two comments. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { goalsTable } from './markdown.mjs';

const pages = ['../../README.md', '../../docs/performance.md'];
const place = /(<!-- last bench -->\n)[\s\S]*?(\n<!-- end of last bench -->)/;

/** Rewrites the table of every page. Throws if one has no place for it. */
export function publish({ machine, rows, rounds, verdicts }, reportName) {
  const day = machine.date.slice(0, 10);
  const facts = `${day}, ${rows.toLocaleString('en')} rows, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${machine.cores} cores (${machine.processor}), ${Math.round(100 * machine.used)} % of them in use when it began; all figures in \`bench/results/${reportName}\`.`;
  for (const page of pages) {
    const file = fileURLToPath(new URL(page, import.meta.url));
    const text = readFileSync(file, 'utf8');
    if (!place.test(text)) throw new Error(`${file} has no place for the last bench`);
    const shown = `${facts}\n\n${goalsTable(verdicts)}`;
    writeFileSync(
      file,
      text.replace(place, (_, start, end) => `${start}\n${shown}\n${end}`),
    );
  }
}
