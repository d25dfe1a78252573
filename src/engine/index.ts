/** Sessions: parse, plan, execute; and the life of everything below them. */
export { Engine, type EngineOptions } from './engine.ts';
export type * from './session-contract.ts';
