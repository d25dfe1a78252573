/** The report as Markdown. */
import { THREADS } from '../goals.mjs';
import { OURS } from '../task/rounds.mjs';

/** Share of the processors that an idle machine uses at most. */
const USED_MAX = 0.1;

const qualityNames = { auc: 'AUC', rmse: 'RMSE', logLoss: 'log loss', inertia: 'inertia' };
const count = new Intl.NumberFormat('en').format;

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function seconds(value) {
  return value >= 0.1 ? `${value.toFixed(2)} s` : `${(value * 1000).toPrecision(3)} ms`;
}

const megabytes = (value) => `${Math.round(value / 1e6)} MB`;
const formats = { seconds, bytes: megabytes };

function withSpread(value, format) {
  if (value === undefined) return '';
  const isOne = value.count === 1;
  return isOne ? format(value.median) : `${format(value.median)} (${format(value.min)}–${format(value.max)})`;
}

const ratioText = (ratio) => withSpread(ratio, (value) => value.toFixed(2));

function goalRow({ goal, figures }) {
  const cells = ['core', 'sql'].flatMap((name) => {
    const found = figures.find(({ figure }) => figure === name);
    if (found === undefined) return ['', '', ''];
    const peer = found.ratio === undefined ? '' : ` × ${found.ratio.peer}`;
    return [
      found.bound === undefined ? '' : `≤ ${found.bound}`,
      `${ratioText(found.ratio)}${peer}`,
      ['met', 'no goal'].includes(found.outcome) ? found.outcome : `**${found.outcome}**`,
    ];
  });
  return [goal.title, ...cells];
}

function partsText(parts, unit) {
  const format = unit === 'bytes' ? megabytes : seconds;
  const of = ([name, value]) => `${name} ${name.includes('a second') ? value.toFixed(0) : format(value)}`;
  return Object.entries(parts).map(of).join(', ');
}

function workSection({ goal, summaries, bestPossible }) {
  const format = formats[goal.unit ?? 'seconds'];
  const quality = goal.quality === undefined ? [] : [qualityNames[goal.quality]];
  const digits = (value) => (value === undefined ? '' : value.toPrecision(7));
  const rows = summaries.map((each) => [
    each.name,
    withSpread(each.core, format),
    withSpread(each.sql, format),
    ...quality.map(() => digits(each.quality)),
    each.peakBytes === undefined ? '' : megabytes(each.peakBytes),
    String(each.rounds),
    [partsText(each.parts, goal.unit), each.note].filter(Boolean).join('; '),
  ]);
  const best =
    bestPossible === undefined
      ? ''
      : `\n\nNo model can beat an AUC of ${bestPossible.toFixed(4)} on these rows.`;
  const head = ['', 'core', 'SQL', ...quality, 'peak memory', 'rounds', 'parts'];
  return `### ${goal.work}: ${goal.title}\n\n${table(head, rows)}${best}`;
}

/** Contenders whose threads wait for each other suffer most from whatever else runs. */
function busyFact({ used }) {
  return used > USED_MAX
    ? ['**Busy machine**: something else ran when the bench began; its figures are not to be trusted.']
    : [];
}

/** Ratios and goals, a line a work. */
export function goalsTable(verdicts) {
  const head = ['Work', 'Core', `core: ${OURS} / fastest peer`, '', 'SQL', `SQL: ${OURS} / fastest peer`, ''];
  return table(head, verdicts.map(goalRow));
}

/** The whole report. */
export function markdown({ machine, rows, rounds, isQuick, versions, absent, verdicts }) {
  const asked = verdicts.flatMap(({ figures }) => figures.filter(({ bound }) => bound !== undefined));
  const outcomes = asked.map(({ outcome }) => outcome);
  const met = outcomes.filter((outcome) => outcome === 'met').length;
  const facts = [
    `Date: ${machine.date} UTC. Engine: ${machine.engine}, Node ${machine.node}, DuckDB ${machine.duckdb}.`,
    `Machine: ${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / 2 ** 30)} GB, ${machine.system}. Load average at the start: ${machine.load}; used of its processors in the two seconds before: ${Math.round(100 * machine.used)} %.`,
    `Rows: ${count(rows)}. Rounds: ${rounds}. Threads of each contender: ${THREADS}.`,
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}.`),
    ...Object.entries(absent).map(([name, reason]) => `**Skipped**: ${name} (${reason}).`),
    ...busyFact(machine),
    ...(isQuick
      ? ['**Quick run**: it shows that the bench works; its ratios say nothing about the goals.']
      : []),
  ];
  return [
    `# Bench, ${count(rows)} rows`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    `## Goals\n\n${met} of ${outcomes.length} met. Ratios are medians of the rounds' ratios, with least and greatest.`,
    goalsTable(verdicts),
    '## Works',
    ...verdicts.map(workSection),
    '',
  ].join('\n\n');
}
