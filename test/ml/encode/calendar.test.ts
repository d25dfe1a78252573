/** Calendar parts against JavaScript's own dates. */
import { expect, test } from 'vitest';
import { calendarPartsOf } from '../../../src/ml/encode/calendar.ts';

/** The parts by way of Date. */
function partsByDate(seconds: number): number[] {
  const date = new Date(seconds * 1000);
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  const dayOfYear = Math.floor((date.getTime() - start) / 86_400_000);
  return [
    date.getUTCDate(),
    date.getUTCDay() + 1,
    date.getUTCMonth() + 1,
    date.getUTCHours(),
    date.getUTCMinutes(),
    Math.floor((dayOfYear + 7 - date.getUTCDay()) / 7),
    date.getUTCFullYear(),
  ];
}

test('every day of 1890 to 2110, at moments of the day', () => {
  const parts = new Float64Array(7);
  const first = Date.UTC(1890, 0, 1) / 1000;
  let checked = 0;
  for (let day = 0; day < 80_500; day++) {
    const seconds = first + day * 86_400 + ((day * 7919) % 86_400) + 0.25;
    calendarPartsOf(seconds, parts);
    if (partsByDate(seconds).some((part, place) => part !== parts[place])) {
      expect([seconds, ...parts]).toEqual([seconds, ...partsByDate(seconds)]);
    }
    checked++;
  }
  expect(checked).toBe(80_500);
});

test('weeks begin on Sunday: 2026-01-03 is in week 0, 2026-01-04 in week 1', () => {
  const parts = new Float64Array(7);
  calendarPartsOf(Date.UTC(2026, 0, 3, 23, 59, 59) / 1000, parts);
  expect([...parts]).toEqual([3, 7, 1, 23, 59, 0, 2026]);
  calendarPartsOf(Date.UTC(2026, 0, 4) / 1000, parts);
  expect([...parts]).toEqual([4, 1, 1, 0, 0, 1, 2026]);
});
