/** Sessions: parse, plan, execute; and the life of everything below them. */
export type * from './session-contract.ts';
