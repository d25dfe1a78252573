/** The face of machine learning: numbers only; no SQL, no database, no socket. */
export * from './aggregate.ts';
export * from './artifact.ts';
export { decodeArtifact, encodeArtifact } from './artifact-codec.ts';
export { checkOptions } from './check-options.ts';
export * from './dataset.ts';
export { draftEncoder } from './encode/draft-encoder.ts';
export * from './encode/feature-encoder.ts';
export * from './encode/feature-statistics.ts';
export { finishEncoder } from './encode/finish-encoder.ts';
export { restoreEncoder } from './encode/learned-encoder.ts';
export * from './estimator.ts';
export * from './kernel/kernel.ts';
export * from './layout.ts';
export * from './option.ts';
export type { Training } from './parallel/training.ts';
export { createWorkerPool, type WorkerPool } from './parallel/worker-pool.ts';
export { estimators, findEstimator, findPass } from './registry.ts';
