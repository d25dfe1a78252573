/** Run-time settings in a startup packet: its own parameters, and the command-line form in `options`. */
import { engineError, invalidOption, SqlState } from '../core/index.ts';

/** Parameters that are no settings. */
const notSettings = new Set(['user', 'database', 'options', 'replication']);

/** Settings in the order they apply: those of `options` first, as in PostgreSQL. Throws 22023, 42601. */
export function startupSettings(parameters: ReadonlyMap<string, string>): [name: string, value: string][] {
  const settings = commandLineSettings(parameters.get('options') ?? '');
  for (const [name, value] of parameters) if (!notSettings.has(name)) settings.push([name, value]);
  return settings.map(([name, value]) => [name, isEncoding(name) ? encoding(value) : value]);
}

function isEncoding(name: string): boolean {
  return name.toLowerCase() === 'client_encoding';
}

/** Text travels in UTF-8 only; SQL_ASCII (no conversion) is the same bytes. */
function encoding(value: string): string {
  const name = value.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (['utf8', 'unicode', 'sqlascii'].includes(name)) return 'UTF8';
  throw invalidOption(
    `invalid value for parameter "client_encoding": "${value}"`,
    undefined,
    'It must be UTF8.',
  );
}

/** `-c name=value`, `-cname=value` and `--name=value`; a backslash keeps a space. */
function commandLineSettings(options: string): [name: string, value: string][] {
  const words = commandLineWords(options);
  const settings: [string, string][] = [];
  for (let index = 0; index < words.length; index++) {
    let word = words[index]!;
    if (word === '-c') word = `-c${words[++index] ?? ''}`;
    const match = /^(?:-c|--)([A-Za-z_][\w.-]*)=(.*)$/s.exec(word);
    if (match === null) {
      throw engineError(SqlState.syntaxError, `invalid command-line argument for server process: ${word}`, {
        hint: 'Settings are written as -c name=value.',
      });
    }
    settings.push([match[1]!.replaceAll('-', '_'), match[2]!]);
  }
  return settings;
}

/** Words between unescaped white space, escapes taken away. */
function commandLineWords(text: string): string[] {
  const words = text.match(/(?:\\[\s\S]|[^\s\\])+/g) ?? [];
  return words.map((word) => word.replaceAll(/\\([\s\S])/g, '$1'));
}
