/** The registry: every name in it is one of a kind, and found. */
import { describe, expect, test } from 'vitest';
import { describeDomain } from '../../src/ml/option.ts';
import { estimators, findEstimator, findPass } from '../../src/ml/registry.ts';
import { encodePasses } from '../../src/ml/encode/encode-passes.ts';

test('model types are found without case, and unknown ones are not', () => {
  expect(estimators.map((estimator) => estimator.modelType)).toContain('LINEAR_REG');
  for (const estimator of estimators)
    expect(findEstimator(estimator.modelType.toLowerCase())).toBe(estimator);
  expect(new Set(estimators.map((estimator) => estimator.modelType)).size).toBe(estimators.length);
  expect(findEstimator('LINEAR_REGR')).toBeUndefined();
});

test('a pass name stands for one pass', () => {
  const passes = new Set([...encodePasses, ...estimators.flatMap((estimator) => estimator.passes)]);
  for (const pass of passes) expect(findPass(pass.name)).toBe(pass);
  expect(new Set([...passes].map((pass) => pass.name)).size).toBe(passes.size);
  expect(findPass('linear.nothing')).toBeUndefined();
});

describe.each(estimators)('$modelType', (estimator) => {
  test('options have distinct upper-case names, a meaning, and a default inside their domain', () => {
    const names = estimator.options.map((option) => option.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(names.map((name) => name.toUpperCase()));
    for (const { name, meaning, domain, defaultValue } of estimator.options) {
      expect([name, meaning.endsWith('.'), describeDomain(domain) !== '']).toEqual([name, true, true]);
      if (domain.kind === 'choice' && defaultValue !== undefined)
        expect(domain.values).toContain(defaultValue);
      if (domain.kind === 'number' && typeof defaultValue === 'number') {
        expect(defaultValue).toBeGreaterThanOrEqual(domain.min ?? -Infinity);
        expect(defaultValue).toBeLessThanOrEqual(domain.max ?? Infinity);
      }
    }
  });
});
