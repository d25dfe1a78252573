/** The passes that judge a model, for the workers' lookup by name. */
import type { AnyPass } from '../aggregate.ts';
import { classificationPass } from './classification-pass.ts';
import { clusteringPass } from './clustering-pass.ts';
import { regressionPass } from './regression-pass.ts';

export const judgePasses: readonly AnyPass[] = [regressionPass, classificationPass, clusteringPass];
