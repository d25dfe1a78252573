/**
 * A table shaped like HIGGS: 21 measured numbers (momenta, angles, b-tags) and 7 derived ones, a binary
 * label drawn from a known probability, and a regression target with noise of deviation 1. `signal` is that
 * probability: what no model can beat. `missing` blanks shares of nine columns.
 */
import { RandomSql } from './random-sql.mjs';

export const higgsFeatures = Array.from({ length: 28 }, (_, index) => `f${index + 1}`);

/** Shares of missing values, by column. */
const missingShares = {
  f9: 0.1,
  f13: 0.1,
  f22: 0.05,
  f23: 0.05,
  f24: 0.05,
  f25: 0.05,
  f26: 0.03,
  f27: 0.03,
  f28: 0.03,
};

/**
 * Raw columns: lepton (1-3), missing energy (4-5), four jets of momentum, angle, angle, b-tag of 0, 1 or 2
 * (6-21).
 */
function measured(random) {
  const momentum = () => `exp(0.5 * ${random.normal()})`;
  const angle = () => `(3.48 * (${random.uniform()} - 0.5))`;
  const tag = () => `(1.085 * floor(3 * ${random.uniform()}))`;
  const jet = () => [momentum(), random.normal(), angle(), tag()];
  return [momentum(), random.normal(), angle(), momentum(), angle(), ...jet(), ...jet(), ...jet(), ...jet()];
}

/** Masses: what physicists make of the measured columns, with some noise. */
function derived(random) {
  const noise = () => `exp(0.2 * ${random.normal()})`;
  return [
    `sqrt(f6 * f10) * (1 + 0.3 * cos(f8 - f12)) * ${noise()}`,
    `sqrt(f6 * f14) * (1 + 0.3 * cos(f8 - f16)) * ${noise()}`,
    `sqrt(f1 * f4) * (1.2 - cos(f3 - f5)) * ${noise()}`,
    `sqrt(f1 * f18) * (1 + 0.2 * abs(f2 - f19)) * ${noise()}`,
    `(0.5 * f6 + 0.5 * f10 + 0.3 * f21) * ${noise()}`,
    `(0.4 * f14 + 0.4 * f18 + 0.2 * f4) * ${noise()}`,
    `(0.3 * f1 + 0.3 * f6 + 0.4 * f14) * ${noise()}`,
  ];
}

const logit =
  '0.9 * (f26 - 1.2) - 0.8 * (f28 - 1.1) + 0.5 * (f1 - 1.1) + 0.3 * (f9 - 1.1) + 1.1 * (f25 < 0.9)::INTEGER' +
  ' - 1.2 * (abs(f22 - 1) < 0.3)::INTEGER + 0.8 * sin(2 * f2) * (f4 - 1) + 0.6 * f7 * f11 - 0.4 * ln(0.2 + f24) - 0.2';
const target = '3 + 2 * f1 - 1.5 * f4 + f22 - 0.7 * f27 + 0.5 * f2 + 0.4 * f9 * (f6 - 1) + 0.3 * sin(3 * f3)';

/** SELECT of rows [first, first + count): id, 28 features, label, target, signal. */
export function higgsSql({ first, count, hasMissing }) {
  const random = new RandomSql(20140516);
  const names = (from, to) => higgsFeatures.slice(from, to);
  const raw = measured(random).map((sql, index) => `${sql} AS ${higgsFeatures[index]}`);
  const masses = derived(random).map((sql, index) => `${sql} AS f${22 + index}`);
  const [labelDraw, noise] = [random.uniform(), random.normal()];
  const blank = (name) =>
    `CASE WHEN ${random.uniform()} >= ${missingShares[name]} THEN ${name} END AS ${name}`;
  const shown = higgsFeatures.map((name) => (hasMissing && name in missingShares ? blank(name) : name));
  return `
    WITH measured AS (SELECT i, ${raw.join(', ')} FROM range(${first}, ${first + count}) AS t(i)),
    derived AS (SELECT i, ${names(0, 21).join(', ')}, ${masses.join(', ')} FROM measured),
    signalled AS (SELECT *, 1 / (1 + exp(-(${logit}))) AS signal FROM derived)
    SELECT i AS id, ${shown.join(', ')}, (${labelDraw} < signal)::INTEGER AS label,
           ${target} + ${noise} AS target, signal
    FROM signalled`;
}
