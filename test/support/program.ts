/** `augur serve` as a child process, as a user runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/program.js', import.meta.url));

export interface RunningProgram {
  readonly port: number;
  readonly database: string;
  readonly child: ChildProcess;
  /** Sends the signal and waits for the end; gives the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts the server on a free port and waits until it is ready. */
export async function startProgram(programArguments: readonly string[]): Promise<RunningProgram> {
  const child = spawn(process.execPath, [program, 'serve', ...programArguments, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(String(data)));
    child.once('exit', (code) => reject(new Error(`the program ended with ${code} before it was ready`)));
  });
  return {
    port: Number(/port=(\d+)/.exec(line)![1]),
    database: /dbname=([^"\s]+)/.exec(line)![1]!,
    child,
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
