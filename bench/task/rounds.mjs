/**
 * All contenders take turns, each round beginning with another one; a peer that is far behind sits out
 * after the first, and one that takes too long to be the fastest is stopped.
 */
import { SIT_OUT_FACTOR, STOP_FACTOR, STOP_SECONDS } from '../goals.mjs';

export const OURS = 'augur';

/**
 * A contender: its name and `measure(round)`, which gives `{ core, sql, quality, peakBytes, idleBytes,
 * parts }`. One with a `note` is not measured; the report shows it. A peer with `stop()` can be stopped.
 */
export async function takeTurns(contenders, rounds) {
  const taken = contenders.map((contender) => ({ note: undefined, ...contender, measurements: [] }));
  for (let round = 0; round < rounds; round++) {
    const order = taken.map((_, index) => taken[(index + round) % taken.length]);
    for (const contender of order.filter(({ note }) => note === undefined))
      await measure(contender, round, taken);
    if (round === 0 && rounds > 1)
      sendOut(taken.filter(({ name, note }) => name !== OURS && note === undefined));
  }
  return taken.map(({ name, measurements, note, isFailed }) => ({ name, measurements, note, isFailed }));
}

/** Seconds after which a peer is stopped: it cannot be the fastest. No limit before another peer was measured. */
function secondsAllowed(contender, taken) {
  if (contender.stop === undefined) return Infinity;
  const others = taken.filter(({ name, seconds }) => name !== OURS && seconds !== undefined);
  const least = Math.min(...others.map(({ seconds }) => seconds));
  return Math.max(STOP_SECONDS, STOP_FACTOR * least);
}

/** The measurement, or undefined if it took too long. */
async function measureWithin(contender, round, seconds) {
  if (seconds === Infinity) return contender.measure(round);
  let timer;
  const isLate = new Promise((resolve) => {
    timer = setTimeout(() => resolve(undefined), seconds * 1000);
  });
  const measuring = contender.measure(round);
  const measurement = await Promise.race([measuring, isLate]);
  clearTimeout(timer);
  if (measurement !== undefined) return measurement;
  await contender.stop();
  await measuring.catch(() => undefined);
  contender.note = `stopped after ${Math.round(seconds)} s, ${STOP_FACTOR} × the fastest peer's`;
  console.error(`bench:   round ${round + 1}, ${contender.name} ${contender.note}`);
  return undefined;
}

async function measure(contender, round, taken) {
  try {
    const start = performance.now();
    const measurement = await measureWithin(contender, round, secondsAllowed(contender, taken));
    if (measurement === undefined) return;
    contender.seconds = Math.min(contender.seconds ?? Infinity, (performance.now() - start) / 1000);
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
