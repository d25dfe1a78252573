/** Types of the probing passes. */
import type { AnyPass } from '../../../src/ml/aggregate.ts';

export const passes: readonly AnyPass[];
