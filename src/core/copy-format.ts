/**
 * COPY's options as written, checked and completed with PostgreSQL's defaults. Source: ProcessCopyOptions in
 * copy.c.
 */
import { engineError, invalidOption, unsupported, type EngineError } from './error.ts';
import type { CopyFormat } from './result.ts';
import { SqlState } from './sql-state.ts';
import { didYouMean } from './suggest.ts';

/**
 * An option as written: `FORMAT csv`, `HEADER`, `FORCE_QUOTE (a, b)`. Names in any case, words joined by
 * blanks or underscores; the old spelling `CSV` is an option without a value. `position` is where it stands,
 * for errors.
 */
export interface WrittenCopyOption {
  readonly name: string;
  readonly value: string | readonly string[] | undefined;
  readonly position?: number | undefined;
}

const optionNames = [
  'format',
  'delimiter',
  'null',
  'header',
  'quote',
  'escape',
  'force_quote',
  'encoding',
  'freeze',
  'force_not_null',
  'force_null',
] as const;

type OptionName = (typeof optionNames)[number];
type OptionMap = ReadonlyMap<OptionName, WrittenCopyOption>;

function wrong(message: string, position?: number, hint?: string): EngineError {
  return engineError(SqlState.syntaxError, message, { position, hint });
}

/** `FORMAT csv` for the old spelling `CSV`; the name in lower case with underscores. */
function normalised(option: WrittenCopyOption): WrittenCopyOption {
  const name = option.name.toLowerCase().replace(/[\s_]+/g, '_');
  const isOldFormat = (name === 'csv' || name === 'binary' || name === 'text') && option.value === undefined;
  if (isOldFormat) return { ...option, name: 'format', value: name };
  if (name === 'delimiters') return { ...option, name: 'delimiter' };
  return { ...option, name };
}

function collect(options: readonly WrittenCopyOption[]): OptionMap {
  const found = new Map<OptionName, WrittenCopyOption>();
  for (const written of options) {
    const option = normalised(written);
    const name = optionNames.find((known) => known === option.name);
    if (name === undefined) {
      throw wrong(
        `option "${option.name}" not recognized`,
        option.position,
        didYouMean(option.name, optionNames),
      );
    }
    if (found.has(name)) throw wrong('conflicting or redundant options', option.position);
    found.set(name, option);
  }
  return found;
}

function textOf(options: OptionMap, name: OptionName): string | undefined {
  const option = options.get(name);
  if (option === undefined) return undefined;
  if (typeof option.value === 'string') return option.value;
  throw wrong(`${name} requires a parameter`, option.position);
}

/** A Boolean as an option has it: nothing, true, on and 1 are true. */
function flagOf(options: OptionMap, name: OptionName, allowed: string): boolean {
  const option = options.get(name);
  if (option === undefined) return false;
  const word = typeof option.value === 'string' ? option.value.toLowerCase() : option.value;
  if (word === undefined || word === 'true' || word === 'on' || word === '1') return true;
  if (word === 'false' || word === 'off' || word === '0') return false;
  throw wrong(`${name} requires ${allowed}`, option.position);
}

function headerOf(options: OptionMap): boolean {
  const option = options.get('header');
  if (typeof option?.value === 'string' && option.value.toLowerCase() === 'match') {
    throw unsupported(
      'COPY with HEADER MATCH',
      option.position,
      'Use HEADER, which leaves the first line out.',
    );
  }
  return flagOf(options, 'header', 'a Boolean value or "match"');
}

function formatOf(options: OptionMap): 'text' | 'csv' {
  const format = textOf(options, 'format') ?? 'text';
  const position = options.get('format')?.position;
  if (format === 'text' || format === 'csv') return format;
  if (format === 'binary')
    throw unsupported('COPY in binary format', position, 'Use FORMAT text or FORMAT csv.');
  throw invalidOption(`COPY format "${format}" not recognized`, position, 'Use text or csv.');
}

/** A mark of CSV: one character of one byte, which the text format has no use for. */
function csvMark(options: OptionMap, name: 'quote' | 'escape', isCsv: boolean): string | undefined {
  const mark = textOf(options, name);
  if (mark === undefined) return undefined;
  if (!isCsv) throw notAvailable(`COPY ${name} available only in CSV mode`, options.get(name));
  if (Buffer.byteLength(mark) !== 1) {
    throw notAvailable(`COPY ${name} must be a single one-byte character`, options.get(name));
  }
  return mark;
}

function notAvailable(message: string, option: WrittenCopyOption | undefined): EngineError {
  return engineError(SqlState.featureNotSupported, message, { position: option?.position });
}

function delimiterOf(options: OptionMap, isCsv: boolean): string {
  const delimiter = textOf(options, 'delimiter') ?? (isCsv ? ',' : '\t');
  const option = options.get('delimiter');
  if (Buffer.byteLength(delimiter) !== 1) {
    throw notAvailable('COPY delimiter must be a single one-byte character', option);
  }
  if (/[\r\n]/.test(delimiter)) {
    throw invalidOption('COPY delimiter cannot be newline or carriage return', option?.position);
  }
  if (!isCsv && /[\\.a-z0-9]/.test(delimiter)) {
    throw invalidOption(`COPY delimiter cannot be "${delimiter}"`, option?.position);
  }
  return delimiter;
}

function nullTextOf(options: OptionMap, isCsv: boolean, delimiter: string, quote: string): string {
  const nullText = textOf(options, 'null') ?? (isCsv ? '' : '\\N');
  const option = options.get('null');
  if (/[\r\n]/.test(nullText)) {
    throw invalidOption('COPY null representation cannot use newline or carriage return', option?.position);
  }
  if (nullText.includes(delimiter)) {
    throw notAvailable('COPY delimiter must not appear in the NULL specification', option);
  }
  if (isCsv && nullText.includes(quote)) {
    throw notAvailable('CSV quote character must not appear in the NULL specification', option);
  }
  return nullText;
}

function forceQuoteOf(options: OptionMap, isCsv: boolean): 'all' | readonly string[] {
  const option = options.get('force_quote');
  if (option === undefined) return [];
  if (!isCsv) throw notAvailable('COPY force quote available only in CSV mode', option);
  if (option.value === '*') return 'all';
  if (typeof option.value === 'object')
    return option.value.length === 1 && option.value[0] === '*' ? 'all' : option.value;
  throw invalidOption('argument to option "force_quote" must be a list of column names', option.position);
}

/** Options that are accepted only where they ask for what is done anyway, or not at all. */
function checkOthers(options: OptionMap): void {
  const encoding = textOf(options, 'encoding');
  if (encoding !== undefined && !/^(utf-?8|unicode|sql_ascii)$/i.test(encoding)) {
    throw unsupported(`COPY with encoding "${encoding}"`, options.get('encoding')?.position, 'Use UTF8.');
  }
  if (flagOf(options, 'freeze', 'a Boolean value')) {
    throw unsupported('COPY with FREEZE', options.get('freeze')?.position);
  }
  for (const name of ['force_not_null', 'force_null'] as const) {
    const option = options.get(name);
    if (option !== undefined) throw unsupported(`COPY with ${name.toUpperCase()}`, option.position);
  }
}

/**
 * The format that options ask for. Throws EngineError for an unknown, repeated, malformed or conflicting one.
 */
export function resolveCopyFormat(options: readonly WrittenCopyOption[]): CopyFormat {
  const found = collect(options);
  const format = formatOf(found);
  const isCsv = format === 'csv';
  checkOthers(found);
  const delimiter = delimiterOf(found, isCsv);
  const quote = csvMark(found, 'quote', isCsv) ?? '"';
  if (isCsv && delimiter === quote) {
    throw invalidOption('COPY delimiter and quote must be different', found.get('quote')?.position);
  }
  return {
    format,
    delimiter,
    nullText: nullTextOf(found, isCsv, delimiter, quote),
    header: headerOf(found),
    quote,
    escape: csvMark(found, 'escape', isCsv) ?? quote,
    forceQuote: forceQuoteOf(found, isCsv),
  };
}
