import { expect, test } from 'vitest';
import { insertOption, toSeriesName } from './promqlText.ts';

test('a metric takes the place of what was typed of it', () => {
  expect(
    insertOption('sum(redis_m)', { from: 4, to: 11 }, { option: 'redis_memory_used_bytes', kind: 'metric' }),
  ).toEqual({
    text: 'sum(redis_memory_used_bytes)',
    caret: 27,
  });
});

test('a function brings its brackets, and the caret stands between them', () => {
  expect(insertOption('ra', { from: 0, to: 2 }, { option: 'rate', kind: 'function' })).toEqual({
    text: 'rate()',
    caret: 5,
  });
});

test('brackets that are there stay alone', () => {
  expect(insertOption('ra(x)', { from: 0, to: 2 }, { option: 'rate', kind: 'function' }).text).toBe('rate(x)');
});

test('a series is named as it would be selected', () => {
  expect(toSeriesName({ __name__: 'up', job: 'a"b' })).toBe('up{job="a\\"b"}');
  expect([toSeriesName({}), toSeriesName({ __name__: 'up' }), toSeriesName({ a: 'b' })]).toEqual([
    '{}',
    'up',
    '{a="b"}',
  ]);
});
