/**
 * Cross-entropy of the softmax over one margin a class: Σ weight × (log Σ e^margin - margin of the label).
 */
import { lossPass, type LossPass } from './loss-pass.ts';

export const softmaxLossPass: LossPass = lossPass(
  'linear.softmax-loss',
  (kernel, partition, margins, first, count, outputs) =>
    kernel.softmaxMultipliers(margins, first, count, outputs, partition.label, partition.weight),
);
