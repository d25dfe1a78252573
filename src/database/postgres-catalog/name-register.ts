/** Names that fit PostgreSQL: at most 63 bytes, and unique in their namespace. */

/** PostgreSQL's NAMEDATALEN - 1. */
const NAME_BYTES_MAX = 63;

/** The beginning of a name that fits, cut between characters, with `suffix` behind it. */
export function clippedName(name: string, suffix = ''): string {
  const room = NAME_BYTES_MAX - Buffer.byteLength(suffix);
  let clipped = '';
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    clipped += character;
  }
  return clipped + suffix;
}

/** Hands out names of one namespace. */
export class NameRegister {
  readonly #taken = new Set<string>();

  /** The name itself if it fits and is free, else one made from it with a number behind. */
  take(wanted: string): string {
    let name = clippedName(wanted);
    for (let count = 1; this.#taken.has(name); count++) name = clippedName(wanted, String(count));
    this.#taken.add(name);
    return name;
  }
}
