import { describe, expect, it } from 'vitest';
import { startupSettings } from '../../src/wire/startup-setting.ts';

const settings = (parameters: Record<string, string>): [string, string][] =>
  startupSettings(new Map(Object.entries(parameters)));

describe('startupSettings', () => {
  it('leaves out what is no setting', () => {
    expect(settings({ user: 'a', database: 'b', replication: 'off', DateStyle: 'ISO' })).toEqual([
      ['DateStyle', 'ISO'],
    ]);
  });

  it('reads options as a command line, and lets them go first', () => {
    const options = String.raw`-c a=1 -cb=2  --search-path=x,y -c d=with\ space\\`;
    expect(settings({ a: '9', options })).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['search_path', 'x,y'],
      ['d', 'with space\\'],
      ['a', '9'],
    ]);
  });

  it.each(['-c', '-x y=1', 'y=1', '-c =1', '-c y'])('refuses the options %o', (options) => {
    expect(() => settings({ options })).toThrow(expect.objectContaining({ state: '42601' }));
  });

  it.each(['UTF8', 'utf-8', "'UTF8'", 'unicode', 'SQL_ASCII'])('takes the encoding %o as UTF8', (value) => {
    expect(settings({ client_encoding: value })).toEqual([['client_encoding', 'UTF8']]);
  });

  it('refuses other encodings, in options too', () => {
    expect(() => settings({ client_encoding: 'LATIN1' })).toThrow(
      expect.objectContaining({ state: '22023' }),
    );
    expect(() => settings({ options: '-c client_encoding=SJIS' })).toThrow(
      expect.objectContaining({ state: '22023' }),
    );
  });
});
