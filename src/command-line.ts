/** The command line as data: `augur serve [FILE] …`, `augur run SCRIPT …`. */
import { parseArgs } from 'node:util';
import { didYouMean, invalidOption } from './core/index.ts';

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
  --allow-path DIR      let SQL read and write files under DIR; may be repeated (none)
  --threads NUMBER      threads for queries and training (all processors)
  --memory SIZE         memory for data and training, such as 4GB (three quarters of the machine's)
  --help, --version

Options of serve
  --host ADDRESS        address to listen on (127.0.0.1)
  --port NUMBER         port to listen on; 0 for any free one (5433)
  --password-file FILE  ask clients for the password in FILE (or in the variable AUGUR_PASSWORD)
  --tls-cert FILE --tls-key FILE   serve TLS with this certificate
  --tls-generate        serve TLS with a certificate made at start
`;

const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};

/** Bytes of a size such as `512MB` or `4GB`. Throws 22023. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?I?B?)$/.exec(text.trim().toUpperCase());
  const unit = match === null ? undefined : units[match[2]!.replace('I', '').replace(/^([KMGT])$/, '$1B')];
  if (unit === undefined) throw invalidOption(`--memory must be a size such as 512MB or 4GB, got "${text}"`);
  return Math.floor(Number(match![1]) * unit);
}

function parseCount(text: string | undefined, name: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min && count <= max) return count;
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

/** Options that `run` has no use for. */
const serveOptions = ['host', 'port', 'password-file', 'tls-cert', 'tls-key', 'tls-generate'] as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

function tlsOf(values: Values): ServeCommand['tls'] {
  const { 'tls-cert': certificateFile, 'tls-key': keyFile, 'tls-generate': isGenerated = false } = values;
  if (certificateFile === undefined && keyFile === undefined) return isGenerated ? 'generate' : undefined;
  if (isGenerated) throw invalidOption('--tls-generate does not go with --tls-cert and --tls-key');
  if (certificateFile === undefined || keyFile === undefined)
    throw invalidOption('--tls-cert and --tls-key go together');
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
  if (command === 'serve') return serveCommandOf(names, values, engine);
  if (command === 'run') return runCommandOf(names, values, engine);
  throw invalidOption(
    command === undefined ? 'say what to do: serve or run' : `unknown command "${command}"`,
    undefined,
    (command && didYouMean(command, ['serve', 'run'])) ?? SEE_HELP,
  );
}

const SEE_HELP = 'augur --help shows commands and options.';

function serveCommandOf(names: readonly string[], values: Values, engine: EngineArguments): ServeCommand {
  if (names.length > 1)
    throw invalidOption(
      `serve takes one FILE, got ${names.length}: ${names.join(', ')}`,
      undefined,
      SEE_HELP,
    );
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

function runCommandOf(names: readonly string[], values: Values, engine: EngineArguments): RunCommand {
  const [script, file] = names;
  if (script === undefined || names.length > 2) {
    throw invalidOption(
      `run takes a SCRIPT and perhaps a FILE, got ${names.length} names`,
      undefined,
      SEE_HELP,
    );
  }
  const useless = serveOptions.find((name) => values[name] !== undefined);
  if (useless !== undefined) throw invalidOption(`--${useless} is an option of serve, not of run`);
  return { kind: 'run', script, file, engine };
}

function readArguments(argv: readonly string[]): {
  readonly values: Values;
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (thrown) {
    throw argumentError(thrown as Error);
  }
}

/** Node's own message, its first sentence, with the option that may have been meant. */
function argumentError(cause: Error): Error {
  const [message = ''] = cause.message.split(/[.\n]/);
  const written = /^Unknown option '--([^']*)'/.exec(message)?.[1];
  const meant =
    written === undefined
      ? undefined
      : didYouMean(
          `--${written}`,
          Object.keys(options).map((name) => `--${name}`),
        );
  return invalidOption(message.charAt(0).toLowerCase() + message.slice(1), undefined, meant ?? SEE_HELP);
}
