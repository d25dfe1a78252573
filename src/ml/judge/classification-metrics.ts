/** The metrics of a classifier out of its counts. Source: functions reference, 2.3. */
import type { ClassificationPartial } from './classification-pass.ts';
import { quotient } from './quotient.ts';

const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};

const mean = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : sum(numbers) / numbers.length;

/**
 * Of two classes: precision, recall, accuracy, F1, log loss and area, of the second class. Precision without a
 * predicted row and recall without an actual one are NaN.
 */
export function binaryMetrics(
  { confusion, losses }: ClassificationPartial,
  area: number | null,
): readonly (number | null)[] {
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = [...confusion] as [
    number,
    number,
    number,
    number,
  ];
  const precision = truePositives / (truePositives + falsePositives);
  const recall = truePositives / (truePositives + falseNegatives);
  return [
    precision,
    recall,
    (truePositives + trueNegatives) / sum(confusion),
    quotient(2 * precision * recall, precision + recall),
    sum(losses) / sum(confusion),
    area,
  ];
}

/** Macro averages over the classes seen or predicted; the loss is a mean over classes of class means. */
export function multiclassMetrics(
  { confusion, losses }: ClassificationPartial,
  areas: readonly (number | null)[],
): readonly (number | null)[] {
  const classes = [...losses].map((loss, index) => {
    const row = confusion.subarray(index * losses.length, (index + 1) * losses.length);
    const column = losses.map((_, actual) => confusion[actual * losses.length + index]!);
    return { loss, hits: row[index]!, actual: sum(row), predicted: sum(column) };
  });
  const met = classes.filter(({ actual, predicted }) => actual + predicted > 0);
  const share = (hits: number, all: number): number => (hits === 0 ? 0 : hits / all);
  return [
    mean(met.map(({ hits, predicted }) => share(hits, predicted))),
    mean(met.map(({ hits, actual }) => share(hits, actual))),
    sum(classes.map(({ hits }) => hits)) / sum(confusion),
    mean(met.map(({ hits, actual, predicted }) => share(2 * hits, actual + predicted))),
    mean(classes.filter(({ actual }) => actual > 0).map(({ loss, actual }) => loss / actual)),
    mean(areas.filter((area) => area !== null)),
  ];
}
