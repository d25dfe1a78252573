/** The ground floor: what three rooms or more need. It knows no other room. */
export * from './assert.ts';
export * from './batch.ts';
export * from './batch-slice.ts';
export * from './copy-format.ts';
export * from './error.ts';
export * from './limits.ts';
export * from './log.ts';
export * from './random.ts';
export * from './result.ts';
export * from './schema.ts';
export * from './source.ts';
export * from './sql-state.ts';
export * from './sql-type.ts';
export * from './suggest.ts';
export * from './text-vector.ts';
export * from './white-space.ts';
