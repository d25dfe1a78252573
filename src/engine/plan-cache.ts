/**
 * What a session keeps of the statements that it has planned, for as long as no definition changes.
 *
 * One generation is kept at a time, for one mark of the definitions. Outside a block that is the mark of all sessions. A
 * block sees the definitions of its snapshot and its own changes: it shares the common mark while that is the one the
 * block began with and the block has changed nothing, and has marks of its own from then on.
 */
import { sqlTypeText, type SqlType } from '../core/index.ts';
import type { Statement } from '../parser/index.ts';
import type { PhysicalPlan, SingleRowPlan } from '../planner/index.ts';
import type { DefinitionClock, DefinitionMark } from './definition-clock.ts';
import type { SessionPrepared } from './session-prepared.ts';
import type { BlockListener } from './transaction.ts';

type SqlPlan = PhysicalPlan & { readonly kind: 'sql' };
type ParameterTypes = readonly (SqlType | undefined)[];

/** A statement's plan for parameters of certain types. */
export interface KeptPlan {
  readonly physical: SqlPlan;
  readonly parameterTypes: readonly SqlType[];
  /** Its plan without the database; `none` when there is no such, undefined while nobody has looked. */
  single: SingleRowPlan | 'none' | undefined;
}

interface Entry {
  plan?: KeptPlan;
  prepared?: { readonly declared: ParameterTypes; readonly statement: SessionPrepared };
}

function areSame(left: ParameterTypes, right: ParameterTypes): boolean {
  if (left === right) return true;
  const text = (type: SqlType | undefined): string | undefined => type && sqlTypeText(type);
  return left.length === right.length && left.every((type, index) => text(type) === text(right[index]));
}

export class PlanCache implements BlockListener {
  readonly #clock: DefinitionClock;
  readonly #onForget: () => void;
  #entries = new WeakMap<Statement, Entry>();
  #mark: DefinitionMark;
  #block:
    | { readonly begun: DefinitionMark; own: DefinitionMark | undefined; hasChanged: boolean }
    | undefined;

  /** `onForget`: called when a generation ends. */
  constructor(clock: DefinitionClock, onForget: () => void) {
    this.#clock = clock;
    this.#onForget = onForget;
    this.#mark = clock.mark;
  }

  /** The mark of the definitions as the session sees them now: to be read before planning. */
  mark(): DefinitionMark {
    const common = this.#clock.mark;
    const block = this.#block;
    if (block === undefined) return common;
    if (block.own === undefined && block.begun !== common) block.own = {};
    return block.own ?? common;
  }

  plan(statement: Statement, parameterTypes: ParameterTypes): KeptPlan | undefined {
    const plan = this.#current().get(statement)?.plan;
    return plan !== undefined && areSame(plan.parameterTypes, parameterTypes) ? plan : undefined;
  }

  prepared(statement: Statement, declared: ParameterTypes): SessionPrepared | undefined {
    const prepared = this.#current().get(statement)?.prepared;
    return prepared !== undefined && areSame(prepared.declared, declared) ? prepared.statement : undefined;
  }

  /** Keeps a plan that was made under a mark, if that still holds. */
  keepPlan(
    mark: DefinitionMark,
    statement: Statement,
    physical: SqlPlan,
    parameterTypes: readonly SqlType[],
  ): void {
    this.#change(mark, statement, { plan: { physical, parameterTypes, single: undefined } });
  }

  keepPrepared(mark: DefinitionMark, statement: SessionPrepared, declared: ParameterTypes): void {
    if (statement.statement !== undefined)
      this.#change(mark, statement.statement, { prepared: { declared, statement } });
  }

  /** The session has run something that may have changed a definition, or failed to. */
  definitionsChanged(): void {
    if (this.#block === undefined) this.#clock.advance();
    else {
      this.#block.own = {};
      this.#block.hasChanged = true;
    }
  }

  /** A setting that plans depend on has changed. */
  clear(): void {
    this.#entries = new WeakMap();
    this.#onForget();
  }

  beginBlock(): void {
    this.#block = { begun: this.#clock.mark, own: undefined, hasChanged: false };
  }

  endBlock(): void {
    const hasChanged = this.#block?.hasChanged === true;
    this.#block = undefined;
    if (hasChanged) this.#clock.advance();
  }

  #current(): WeakMap<Statement, Entry> {
    const mark = this.mark();
    if (mark !== this.#mark) {
      this.clear();
      this.#mark = mark;
    }
    return this.#entries;
  }

  #change(mark: DefinitionMark, statement: Statement, change: Entry): void {
    const entries = this.#current();
    if (mark === this.#mark) entries.set(statement, { ...entries.get(statement), ...change });
  }
}
