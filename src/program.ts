/** The program: opens an engine and serves it, or runs a script through it; stops cleanly. */
import { readFile } from 'node:fs/promises';
import { Augur, readResult } from './augur.ts';
import { parseCommandLine, usage, type RunCommand, type ServeCommand } from './command-line.ts';
import { EngineError, invalidOption, lineAndColumn, toEngineError } from './core/index.ts';
import { printRows } from './print-rows.ts';
import { checkListenSafety, createScramVerifier, type Authentication, type TlsOptions } from './wire/index.ts';

/** Bootstrap user: needs no password on this machine alone. */
const BOOTSTRAP_USER = 'augur';

async function authenticationOf(command: ServeCommand): Promise<Authentication> {
  const fromFile = command.passwordFile && (await readFile(command.passwordFile, 'utf8')).replace(/\r?\n$/, '');
  const password = fromFile ?? process.env['AUGUR_PASSWORD'];
  delete process.env['AUGUR_PASSWORD'];
  if (password === undefined) return { kind: 'trust' };
  if (password === '') throw invalidOption('the password is empty');
  const verifier = await createScramVerifier(password);
  return { kind: 'password', verifierOf: (user) => (user === BOOTSTRAP_USER ? verifier : undefined) };
}

async function tlsOf(command: ServeCommand): Promise<TlsOptions | undefined> {
  if (command.tls === undefined || command.tls === 'generate') return command.tls;
  const [certificate, key] = await Promise.all([readFile(command.tls.certificateFile, 'utf8'), readFile(command.tls.keyFile, 'utf8')]);
  return { certificate, key };
}

async function serveCommand(command: ServeCommand): Promise<void> {
  const terms = { host: command.host, port: command.port, authentication: await authenticationOf(command), tls: await tlsOf(command) };
  checkListenSafety(terms);
  const augur = await Augur.open({ file: command.file, ...command.engine });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void augur.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    const server = await augur.serve(terms);
    process.stdout.write(`psql "host=${server.host} port=${server.port} user=${BOOTSTRAP_USER} dbname=${augur.databaseName}"\n`);
  } catch (thrown) {
    await augur.close();
    throw thrown;
  }
}

async function runCommand(command: RunCommand): Promise<void> {
  const text = await readFile(command.script, 'utf8');
  const augur = await Augur.open({ file: command.file, ...command.engine });
  try {
    const session = await augur.openSession();
    session.onNotice = (notice) => process.stderr.write(`${notice.severity}:  ${notice.message}\n`);
    for await (const result of session.query(text)) printRows(await readResult(result), process.stdout);
  } catch (thrown) {
    const error = toEngineError(thrown);
    if (error.position !== undefined) {
      const { line, column } = lineAndColumn(text, error.position);
      process.stderr.write(`${command.script}:${line}:${column}: `);
    }
    throw error;
  } finally {
    await augur.close();
  }
}

function fail(thrown: unknown): void {
  const error = toEngineError(thrown);
  process.stderr.write(`augur: ${error.message}\n`);
  if (error.detail !== undefined) process.stderr.write(`DETAIL:  ${error.detail}\n`);
  if (error.hint !== undefined) process.stderr.write(`HINT:  ${error.hint}\n`);
  process.exit(thrown instanceof EngineError ? 1 : 70);
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

main().catch(fail);
