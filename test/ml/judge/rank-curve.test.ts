/** Area and curve against counting pairs and rows one by one. */
import { expect, test } from 'vitest';
import { areaUnderCurve, rocCurve } from '../../../src/ml/judge/rank-curve.ts';

const hits = Float64Array.from([0.1, 0.4, 0.4, 0.8, 0.9]);
const misses = Float64Array.from([0.1, 0.1, 0.2, 0.4, 0.85]);

test('the area is the share of pairs in order, ties counting half', () => {
  let ordered = 0;
  for (const hit of hits) for (const miss of misses) ordered += hit > miss ? 1 : hit === miss ? 0.5 : 0;
  expect(areaUnderCurve({ hits, misses })).toBe(ordered / 25);
  expect(areaUnderCurve({ hits, misses: new Float64Array() })).toBeNull();
});

test('the curve counts rows at or above each percentile', () => {
  const curve = rocCurve({ hits, misses });
  expect(curve.map(({ threshold }) => threshold)).toEqual([0.9, 0.85, 0.8, 0.4, 0.2, 0.1]);
  for (const { threshold, truePositives, falsePositives } of curve) {
    expect(truePositives).toBe(hits.filter((score) => score >= threshold).length);
    expect(falsePositives).toBe(misses.filter((score) => score >= threshold).length);
  }
  expect(rocCurve({ hits: new Float64Array(), misses: new Float64Array() })).toEqual([]);
});
