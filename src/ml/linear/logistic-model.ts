/** A logistic regression that was learned: one margin for two classes, one a class (softmax) for more. */
import type { ModelArtifact } from '../artifact.ts';
import type { ColumnScoring } from '../column-scoring.ts';
import type { NumberScaling } from '../encode/number-scaling.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { Model, ModelTable, ModelTableRequest, Task } from '../estimator.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { EncodedRows } from '../layout.ts';
import { coefficientArtifact, writeMargins, type LinearCoefficients } from './linear-coefficients.ts';
import { linearForm } from './linear-form.ts';
import { advancedWeightsTable, weightsTable } from './weights-table.ts';

export class LogisticModel implements Model {
  readonly modelType: string = 'LOGISTIC_REG';
  readonly task: Task = 'classification';
  readonly scoreWidth: number;
  readonly coefficients: LinearCoefficients;

  constructor(coefficients: LinearCoefficients) {
    this.coefficients = coefficients;
    this.scoreWidth = Math.max(2, coefficients.outputs);
  }

  score(rows: EncodedRows, output: Float64Array, kernel?: Kernel): void {
    if (this.coefficients.outputs > 1) {
      writeMargins(this.coefficients, rows, output, kernel);
      softmaxInPlace(output, rows.rowCount, this.scoreWidth);
      return;
    }
    const margins = new Float64Array(rows.rowCount);
    writeMargins(this.coefficients, rows, margins, kernel);
    writeProbabilities(margins, rows.rowCount, output);
  }

  columnScoring(scalings: readonly NumberScaling[]): ColumnScoring | undefined {
    const form = linearForm(this.coefficients, scalings);
    if (form === undefined) return undefined;
    const { outputs } = this.coefficients;
    if (outputs === 1) return { rowsMin: 0, form, finish: writeProbabilities };
    const finish: ColumnScoring['finish'] = (sums, rowCount, output) => {
      output.set(sums);
      softmaxInPlace(output, rowCount, outputs);
    };
    return { rowsMin: 0, form, finish };
  }

  table(request: ModelTableRequest, encoder: FeatureEncoder): ModelTable | undefined {
    if (request.name === 'weights') return weightsTable(this.coefficients, request, encoder);
    if (request.name === 'advanced_weights') return advancedWeightsTable(this.coefficients, request, encoder);
    return undefined;
  }

  toArtifact(): ModelArtifact {
    return coefficientArtifact(this.modelType, this.coefficients);
  }
}

/** Margins to the probabilities of two classes. */
function writeProbabilities(margins: Float64Array, rowCount: number, output: Float64Array): void {
  for (let row = 0; row < rowCount; row++) {
    const margin = margins[row]!;
    const decay = Math.exp(-Math.abs(margin));
    const greater = 1 / (1 + decay);
    const lesser = decay * greater;
    output[2 * row] = margin >= 0 ? lesser : greater;
    output[2 * row + 1] = margin >= 0 ? greater : lesser;
  }
}

/** Margins to probabilities, row by row; shifted by the greatest so that no exponential overflows. */
function softmaxInPlace(margins: Float64Array, rowCount: number, width: number): void {
  for (let start = 0; start < rowCount * width; start += width) {
    let greatest = -Infinity;
    for (let place = start; place < start + width; place++) greatest = Math.max(greatest, margins[place]!);
    let sum = 0;
    for (let place = start; place < start + width; place++) {
      margins[place] = Math.exp(margins[place]! - greatest);
      sum += margins[place]!;
    }
    for (let place = start; place < start + width; place++) margins[place]! /= sum;
  }
}
