import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/engine/index.ts';
import { reportedSettings, sessionTextSettings } from '../../src/wire/session-setting.ts';

/** A session that keeps the given settings. */
function sessionWith(settings: Record<string, string>): Session {
  return { setting: (name: string) => settings[name] } as unknown as Session;
}

describe('reportedSettings', () => {
  it("prefers the session's own values", () => {
    const own = { server_version: '16.1', TimeZone: 'Asia/Tokyo', is_superuser: 'off' };
    const settings = Object.fromEntries(reportedSettings(sessionWith(own), 'ada'));
    expect(settings).toMatchObject({
      ...own,
      session_authorization: 'ada',
      server_encoding: 'UTF8',
      DateStyle: 'ISO, MDY',
    });
  });

  it('begins the version with a number that drivers can read', () => {
    const version = Object.fromEntries(reportedSettings(sessionWith({}), 'ada'))['server_version'];
    expect(Number.parseFloat(version!)).toBe(15);
  });
});

describe('sessionTextSettings', () => {
  it('has the defaults of PostgreSQL', () => {
    expect(sessionTextSettings(sessionWith({}))).toEqual({
      timeZone: 'UTC',
      dateStyle: 'ISO, MDY',
      intervalStyle: 'postgres',
      extraFloatDigits: 1,
      byteaOutput: 'hex',
    });
  });

  it('follows the session', () => {
    const settings = {
      TimeZone: 'Asia/Tokyo',
      DateStyle: 'German',
      IntervalStyle: 'iso_8601',
      extra_float_digits: '-3',
      bytea_output: 'escape',
    };
    expect(sessionTextSettings(sessionWith(settings))).toEqual({
      timeZone: 'Asia/Tokyo',
      dateStyle: 'German',
      intervalStyle: 'iso_8601',
      extraFloatDigits: -3,
      byteaOutput: 'escape',
    });
  });
});
