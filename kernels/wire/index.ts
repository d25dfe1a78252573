/**
 * The compiled kernel of the wire: rows between columns and PostgreSQL's text, over a memory of its own. Every parameter
 * that ends in `At` is a byte address. What it writes is byte for byte what src/wire/type writes a value at a time.
 */
export * from './rows';
export * from './copy-in';
export * from './copy-out';
export { powersOfFiveAt } from './double-parse';
export { powersOfTenAt } from './double-text';

/** Where the memory is free for the caller. */
export function freeAt(): usize {
  return __heap_base;
}
