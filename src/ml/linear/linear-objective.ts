/**
 * The objective of the linear family over the training rows:
 *
 *   lossFactor · mean loss(v) + λ₂/2 ‖v‖² + λ₁ ‖v‖₁
 *
 * over the weights v of standardised features, the intercept free; lossFactor is 1/2 for squared error and 1
 * for log losses. Without an intercept the prediction must be 0
 * where the raw numeric features are 0, so the internal intercept is not free but Σ v_j · mean_j / scale_j.
 */
import { invalidData } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { LossPass } from '../loss/loss-pass.ts';
import type { Evaluation, Objective } from '../solver/objective.ts';

export interface ObjectiveSettings {
  readonly aggregator: Aggregator;
  readonly pass: LossPass;
  readonly outputs: number;
  /** Encoded width plus one. */
  readonly stride: number;
  readonly lossFactor: number;
  readonly l1: number;
  readonly l2: number;
  /** mean / scale of each numeric column where there is no intercept; undefined with one. */
  readonly origin: Float64Array | undefined;
}

export class LinearObjective implements Objective {
  readonly absoluteWeights: Float64Array | undefined;
  readonly #settings: ObjectiveSettings;

  constructor(settings: ObjectiveSettings) {
    this.#settings = settings;
    if (settings.l1 > 0) {
      const { stride, outputs, l1 } = settings;
      this.absoluteWeights = new Float64Array(stride * outputs).fill(l1);
      for (let output = 0; output < outputs; output++) this.absoluteWeights[(output + 1) * stride - 1] = 0;
    }
  }

  /**
   * The coefficients that a point stands for: itself, with the internal intercept filled in where it is not
   * free.
   */
  coefficients(point: Float64Array): Float64Array {
    const { origin, outputs, stride } = this.#settings;
    if (origin === undefined) return point;
    const coefficients = point.slice();
    for (let output = 0; output < outputs; output++) {
      let intercept = 0;
      for (let column = 0; column < origin.length; column++) {
        intercept += point[output * stride + column]! * origin[column]!;
      }
      coefficients[(output + 1) * stride - 1] = intercept;
    }
    return coefficients;
  }

  async evaluate(point: Float64Array): Promise<Evaluation> {
    const { aggregator, pass, outputs, stride, lossFactor, l2, origin } = this.#settings;
    const coefficients = this.coefficients(point);
    const { loss, weight, gradient } = await aggregator.run(pass, {
      coefficients,
      outputs,
      withGradient: true,
    });
    checkWeight(weight);
    for (let output = 0; output < outputs; output++) {
      const base = output * stride;
      const ofIntercept = gradient[base + stride - 1]!;
      for (let column = 0; column < stride - 1; column++) {
        const passedOn = ofIntercept * (origin?.[column] ?? 0);
        gradient[base + column] = (gradient[base + column]! + passedOn) / weight + l2 * point[base + column]!;
      }
      gradient[base + stride - 1] = origin === undefined ? ofIntercept / weight : 0;
    }
    return {
      point,
      value: (lossFactor * loss) / weight + this.#penalty(point),
      gradient,
      loss: loss / weight,
    };
  }

  async value(point: Float64Array): Promise<number> {
    const { aggregator, pass, outputs, lossFactor } = this.#settings;
    const coefficients = this.coefficients(point);
    const { loss, weight } = await aggregator.run(pass, { coefficients, outputs, withGradient: false });
    checkWeight(weight);
    return (lossFactor * loss) / weight + this.#penalty(point);
  }

  /** Mean loss over the evaluation rows, without penalties. */
  async evaluationLoss(point: Float64Array): Promise<number> {
    const { aggregator, pass, outputs } = this.#settings;
    const coefficients = this.coefficients(point);
    const { loss, weight } = await aggregator.run(
      pass,
      { coefficients, outputs, withGradient: false },
      'evaluation',
    );
    return loss / weight;
  }

  #penalty(point: Float64Array): number {
    const { l2, outputs, stride } = this.#settings;
    if (l2 === 0) return 0;
    let squares = 0;
    for (let output = 0; output < outputs; output++) {
      for (let column = 0; column < stride - 1; column++) squares += point[output * stride + column]! ** 2;
    }
    return (l2 / 2) * squares;
  }
}

function checkWeight(weight: number): void {
  if (!(weight > 0))
    throw invalidData('the weights of all training rows are 0', 'No row can be learned from.');
}
