/**
 * The compiled kernel: hot loops over the one shared memory of a training. Every parameter that ends in `At` is a byte
 * address. Each function does the same operations in the same order as its twin in src/ml/kernel, so that both give the
 * same bits; the TypeScript side (src/ml/kernel/wasm-*.ts) puts small arrays into a thread's scratch area first.
 */
export * from './bins';
export * from './boost';
export * from './column';
export * from './distance';
export * from './forest';
export * from './forest-search';
export * from './gram';
export * from './histogram';
export * from './linear';
export * from './moments';
export * from './node-search';
export * from './objective';
export * from './reassign';
export * from './record';
export * from './score';
export * from './score-linear';
export * from './sort';
export * from './tree';
