/** The command line: what each argument means, and what is said of wrong ones. */
import { describe, expect, test } from 'vitest';
import { parseCommandLine, parseSize } from '../src/command-line.ts';

const failure = (
  ...words: readonly string[]
): { readonly message: string; readonly hint: string | undefined } => {
  try {
    parseCommandLine(words);
  } catch (thrown) {
    const { message, hint } = thrown as { message: string; hint: string | undefined };
    return { message, hint };
  }
  throw new Error(`accepted: ${words.join(' ')}`);
};

describe('serve', () => {
  test('alone: in memory, on this machine, without a password', () => {
    expect(parseCommandLine(['serve'])).toEqual({
      kind: 'serve',
      file: undefined,
      host: '127.0.0.1',
      port: 5433,
      tls: undefined,
      passwordFile: undefined,
      engine: { allowedPaths: [], threads: undefined, memoryBytes: undefined },
    });
  });

  test('with everything', () => {
    const words =
      'serve shop.db --host ::1 --port 0 --allow-path a --allow-path b --threads 2 --memory 1.5GB ' +
      '--password-file p --tls-cert c.pem --tls-key k.pem';
    expect(parseCommandLine(words.split(' '))).toEqual({
      kind: 'serve',
      file: 'shop.db',
      host: '::1',
      port: 0,
      tls: { certificateFile: 'c.pem', keyFile: 'k.pem' },
      passwordFile: 'p',
      engine: { allowedPaths: ['a', 'b'], threads: 2, memoryBytes: 1.5 * 2 ** 30 },
    });
  });

  test('a generated certificate', () => {
    expect(parseCommandLine(['serve', '--tls-generate'])).toMatchObject({ tls: 'generate' });
  });

  test.each([
    [['--port', '65536'], '--port must be a whole number from 0 to 65535, got "65536"'],
    [['--port', ''], '--port must be a whole number from 0 to 65535, got ""'],
    [['--port', '0x10'], '--port must be a whole number from 0 to 65535, got "0x10"'],
    [['--threads', '0'], '--threads must be a whole number from 1 to 256, got "0"'],
    [['--memory', 'much'], '--memory must be a size such as 512MB or 4GB, got "much"'],
    [['--tls-cert', 'c'], '--tls-cert and --tls-key go together'],
    [['--tls-key', 'k'], '--tls-cert and --tls-key go together'],
    [['--tls-generate', '--tls-key', 'k'], '--tls-generate does not go with --tls-cert and --tls-key'],
    [['a.db', 'b.db'], 'serve takes one FILE, got 2: a.db, b.db'],
    [['--threads'], "option '--threads <value>' argument missing"],
  ])('refuses %j', (words, message) => {
    expect(failure('serve', ...words).message).toBe(message);
  });
});

describe('run', () => {
  test('a script, in memory or on a file', () => {
    expect(parseCommandLine(['run', 'a.sql'])).toMatchObject({
      kind: 'run',
      script: 'a.sql',
      file: undefined,
    });
    expect(parseCommandLine(['run', 'a.sql', 'x.db', '--memory', '512MiB'])).toEqual({
      kind: 'run',
      script: 'a.sql',
      file: 'x.db',
      engine: { allowedPaths: [], threads: undefined, memoryBytes: 2 ** 29 },
    });
  });

  test.each([
    [[], 'run takes a SCRIPT and perhaps a FILE, got 0 names'],
    [['a', 'b', 'c'], 'run takes a SCRIPT and perhaps a FILE, got 3 names'],
    [['a', '--port', '1'], '--port is an option of serve, not of run'],
    [['a', '--tls-generate'], '--tls-generate is an option of serve, not of run'],
  ])('refuses %j', (words, message) => {
    expect(failure('run', ...words).message).toBe(message);
  });
});

test('help and version win over what stands beside them', () => {
  expect(parseCommandLine(['serve', '--help'])).toEqual({ kind: 'help' });
  expect(parseCommandLine(['-h'])).toEqual({ kind: 'help' });
  expect(parseCommandLine(['--version', 'nonsense'])).toEqual({ kind: 'version' });
});

test('a command or option that nobody knows is answered with the nearest', () => {
  expect(failure('srve')).toEqual({ message: 'unknown command "srve"', hint: 'Did you mean "serve"?' });
  expect(failure('serve', '--prot', '1')).toEqual({
    message: "unknown option '--prot'",
    hint: 'Did you mean "--port"?',
  });
  expect(failure()).toEqual({
    message: 'say what to do: serve or run',
    hint: 'augur --help shows commands and options.',
  });
});

test.each([
  ['0', 0],
  ['1024', 1024],
  ['1B', 1],
  ['2kb', 2048],
  ['1 K', 1024],
  ['512MB', 2 ** 29],
  ['0.5GiB', 2 ** 29],
  ['1TB', 2 ** 40],
])('a size of %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', '-1GB', '1PB', 'GB', '1e3', '1.GB'])('no size: %j', (text) => {
  expect(() => parseSize(text)).toThrow(`--memory must be a size such as 512MB or 4GB, got "${text}"`);
});
