/** The face of machine learning: numbers only; no SQL, no database, no socket. */
export * from './aggregate.ts';
export * from './artifact.ts';
export { checkOptions, type OptionCheck } from './check-options.ts';
export * from './dataset.ts';
export * from './encode/feature-encoder.ts';
export * from './estimator.ts';
export * from './kernel/kernel.ts';
export { scalarKernel } from './kernel/scalar-kernel.ts';
export * from './layout.ts';
export * from './option.ts';
export { estimators, findEstimator, findPass } from './registry.ts';
