import { expect, test } from 'vitest';
import { continueTrace, sampleAll, toTraceparent } from './traceContext.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const trusting = { sampling: sampleAll, isTrusted: true };

test.each<[value: string, flags: string]>([
  [`00-${TRACE}-${SPAN}-01`, '01'],
  [`00-${TRACE}-${SPAN}-00`, '00'],
  // The random flag is the caller's word on its own id.
  [`00-${TRACE}-${SPAN}-03`, '03'],
  [`00-${TRACE}-${SPAN}-02`, '02'],
  [`00-${TRACE}-${SPAN}-f8`, '00'],
  // A newer version may have more behind; bits that version 00 does not know are not passed on.
  [`cc-${TRACE}-${SPAN}-ff-what-comes-later`, '03'],
  [`01-${TRACE}-${SPAN}-01`, '01'],
  [`01-${TRACE}-${SPAN}-01-`, '01'],
])('%s is continued', (value, flags) => {
  const trace = continueTrace([['Traceparent', value]], trusting);
  expect(trace).toMatchObject({ traceId: TRACE, parentId: SPAN, left: null });
  expect(trace.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  expect(trace.spanId).not.toBe(SPAN);
  expect(toTraceparent(trace, trace.spanId)).toBe(`00-${TRACE}-${trace.spanId}-${flags}`);
});

test.each([
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN.toUpperCase()}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${TRACE}-${SPAN}-01.`,
  `cc-${TRACE}-${SPAN}-01.what`,
  `00-${TRACE}-${SPAN}-1`,
  `00-${TRACE}-${SPAN}-0x`,
  `0-${TRACE}-${SPAN}-01`,
  `00-${TRACE.slice(1)}-${SPAN}-01`,
  `00_${TRACE}_${SPAN}_01`,
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`,
  'nonsense',
  '',
])('%j begins a new trace, whose id is said to be random', (value) => {
  const trace = continueTrace(
    [
      ['traceparent', value],
      ['tracestate', 'a=1'],
    ],
    trusting,
  );
  expect(trace).toMatchObject({ parentId: null, left: null, tracestate: '', sampled: true });
  expect(toTraceparent(trace, trace.spanId)).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-03$/);
});

test('two traceparents are none', () => {
  const value = `00-${TRACE}-${SPAN}-01`;
  const trace = continueTrace(
    [
      ['traceparent', value],
      ['traceparent', value],
    ],
    trusting,
  );
  expect(trace.parentId).toBeNull();
});

test('a caller that is not trusted with a trace gets a new one, which knows the one it left', () => {
  const headers = [
    ['traceparent', `00-${TRACE}-${SPAN}-01`],
    ['tracestate', 'a=1'],
    ['baggage', 'user=1'],
  ] as const;
  const trace = continueTrace(headers, { sampling: sampleAll, isTrusted: false });
  expect(trace).toMatchObject({ parentId: null, tracestate: '', baggage: '' });
  expect(trace.left).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1 });
  expect(trace.traceId).not.toBe(TRACE);
});

test('the sampling decides on new traces alone', () => {
  const none = { sampling: { isSampled: () => false, tracestate: 'ot=th:8' }, isTrusted: true };
  expect(continueTrace([], none)).toMatchObject({ sampled: false, flags: 2, tracestate: '' });
  expect(continueTrace([['traceparent', `00-${TRACE}-${SPAN}-01`]], none)).toMatchObject({ sampled: true });
  const some = { sampling: { isSampled: () => true, tracestate: 'ot=th:8' }, isTrusted: true };
  expect(continueTrace([['tracestate', 'a=1']], some)).toMatchObject({ sampled: true, tracestate: 'ot=th:8' });
});
