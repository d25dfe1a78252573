/** The program: opens an engine and serves it, or runs a script through it; stops cleanly. */
import { readFile, stat } from 'node:fs/promises';
import { Augur } from './augur.ts';
import {
  type EngineArguments,
  parseCommandLine,
  type RunCommand,
  type ServeCommand,
  usage,
} from './command-line.ts';
import { invalidOption, lineAndColumn, type Notice, SqlState, toEngineError } from './core/index.ts';
import { printRows } from './print-rows.ts';
import {
  type Authentication,
  checkListenSafety,
  createScramVerifier,
  sessionTextSettings,
  type TlsOptions,
} from './wire/index.ts';

/** Bootstrap user: needs no password on this machine alone. */
const BOOTSTRAP_USER = 'augur';
/** Exit codes: what the user can mend, and what only we can. */
const EXIT_FAILED = 1;
const EXIT_INTERNAL = 70;
/**
 * Signals nearer than this are one: a terminal's Ctrl-C reaches whoever started the program and passes it on, as npx
 * does, and the program too.
 */
const SAME_SIGNAL_MS = 1_000;

/** Text of a file that an argument names. Throws 22023. */
async function readArgumentFile(path: string, argument: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw invalidOption(`${argument}: cannot read "${path}": ${systemReason(thrown)}`);
  }
}

/** `no such file or directory` of Node's `ENOENT: no such file or directory, open 'x'`. */
function systemReason(thrown: unknown): string {
  return (thrown as Error).message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '.*')?$/s, '');
}

async function checkAllowedPaths(engine: EngineArguments): Promise<void> {
  for (const path of engine.allowedPaths) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() !== true) throw invalidOption(`--allow-path: "${path}" is not a directory`);
  }
}

async function openEngine(command: ServeCommand | RunCommand): Promise<Augur> {
  await checkAllowedPaths(command.engine);
  return Augur.open({ file: command.file, ...command.engine });
}

async function authenticationOf(command: ServeCommand): Promise<Authentication> {
  const { passwordFile } = command;
  const fromFile =
    passwordFile === undefined ? undefined : await readArgumentFile(passwordFile, '--password-file');
  const password = fromFile?.replace(/\r?\n$/, '') ?? process.env['AUGUR_PASSWORD'];
  delete process.env['AUGUR_PASSWORD'];
  if (password === undefined) return { kind: 'trust' };
  if (password === '') throw invalidOption('the password is empty');
  const verifier = await createScramVerifier(password);
  return { kind: 'password', verifierOf: (user) => (user === BOOTSTRAP_USER ? verifier : undefined) };
}

async function tlsOf({ tls }: ServeCommand): Promise<TlsOptions | undefined> {
  if (tls === undefined || tls === 'generate') return tls;
  const certificate = await readArgumentFile(tls.certificateFile, '--tls-cert');
  return { certificate, key: await readArgumentFile(tls.keyFile, '--tls-key') };
}

/** The first signal lets running statements finish; a second one, later, cancels them. */
function stopOnSignals(augur: Augur): void {
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      augur.close().then(() => process.exit(), exitFailed);
    } else if (performance.now() - firstAt >= SAME_SIGNAL_MS && process.exitCode === undefined) {
      process.stderr.write('augur: canceling the statements that still run\n');
      process.exitCode = EXIT_FAILED;
      augur.close({ graceful: false }).catch(exitFailed);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function serveCommand(command: ServeCommand): Promise<void> {
  const terms = {
    host: command.host,
    port: command.port,
    authentication: await authenticationOf(command),
    tls: await tlsOf(command),
  };
  checkListenSafety(terms);
  const augur = await openEngine(command);
  stopOnSignals(augur);
  try {
    const server = await augur.serve(terms);
    process.stdout.write(
      `psql "host=${server.host} port=${server.port} user=${BOOTSTRAP_USER} dbname=${augur.databaseName}"\n`,
    );
  } catch (thrown) {
    await augur.close();
    throw thrown;
  }
}

async function runCommand(command: RunCommand): Promise<void> {
  const text = await readArgumentFile(command.script, 'run');
  const augur = await openEngine(command);
  try {
    const session = await augur.openSession();
    session.onNotice = printNotice;
    for await (const result of session.query(text)) {
      await printRows(result, process.stdout, sessionTextSettings(session));
    }
  } catch (thrown) {
    fail(thrown, { script: command.script, text });
  } finally {
    await augur.close();
  }
}

function printNotice(notice: Notice): void {
  process.stderr.write(`${notice.severity}:  ${notice.message}\n${moreText(notice)}`);
}

function moreText({
  detail,
  hint,
}: {
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}): string {
  return [detail && `DETAIL:  ${detail}\n`, hint && `HINT:  ${hint}\n`].filter(Boolean).join('');
}

/** Says what went wrong, and where in the script. */
function fail(thrown: unknown, source?: { readonly script: string; readonly text: string }): void {
  const error = toEngineError(thrown);
  let place = source === undefined ? '' : `${source.script}: `;
  if (source !== undefined && error.position !== undefined) {
    const { line, column } = lineAndColumn(source.text, error.position);
    place = `${source.script}:${line}:${column}: `;
  }
  process.stderr.write(`augur: ${place}${error.message}\n${moreText(error)}`);
  process.exitCode = error.state === SqlState.internalError ? EXIT_INTERNAL : EXIT_FAILED;
}

/** Ends the program, whatever still listens. */
function exitFailed(thrown: unknown): void {
  fail(thrown);
  process.exit();
}

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(usage);
      return;
    case 'version':
      process.stdout.write('augur 0.1.0\n');
      return;
    case 'serve':
      return serveCommand(command);
    case 'run':
      return runCommand(command);
  }
}

process.stdout.on('error', () => process.exit(EXIT_FAILED));
main().catch(exitFailed);
