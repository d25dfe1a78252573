/** A linear regression that was learned. */
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

export class LinearModel implements Model {
  readonly modelType: string = 'LINEAR_REG';
  readonly task: Task = 'regression';
  readonly scoreWidth = 1;
  readonly coefficients: LinearCoefficients;

  constructor(coefficients: LinearCoefficients) {
    this.coefficients = coefficients;
  }

  score(rows: EncodedRows, output: Float64Array, kernel?: Kernel): void {
    writeMargins(this.coefficients, rows, output, kernel);
  }

  columnScoring(scalings: readonly NumberScaling[]): ColumnScoring | undefined {
    const form = linearForm(this.coefficients, scalings);
    return form && { rowsMin: 0, form };
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
