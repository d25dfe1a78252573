/**
 * Writes the option tables of docs/models/ from the option schemas of the built model types, between the markers
 * `<!-- options -->` and `<!-- /options -->`.
 *
 *   npm run docs                                 writes the pages
 *   node scripts/generate-docs.mjs --check       names the pages that it would change, and fails if there are any
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeDomain, estimators } from '../dist/ml/index.js';

const folder = fileURLToPath(new URL('../docs/models/', import.meta.url));
const markers = /(<!-- options -->\n)[\s\S]*?(<!-- \/options -->)/;

/** A cell's text: a bar would end the cell, an angle bracket might begin a tag. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function literal(value) {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return String(value).toUpperCase();
  if (typeof value === 'number')
    return value >= 1e12 || (value !== 0 && value < 1e-4) ? value.toExponential() : String(value);
  return `'${value}'`;
}

const names = (options) => options.map((option) => `\`${option.name}\``).join(', ');

/** The table of the options that work; the others by name, with what becomes of them. */
function optionSection(options) {
  const working = options.filter(
    (option) => option.notBuilt === undefined && option.ignoredBecause === undefined,
  );
  const rows = working.map(
    ({ name, domain, defaultValue, meaning }) =>
      `| \`${name}\` | ${cell(describeDomain(domain))} | ${cell(literal(defaultValue))} | ${cell(meaning)} |`,
  );
  const lines = ['| Option | Values | Default | Meaning |', '|---|---|---|---|', ...rows];
  const ignored = options.filter((option) => option.ignoredBecause !== undefined);
  if (ignored.length > 0) lines.push('', `Accepted, without effect and with a warning: ${names(ignored)}.`);
  const refused = options.filter((option) => option.notBuilt !== undefined);
  if (refused.length > 0) lines.push('', `Refused (0A000) unless at its default: ${names(refused)}.`);
  return `${lines.join('\n')}\n`;
}

function pageOf(estimator) {
  return `${folder}${estimator.modelType.toLowerCase().replaceAll('_', '-')}.md`;
}

const isCheck = process.argv[2] === '--check';
const changed = [];
for (const estimator of estimators) {
  const page = pageOf(estimator);
  const before = readFileSync(page, 'utf8');
  if (!markers.test(before)) throw new Error(`${page} has no <!-- options --> and <!-- /options -->`);
  const after = before.replace(
    markers,
    (_, start, end) => `${start}${optionSection(estimator.options)}${end}`,
  );
  if (after === before) continue;
  changed.push(page);
  if (!isCheck) writeFileSync(page, after);
}
console.log(`${estimators.length} option tables, ${changed.length} ${isCheck ? 'out of date' : 'written'}`);
for (const page of changed) console.log(page);
if (isCheck && changed.length > 0) process.exitCode = 1;
