/** The command line as data: `augur serve [FILE] …`, `augur run SCRIPT …`. */
import { parseArgs } from 'node:util';
import { EngineError, invalidOption } from './core/index.ts';

export interface ServeCommand {
  readonly kind: 'serve';
  readonly file: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | 'generate' | undefined;
  readonly passwordFile: string | undefined;
  readonly engine: EngineArguments;
}

export interface RunCommand {
  readonly kind: 'run';
  readonly script: string;
  readonly file: string | undefined;
  readonly engine: EngineArguments;
}

export interface HelpCommand {
  readonly kind: 'help' | 'version';
}

/** Options that both commands take. */
export interface EngineArguments {
  readonly allowedPaths: readonly string[];
  readonly threads: number | undefined;
  readonly memoryBytes: number | undefined;
}

export const usage = `augur — train, score and judge models in SQL

  augur serve [FILE] [options]      serve a database file (in memory without FILE) to PostgreSQL clients
  augur run SCRIPT [FILE] [options] run a SQL script without a server and print its results

Options
  --host ADDRESS        address to listen on (127.0.0.1)
  --port NUMBER         port to listen on (5433)
  --allow-path DIR      let SQL read and write files under DIR; may be repeated (none)
  --threads NUMBER      threads for queries and training (all processors)
  --memory SIZE         memory for data and training, such as 4GB (three quarters of the machine's)
  --password-file FILE  ask clients for the password in FILE (or in the variable AUGUR_PASSWORD)
  --tls-cert FILE --tls-key FILE   serve TLS with this certificate
  --tls-generate        serve TLS with a certificate made at start
  --help, --version
`;

const units: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Bytes of a size such as `512MB` or `4GB`. Throws 22023. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?I?B?)$/.exec(text.trim().toUpperCase());
  const unit = match === null ? undefined : units[match[2]!.replace('I', '').replace(/^([KMGT])$/, '$1B')];
  if (unit === undefined) throw invalidOption(`--memory must be a size such as 512MB or 4GB, got "${text}"`);
  return Math.floor(Number(match![1]) * unit);
}

function parseCount(text: string | undefined, name: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  throw invalidOption(`--${name} must be a whole number from ${min} to ${max}, got "${text}"`);
}

const options = {
  host: { type: 'string' },
  port: { type: 'string' },
  'allow-path': { type: 'string', multiple: true },
  threads: { type: 'string' },
  memory: { type: 'string' },
  'password-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-generate': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

interface Values {
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly 'tls-generate'?: boolean | undefined;
}

function tlsOf(values: Values): ServeCommand['tls'] {
  const { 'tls-cert': certificateFile, 'tls-key': keyFile } = values;
  if (certificateFile === undefined && keyFile === undefined) return values['tls-generate'] ? 'generate' : undefined;
  if (certificateFile === undefined || keyFile === undefined) throw invalidOption('--tls-cert and --tls-key go together');
  return { certificateFile, keyFile };
}

/** Reads the arguments. Throws 22023 for what is wrong with them. */
export function parseCommandLine(argv: readonly string[]): ServeCommand | RunCommand | HelpCommand {
  const { values, positionals } = readArguments(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const engine = {
    allowedPaths: values['allow-path'] ?? [],
    threads: parseCount(values.threads, 'threads', 1, 256),
    memoryBytes: values.memory === undefined ? undefined : parseSize(values.memory),
  };
  const [command, ...names] = positionals;
  if (command === 'serve' && names.length <= 1) {
    return {
      kind: 'serve',
      file: names[0],
      host: values.host ?? '127.0.0.1',
      port: parseCount(values.port, 'port', 0, 65_535) ?? 5433,
      tls: tlsOf(values),
      passwordFile: values['password-file'],
      engine,
    };
  }
  if (command === 'run' && (names.length === 1 || names.length === 2)) {
    return { kind: 'run', script: names[0]!, file: names[1], engine };
  }
  throw invalidOption(command === undefined ? 'say what to do: serve or run' : `cannot make sense of "${positionals.join(' ')}"`);
}

function readArguments(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    throw invalidOption((thrown as Error).message);
  }
}
