/** Log loss of two classes: Σ weight × log(1 + e^∓margin). Label 1 is the positive class. */
import { lossPass, type LossPass } from './loss-pass.ts';

export const logisticLossPass: LossPass = lossPass(
  'linear.logistic-loss',
  (kernel, partition, margins, first, count) =>
    kernel.logisticMultipliers(margins, first, count, partition.label, partition.weight),
);
