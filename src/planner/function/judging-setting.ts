/** Settings that judging functions know and cannot use. */
import { invalidOption } from '../../core/index.ts';
import type { CallArguments } from '../ml-call.ts';

/** Refuses trial_id: nothing is tuned. */
export function refuseTrial(name: string, given: CallArguments): void {
  const trial = given.settings.get('trial_id');
  if (trial !== undefined)
    throw invalidOption(`${name}: the model was not tuned, so it has no trial_id`, trial.span.start);
}

/** Refuses a threshold where there is no data to apply it to. */
export function refuseThreshold(name: string, given: CallArguments): void {
  const setting = given.settings.get('threshold');
  if (setting !== undefined)
    throw invalidOption(`${name}: a threshold needs data to judge`, setting.span.start);
}
