/** Squared error: Σ weight × (margin - label)². The gradient is that of half of it. */
import { lossPass, type LossPass } from './loss-pass.ts';

export const squaredLossPass: LossPass = lossPass(
  'linear.squared-loss',
  (kernel, partition, margins, first, count) =>
    kernel.squaredMultipliers(margins, first, count, partition.label, partition.weight),
);
