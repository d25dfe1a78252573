/** From measurements to what is said of a work: spreads, ratios to the fastest peer, goals met or missed. */
import { sameQuality } from '../goals.mjs';
import { OURS } from '../task/rounds.mjs';
import { spread } from './statistics.mjs';

const last = (values) => values.at(-1);

function summary({ name, measurements, note, isFailed }) {
  const of = (figure) => spread(measurements.map((measurement) => measurement[figure]));
  const parts = Object.keys(measurements[0]?.parts ?? {});
  return {
    name,
    note,
    isFailed,
    rounds: measurements.length,
    core: of('core'),
    sql: of('sql'),
    peakBytes: of('peakBytes')?.median,
    quality: last(measurements)?.quality,
    parts: Object.fromEntries(
      parts.map((part) => [part, spread(measurements.map((each) => each.parts[part]))?.median]),
    ),
  };
}

/** Ratio of each round that both took part in; the peer is the one with the least median. */
function ratio(contenders, summaries, figure) {
  const peers = summaries.filter(({ name, [figure]: value }) => name !== OURS && value !== undefined);
  const fastest = peers.toSorted((left, right) => left[figure].median - right[figure].median)[0];
  const measured = (name) => contenders.find((contender) => contender.name === name).measurements;
  if (fastest === undefined || measured(OURS).length === 0) return undefined;
  const ratios = measured(OURS).flatMap(({ round, [figure]: ours }) => {
    const peer = measured(fastest.name).find((measurement) => measurement.round === round);
    return peer === undefined || ours === undefined ? [] : [ours / peer[figure]];
  });
  const found = spread(ratios);
  return found && { ...found, peer: fastest.name };
}

/** `met`, `missed`, or why it cannot be told; a time counts only at the same quality. */
function outcome(bound, found, isSameQuality) {
  if (found === undefined) return 'not measured';
  if (bound === undefined) return isSameQuality ? 'no goal' : 'worse quality';
  if (found.median > bound) return isSameQuality ? 'missed' : 'missed, worse quality';
  return isSameQuality ? 'met' : 'worse quality';
}

/** Everything the report says of a work. */
export function verdict(goal, contenders) {
  const summaries = contenders.map(summary);
  const ours = summaries.find(({ name }) => name === OURS);
  const figures = Object.entries(goal.bounds).map(([figure, bound]) => {
    const found = ratio(contenders, summaries, figure);
    const peer = summaries.find(({ name }) => name === found?.peer);
    const isSameQuality =
      goal.quality === undefined ||
      peer === undefined ||
      sameQuality[goal.quality](ours.quality, peer.quality);
    return { figure, bound, ratio: found, outcome: outcome(bound, found, isSameQuality) };
  });
  return { goal, summaries, figures };
}
