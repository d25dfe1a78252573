/** Compiles kernels/assembly to dist/kernels/kernel.wasm; part of the build. Does nothing when the output is newer. */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../', import.meta.url));
const output = `${root}dist/kernels/kernel.wasm`;
const sources = readdirSync(`${root}kernels/assembly`).map((name) => `${root}kernels/assembly/${name}`);
const inputs = [...sources, `${root}kernels/asconfig.json`, fileURLToPath(import.meta.url)];
const written = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (written(output) > Math.max(...inputs.map(written))) {
  console.log('kernels: up to date');
} else {
  mkdirSync(`${root}dist/kernels`, { recursive: true });
  const { error, stderr } = await asc.main(
    [
      'kernels/assembly/index.ts',
      '--config',
      'kernels/asconfig.json',
      '--outFile',
      'dist/kernels/kernel.wasm',
      '--baseDir',
      root,
    ],
    {},
  );
  if (error !== null) {
    console.error(stderr.toString());
    process.exit(1);
  }
  console.log(`kernels: ${statSync(output).size} bytes compiled`);
}
