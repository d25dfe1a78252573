/** Leaf values of trees that fit labels: the mean label, or the share of each class, of the leaf's rows. */
import {
  GradientCriterion,
  ClassCriterion,
  softThreshold,
  type Criterion,
  type NewtonPenalty,
} from './criterion.ts';

/** How labels become sums, criteria and leaf values. */
export interface LabelTarget {
  /** Classes of class histograms; 0 where gradients are summed. */
  readonly histogramClasses: number;
  /** The constant that gradients are relative to. */
  readonly centre: number;
  readonly criterion: Criterion;
  /** How splits are judged, where one gradient a row and newton's criterion say it all. */
  readonly newton: NewtonTarget | undefined;
  /** Values of a leaf: the mean, or the share of each class. */
  leaf(sums: Float64Array): Float64Array;
  readonly leafWidth: number;
}

/** Newton's criterion over one gradient a row. */
export interface NewtonTarget {
  readonly penalty: NewtonPenalty;
  /** What turns a difference of scores into a gain. */
  readonly factor: number;
  /** Share of class 1 that gradients are relative to; undefined for a regression. */
  readonly prior: number | undefined;
}

/** Means of a number, shrunk towards `mean`. */
export function meanTarget(penalty: NewtonPenalty, mean: number): LabelTarget {
  return {
    histogramClasses: 0,
    centre: mean,
    criterion: new GradientCriterion('newton', penalty, 1, undefined),
    newton: { penalty, factor: 1, prior: undefined },
    leafWidth: 1,
    leaf: ([gradient, weight]) => Float64Array.of(mean - shrunk(gradient!, weight!, penalty)),
  };
}

/**
 * Shares of classes, shrunk towards `prior` (zeros: not at all); `kind` is how splits are judged. `unit` is
 * the factor of a gain: 1 makes it weight × Gini impurity.
 */
export function shareTarget(
  kind: 'newton' | 'entropy',
  penalty: NewtonPenalty,
  prior: Float64Array,
  unit = 1,
): LabelTarget {
  return prior.length === 2
    ? binaryTarget(kind, penalty, prior, unit)
    : multiclassTarget(kind, penalty, prior, unit);
}

function binaryTarget(
  kind: 'newton' | 'entropy',
  penalty: NewtonPenalty,
  prior: Float64Array,
  unit: number,
): LabelTarget {
  const centre = prior[1]!;
  return {
    histogramClasses: 0,
    centre,
    criterion: new GradientCriterion(kind, penalty, 2 * unit, centre),
    newton: kind === 'newton' ? { penalty, factor: 2 * unit, prior: centre } : undefined,
    leafWidth: 2,
    leaf: ([gradient, weight]) => {
      const share = centre - shrunk(gradient!, weight!, penalty);
      return Float64Array.of(1 - share, share);
    },
  };
}

function multiclassTarget(
  kind: 'newton' | 'entropy',
  penalty: NewtonPenalty,
  prior: Float64Array,
  unit: number,
): LabelTarget {
  return {
    histogramClasses: prior.length,
    centre: 0,
    criterion: new ClassCriterion(kind, penalty, prior, unit),
    newton: undefined,
    leafWidth: prior.length,
    leaf: (sums) => {
      const weight = sums.subarray(0, prior.length).reduce((total, part) => total + part, 0);
      const shares = prior.map(
        (share, index) => share - shrunk(share * weight - sums[index]!, weight, penalty),
      );
      const total = shares.reduce((sum, share) => sum + share, 0);
      return total > 0 ? shares.map((share) => share / total) : shares;
    },
  };
}

function shrunk(gradient: number, weight: number, penalty: NewtonPenalty): number {
  const denominator = weight + penalty.l2;
  return denominator > 0 ? softThreshold(gradient, penalty.l1) / denominator : 0;
}
