/**
 * Compiles kernels/assembly to dist/kernels/kernel.wasm and kernels/wire to dist/kernels/wire.wasm; part of the build.
 * Does nothing where the output is newer.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../', import.meta.url));
const written = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function compile(folder, config, output) {
  const sources = readdirSync(`${root}${folder}`).map((name) => `${root}${folder}/${name}`);
  const inputs = [...sources, `${root}${config}`, fileURLToPath(import.meta.url)];
  if (written(`${root}${output}`) > Math.max(...inputs.map(written))) {
    console.log(`${output}: up to date`);
    return;
  }
  const { error, stderr } = await asc.main(
    [`${folder}/index.ts`, '--config', config, '--outFile', output, '--baseDir', root],
    {},
  );
  if (error !== null) {
    console.error(stderr.toString());
    process.exit(1);
  }
  console.log(`${output}: ${statSync(`${root}${output}`).size} bytes compiled`);
}

mkdirSync(`${root}dist/kernels`, { recursive: true });
await compile('kernels/assembly', 'kernels/asconfig.json', 'dist/kernels/kernel.wasm');
await compile('kernels/wire', 'kernels/wire/asconfig.json', 'dist/kernels/wire.wasm');
