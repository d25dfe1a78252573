/**
 * Offsets of time zones from UTC, taken from Intl and kept, since asking it costs microseconds and a result
 * has many values. Offsets are kept for blocks of a few days; a block with a change in it also knows the
 * second of the change.
 */
import { unknownTimeZone } from './input-error.ts';

/** Short enough that no zone changes twice in one. */
const BLOCK_SECONDS = 4 * 86_400;
/** Blocks kept of one zone: about 700 years. */
const BLOCK_COUNT_MAX = 65_536;
const DATE_SECONDS_MAX = 8_640_000_000_000;
/** Each kind of English abbreviates the zones of its own part of the world. */
const namingLocales = ['en-US', 'en-GB', 'en-AU', 'en-IN'];

interface OffsetBlock {
  readonly before: number;
  readonly after: number;
  /** First second of `after`. */
  readonly change: number;
}

/** A zone: seconds east of UTC at a moment. */
export class TimeZone {
  readonly name: string;
  readonly #fixed: number | undefined;
  readonly #offsetFormat: Intl.DateTimeFormat | undefined;
  readonly #nameFormats: readonly Intl.DateTimeFormat[] = [];
  readonly #blocks = new Map<number, OffsetBlock>();
  #lastIndex = Number.NaN;
  #lastBlock: OffsetBlock | undefined;

  constructor(name: string, fixedOffset: number | undefined) {
    this.name = name;
    this.#fixed = fixedOffset;
    if (fixedOffset !== undefined) return;
    this.#offsetFormat = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    this.#nameFormats = namingLocales.map(
      (locale) => new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' }),
    );
  }

  /** Seconds east of UTC at a second since 1970-01-01 UTC. */
  offsetAt(second: number): number {
    if (this.#fixed !== undefined) return this.#fixed;
    const index = Math.floor(second / BLOCK_SECONDS);
    let block = this.#lastBlock;
    if (block === undefined || index !== this.#lastIndex) {
      block = this.#blocks.get(index) ?? this.#addBlock(index);
      this.#lastIndex = index;
      this.#lastBlock = block;
    }
    return second < block.change ? block.before : block.after;
  }

  /**
   * Seconds east of UTC at a local time, given as seconds since 1970-01-01 there. As PostgreSQL: a time that
   * a change skips counts with the offset before it, one that comes twice with the offset after it.
   */
  offsetAtLocal(localSecond: number): number {
    if (this.#fixed !== undefined) return this.#fixed;
    const before = this.offsetAt(localSecond - 86_400);
    const after = this.offsetAt(localSecond + 86_400);
    if (this.offsetAt(localSecond - after) === after) return after;
    return before;
  }

  /** The zone's abbreviation at that second (EST), where some English has one; else undefined. */
  abbreviationAt(second: number): string | undefined {
    if (this.#fixed !== undefined) return this.#fixed === 0 ? 'UTC' : undefined;
    const isStandard = this.offsetAt(second) === 0;
    return this.#nameFormats
      .map((format) => zonePart(format, second))
      .find((name) => /^[A-Z]{3,5}$/.test(name) && (name !== 'GMT' || isStandard));
  }

  #addBlock(index: number): OffsetBlock {
    if (this.#blocks.size >= BLOCK_COUNT_MAX) this.#blocks.clear();
    let low = index * BLOCK_SECONDS;
    let high = low + BLOCK_SECONDS;
    const before = this.#askOffset(low);
    const after = this.#askOffset(high);
    if (before === after) high = low;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#askOffset(middle) === before) low = middle;
      else high = middle;
    }
    const block = { before, after, change: high };
    this.#blocks.set(index, block);
    return block;
  }

  #askOffset(second: number): number {
    const match = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(zonePart(this.#offsetFormat!, second));
    if (match?.[1] === undefined) return 0;
    return signedSeconds(match[1], match[2], match[3], match[4]);
  }
}

function zonePart(format: Intl.DateTimeFormat, second: number): string {
  const inRange = Math.max(-DATE_SECONDS_MAX, Math.min(DATE_SECONDS_MAX, second));
  return format.formatToParts(inRange * 1000).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** Seconds of a sign, hours, minutes and seconds as written; what is missing is 0. */
export function signedSeconds(sign: string, hours = '0', minutes = '0', seconds = '0'): number {
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' && total !== 0 ? -total : total;
}

/** `+02`, `-05:30`: east is positive. `<+02>-02`, `EST5`: as POSIX has it, west is positive. */
function fixedOffsetOf(name: string): number | undefined {
  if (/^(utc|gmt|z|zulu|uct|universal|etc\/utc|greenwich)$/i.test(name)) return 0;
  const plain = /^([+-]?)(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(name);
  if (plain !== null) return signedSeconds(plain[1]!, plain[2], plain[3], plain[4]);
  const posix = /^(?:<[^<>]+>|[A-Za-z]{3,})([+-]?)(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?$/.exec(name);
  if (posix === null) return undefined;
  return signedSeconds(posix[1] === '-' ? '+' : '-', posix[2], posix[3], posix[4]);
}

/** Hours east of UTC of the abbreviations that PostgreSQL reads in dates and that are in common use. */
const abbreviationHours: Readonly<Record<string, number>> = {
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  akst: -9,
  akdt: -8,
  hst: -10,
  wet: 0,
  west: 1,
  bst: 1,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  jst: 9,
  kst: 9,
  aest: 10,
  aedt: 11,
  nzst: 12,
  nzdt: 13,
  nst: -3.5,
  ndt: -2.5,
};

/**
 * As `findTimeZone`, for a name in a date: an abbreviation is an offset there, the same in summer and winter.
 */
export function findZoneInDate(name: string): TimeZone | undefined {
  const hours = abbreviationHours[name.toLowerCase()];
  if (hours !== undefined) return findTimeZone(`${Math.trunc(hours)}:${hours % 1 === 0 ? '00' : '30'}`);
  return name.includes('/') || fixedOffsetOf(name) !== undefined ? findTimeZone(name) : undefined;
}

/**
 * Names of three letters in the time zone database; Intl has others, which mean other zones than one would
 * think.
 */
const databaseNames = new Set('UTC GMT UCT EST MST HST CET EET MET WET PRC ROC ROK'.split(' '));

const ZONE_COUNT_MAX = 1024;
const zones = new Map<string, TimeZone>();

/** The zone of a name, an offset or a POSIX zone without rules; undefined when there is none of that name. */
export function findTimeZone(name: string): TimeZone | undefined {
  if (/^[a-z]{3}$/i.test(name) && !databaseNames.has(name.toUpperCase())) return undefined;
  const kept = zones.get(name);
  if (kept !== undefined) return kept;
  let zone: TimeZone;
  try {
    zone = new TimeZone(name, fixedOffsetOf(name));
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
  if (zones.size >= ZONE_COUNT_MAX) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** As `findTimeZone`; an unknown name is an error. */
export function timeZoneOf(name: string): TimeZone {
  const zone = findTimeZone(name);
  if (zone !== undefined) return zone;
  throw unknownTimeZone(name);
}
