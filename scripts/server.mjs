/** Starts `augur serve` as a user would and waits for its line; for the demo and the acceptance run. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/main.cjs', import.meta.url));

/** A running server: its port, and `stop`, which sends SIGTERM and waits for a clean end. */
export async function startServer(serverArguments = []) {
  const child = spawn(process.execPath, [program, 'serve', ...serverArguments, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
  });
  const port = Number(/port=(\d+)/.exec(line)[1]);
  const database = /dbname=([^"\s]+)/.exec(line)[1];
  return {
    port,
    database,
    command: line.trim(),
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
