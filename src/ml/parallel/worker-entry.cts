/**
 * What the pool loads into a thread: CommonJS, because the pool tries `require` first, and Node 20 aborts the whole
 * process when a thread is stopped while `require` loads an ES module. `import` may be stopped at any time.
 */
const worker = import('./worker.ts');

module.exports = {
  runTask: async (task: never): Promise<unknown> => (await worker).runTask(task),
};
