/** What travels between threads arrives as it left. */
import { expect, test } from 'vitest';
import { EngineError, invalidOption } from '../../../src/core/index.ts';
import { errorOf, failureOf, shapeBytes, shapeOf } from '../../../src/ml/parallel/message.ts';
import { movableBuffers } from '../../../src/ml/parallel/movable-buffers.ts';
import { sampleLayout } from './rows.ts';

test('an error keeps its fields through a clone', () => {
  const error = invalidOption('bad', 7, 'try better');
  const back = errorOf(structuredClone(failureOf(error)));
  expect(back).toBeInstanceOf(EngineError);
  expect(back).toMatchObject({ message: 'bad', state: '22023', position: 7, hint: 'try better' });
});

test('anything else thrown becomes an internal error, its stack kept as the cause only', () => {
  const back = errorOf(failureOf(new RangeError('odd')));
  expect(back).toMatchObject({ message: 'internal error: odd', state: 'XX000', detail: undefined });
  expect(back.cause).toContain('RangeError: odd');
  expect(errorOf(failureOf('text')).message).toBe('internal error: text');
  expect(errorOf(failureOf('text')).cause).toBeUndefined();
});

test('a shape comes back from shared bytes', () => {
  const shape = { layout: sampleLayout, trainingRowCount: 3, evaluationRowCount: 0, hasLabel: true };
  expect(shapeOf(shapeBytes(shape))).toEqual(shape);
});

test('buffers are found in nested values once each, shared and empty ones left alone', () => {
  const first = new Float64Array(2);
  const second = new Int32Array(1);
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  const value = { first, list: [new Uint8Array(first.buffer), second], map: new Map([['x', { shared }]]) };
  expect(movableBuffers(value)).toEqual([first.buffer, second.buffer]);
  expect(movableBuffers({ empty: new Float64Array(0), none: null, text: 'x' })).toEqual([]);
});
