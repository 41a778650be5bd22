import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTracestate } from './tracestate.ts';

const list = (count: number, value = '1') =>
  Array.from({ length: count }, (_, index) => `k${index}=${value}`).join(',');

test.each<[fields: string[], passed: string]>([
  [['a=1'], 'a=1'],
  [['a=1,b=2'], 'a=1,b=2'],
  [['a=1', 'b=2'], 'a=1,b=2'],
  [['a=1 \t,\t b=2'], 'a=1,b=2'],
  [['a=1,,b=2,'], 'a=1,b=2'],
  [[' '], ''],
  [['a= 1'], 'a= 1'],
  [['fw529a3039@dt=FfFfFfFf,0tenant@system=1'], 'fw529a3039@dt=FfFfFfFf,0tenant@system=1'],
  // The newer one of two stands first.
  [['a=1,b=2,a=3'], 'a=1,b=2'],
  // What cannot be read voids the field.
  [['A=1'], ''],
  [['a=1,b'], ''],
  [['a=1,=2'], ''],
  [['a=1,b=2=3'], ''],
  [['a=1,b='], ''],
  [['a=\x7f'], ''],
  [['a =1'], ''],
  [[`${'z'.repeat(257)}=1`], ''],
  [[`a=${'z'.repeat(257)}`], ''],
  [[list(32)], list(32)],
  [[list(33)], ''],
])('%j → %j', (fields, passed) => {
  expect(toTracestate(fields)).toBe(passed);
});

test('what is too long loses its large members first, from the right, then the oldest ones', () => {
  const large = `big=${'x'.repeat(200)}`;
  expect(toTracestate([`a=1,${large},b=${'y'.repeat(250)},c=2`])).toBe(`a=1,${large},b=${'y'.repeat(250)},c=2`);
  const third = `third=${'z'.repeat(200)}`;
  expect(toTracestate([`a=1,${large},b=${'y'.repeat(250)},${third},c=2`])).toBe(
    `a=1,${large},b=${'y'.repeat(250)},c=2`,
  );
  const small = Array.from({ length: 6 }, (_, index) => `k${index}=${'v'.repeat(100)}`);
  expect(toTracestate([small.join(',')])).toBe(small.slice(0, 4).join(','));
});

test('what is passed on is valid, within the limits, in order, and does not change when passed on again', () => {
  const member = fc.tuple(
    fc.stringMatching(/^[a-z0-9][a-z0-9_*/@-]{0,20}$/),
    fc.stringMatching(/^[!-+.-<>-~]{1,200}$/),
  );
  fc.assert(
    fc.property(fc.array(member, { maxLength: 40 }), (members) => {
      const written = members.map(([key, value]) => `${key}=${value}`);
      const passed = toTracestate([written.join(',')]);
      expect(passed.length).toBeLessThanOrEqual(512);
      expect(toTracestate([passed])).toBe(passed);
      let from = 0;
      for (const part of passed === '' ? [] : passed.split(',')) {
        const at = written.indexOf(part, from);
        expect(at).toBeGreaterThanOrEqual(from);
        from = at;
      }
    }),
  );
});
