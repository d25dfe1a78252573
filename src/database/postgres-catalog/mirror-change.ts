/** The difference between what the mirror holds and what it should hold. */
import type { MirrorObject, MirrorStep } from './mirror-object.ts';

/** Steps that turn one set of objects into another, to be run in order in one transaction. */
export function mirrorChange(
  held: readonly MirrorObject[],
  wanted: readonly MirrorObject[],
): readonly MirrorStep[] {
  const before = new Map(held.map((object) => [object.key, definition(object)]));
  const made = new Set<string>();
  const creates: MirrorStep[] = [];
  for (const object of wanted) {
    const isMadeAnew =
      before.get(object.key) !== definition(object) || object.needs.some((key) => made.has(key));
    if (!isMadeAnew) continue;
    made.add(object.key);
    creates.push(...object.create);
  }
  const kept = new Set(wanted.map((object) => object.key).filter((key) => !made.has(key)));
  const drops = held
    .filter((object) => !kept.has(object.key))
    .toReversed()
    .map((object): MirrorStep => [object.drop]);
  return [...drops, ...creates];
}

function definition(object: MirrorObject): string {
  return JSON.stringify([object.create, object.drop]);
}
