/** The bench's command line: names of works (or `growth` and names of series), `--quick`, `--rows N`, `--rounds N`. */
import { parseArgs } from 'node:util';
import { seriesNames, workNames } from './goals.mjs';

const usage = `npm run bench -- [WORK…] [--quick] [--rows N] [--rounds N]
npm run bench -- growth [SERIES…] [--quick]

  WORK       ${workNames.join(', ')} (all)
  growth     time and memory of the engine as one thing grows, and plots of it
  SERIES     ${seriesNames.join(', ')} (all)
  --quick    50,000 rows, one round: shows that the bench works, and says nothing about goals
  --rows N   rows of the tables (1000000)
  --rounds N rounds in which all contenders take turns (5)
`;

function countOf(text, name, fallback) {
  if (text === undefined) return fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1) return count;
  throw new Error(`--${name} must be a whole number from 1, got "${text}"`);
}

/** What to run. Ends the program for --help, and with 1 for what is not there. */
export function parseOptions(commandLine) {
  try {
    return read(commandLine);
  } catch (thrown) {
    process.stderr.write(`bench: ${thrown.message}\n`);
    process.exit(1);
  }
}

function read(commandLine) {
  const { values, positionals } = parseArgs({
    args: commandLine,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      rounds: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const isGrowth = positionals.includes('growth');
  const wanted = positionals.filter((name) => name !== 'growth');
  const names = isGrowth ? seriesNames : workNames;
  const unknown = wanted.filter((name) => !names.includes(name));
  const kind = isGrowth ? 'series' : 'work';
  if (unknown.length > 0) throw new Error(`no ${kind} is called ${unknown.join(', ')}\n\n${usage}`);
  return {
    isGrowth,
    names: wanted.length > 0 ? names.filter((name) => wanted.includes(name)) : names,
    isQuick: values.quick,
    rows: countOf(values.rows, 'rows', values.quick ? 50_000 : 1_000_000),
    rounds: countOf(values.rounds, 'rounds', values.quick ? 1 : 5),
    latencyCalls: values.quick ? 1_000 : 10_000,
  };
}
