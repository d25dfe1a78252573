/** The passes that learn an encoding, for the workers' lookup by name. */
import type { AnyPass } from '../aggregate.ts';

export const encodePasses: readonly AnyPass[] = [];
