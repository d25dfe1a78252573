/** The passes that learn an encoding, for the workers' lookup by name. */
import type { AnyPass } from '../aggregate.ts';
import { attachPass } from './attach-pass.ts';
import { samplePass } from './sample-pass.ts';
import { settlePass } from './settle-pass.ts';
import { summaryPass } from './summary-pass.ts';
import { targetCountsPass, targetFillPass, targetSumsPass } from './target-passes.ts';

export const encodePasses: readonly AnyPass[] = [
  attachPass,
  samplePass,
  summaryPass,
  settlePass,
  targetSumsPass,
  targetCountsPass,
  targetFillPass,
];
