/** When definitions last changed: a mark that is exchanged whenever a session may have changed one, for all to see. */

/** Stands for one state of the definitions; compared by identity. */
export type DefinitionMark = object;

export class DefinitionClock {
  #mark: DefinitionMark = {};

  get mark(): DefinitionMark {
    return this.#mark;
  }

  /** Tables, views, schemas, types or models may be others from now on. */
  advance(): void {
    this.#mark = {};
  }
}
