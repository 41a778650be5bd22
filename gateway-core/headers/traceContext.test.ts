import { expect, test } from 'vitest';
import { continueTrace } from './traceContext.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test.each<[value: string, flags: string]>([
  [`00-${TRACE}-${SPAN}-01`, '01'],
  [`00-${TRACE}-${SPAN}-00`, '00'],
  // A newer version may have more behind; bits that version 00 does not know are not passed on.
  [`cc-${TRACE}-${SPAN}-ff-what-comes-later`, '03'],
])('%s is continued', (value, flags) => {
  const trace = continueTrace([['Traceparent', value]]);
  expect(trace).toMatchObject({ traceId: TRACE, continued: true });
  expect(trace.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${flags}$`));
  expect(trace.traceparent).not.toContain(SPAN);
});

test.each([
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${TRACE}-${SPAN}`,
  'nonsense',
  '',
])('%j begins a new trace', (value) => {
  const trace = continueTrace([['traceparent', value]]);
  expect(trace.continued).toBe(false);
  expect(trace.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
});

test('two traceparents are none', () => {
  const value = `00-${TRACE}-${SPAN}-01`;
  expect(continueTrace([['traceparent', value], ['traceparent', value]]).continued).toBe(false); // biome-ignore format: two fields
});
