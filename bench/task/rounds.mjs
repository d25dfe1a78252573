/**
 * All contenders take turns, each round beginning with another one; a peer that is far behind sits out
 * after the first.
 */
import { SIT_OUT_FACTOR } from '../goals.mjs';

export const OURS = 'augur';

/**
 * A contender: its name and `measure(round)`, which gives `{ core, sql, quality, peakBytes, idleBytes,
 * parts }`. One with a `note` is not measured; the report shows it.
 */
export async function takeTurns(contenders, rounds) {
  const taken = contenders.map((contender) => ({ note: undefined, ...contender, measurements: [] }));
  for (let round = 0; round < rounds; round++) {
    const order = taken.map((_, index) => taken[(index + round) % taken.length]);
    for (const contender of order.filter(({ note }) => note === undefined)) await measure(contender, round);
    if (round === 0 && rounds > 1)
      sendOut(taken.filter(({ name, note }) => name !== OURS && note === undefined));
  }
  return taken.map(({ name, measurements, note, isFailed }) => ({ name, measurements, note, isFailed }));
}

async function measure(contender, round) {
  try {
    const measurement = await contender.measure(round);
    contender.measurements.push({ round, ...measurement });
    const shown = ['core', 'sql', 'quality'].filter((name) => measurement[name] !== undefined);
    const text = shown.map((name) => `${name} ${Number(measurement[name].toPrecision(6))}`).join(', ');
    console.error(`bench:   round ${round + 1}, ${contender.name}: ${text}`);
  } catch (thrown) {
    contender.note = `failed: ${thrown.message}`;
    contender.isFailed = true;
    console.error(`bench:   round ${round + 1}, ${contender.name} ${contender.note}`);
  }
}

/** Peers that win neither figure by far have shown what they can in one round. */
function sendOut(peers) {
  const figures = ['core', 'sql'].filter((figure) =>
    peers.some(({ measurements }) => measurements[0][figure] !== undefined),
  );
  const least = Object.fromEntries(
    figures.map((figure) => [figure, Math.min(...peers.map(({ measurements }) => measurements[0][figure]))]),
  );
  for (const peer of peers) {
    if (figures.every((figure) => peer.measurements[0][figure] > SIT_OUT_FACTOR * least[figure])) {
      peer.note = `more than ${SIT_OUT_FACTOR} × slower than the fastest peer: one round`;
    }
  }
}
