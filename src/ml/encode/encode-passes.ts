/** The passes that learn an encoding, for the workers' lookup by name. */
import type { AnyPass } from '../aggregate.ts';
import { momentsPass } from './moments-pass.ts';
import { rescalePass } from './rescale-pass.ts';
import { targetFillPass, targetSumsPass } from './target-passes.ts';

export const encodePasses: readonly AnyPass[] = [momentsPass, rescalePass, targetSumsPass, targetFillPass];
