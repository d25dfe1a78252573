/** What both linear models are made of: coefficients in encoded space, and how they become an artifact. */
import { invalidOption } from '../../core/index.ts';
import { float64Tensor } from '../artifact-tensor.ts';
import type { ModelArtifact, Tensor } from '../artifact.ts';
import type { EncodedRows } from '../layout.ts';
import type { LinearKernel } from '../kernel/linear-kernel.ts';
import { scalarKernel } from '../kernel/scalar-kernel.ts';
import { linearRows } from '../loss/loss-pass.ts';
import type { StandardErrors } from './standard-error.ts';

export interface LinearCoefficients {
  /** outputs × stride, the intercept last in each. */
  readonly values: Float64Array;
  readonly outputs: number;
  /** Encoded width plus one. */
  readonly stride: number;
  /** With CALCULATE_P_VALUES only. */
  readonly errors: StandardErrors | undefined;
}

/** Writes one margin a row and output, row-major; by a compiled kernel if the rows lie in its memory. */
export function writeMargins(
  coefficients: LinearCoefficients,
  rows: EncodedRows,
  margins: Float64Array,
  kernel: LinearKernel = scalarKernel,
): void {
  const { values, stride, outputs } = coefficients;
  kernel.linearMargins(linearRows(rows), 0, rows.rowCount, values, stride, outputs, margins);
}

/** The artifact of a linear model. */
export function coefficientArtifact(modelType: string, coefficients: LinearCoefficients): ModelArtifact {
  const { values, outputs, stride, errors } = coefficients;
  const tensors: Tensor[] = [{ name: 'coefficients', shape: [outputs, stride], data: values }];
  if (errors !== undefined) {
    tensors.push({ name: 'standard_errors', shape: [stride], data: errors.ofCoefficients });
    const ofIntercept = Float64Array.of(errors.ofOriginalIntercept);
    tensors.push({ name: 'original_intercept_error', shape: [1], data: ofIntercept });
  }
  return { modelType, header: { hasErrors: errors !== undefined }, tensors };
}

/** The coefficients of an artifact. Fails with XX001 when it is damaged. */
export function coefficientsOf(artifact: ModelArtifact): LinearCoefficients {
  const tensor = float64Tensor(artifact, 'coefficients', [-1, -1]);
  const [outputs, stride] = tensor.shape as [number, number];
  const errors =
    artifact.header['hasErrors'] === true
      ? {
          ofCoefficients: float64Tensor(artifact, 'standard_errors', [stride]).data,
          ofOriginalIntercept: float64Tensor(artifact, 'original_intercept_error', [1]).data[0]!,
        }
      : undefined;
  return { values: tensor.data, outputs, stride, errors };
}

/** Coefficients to go on from under WARM_START. */
export function warmStartValues(previous: LinearCoefficients, outputs: number, stride: number): Float64Array {
  if (previous.outputs !== outputs || previous.stride !== stride) {
    throw invalidOption('WARM_START requires the features and classes of the existing model');
  }
  return previous.values.slice();
}
