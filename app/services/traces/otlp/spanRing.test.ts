import { expect, test } from 'vitest';
import { span, ZERO } from '../test/spans.ts';
import { createSpanRing } from './spanRing.ts';

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
const limits = { bytes: 100_000, traces: 100, spansOfTrace: 5 };
const id = (number: number) => String(number).padStart(32, '0');
const of = (trace: number, name = 's', from = trace * 1000) => span(name, from, from + 10, { traceId: id(trace) });
const kept = (ring: ReturnType<typeof createSpanRing>) =>
  [...ring.list(always)].map(({ trace }) => Number(trace.traceId));

test('traces are listed newest first, within the time that is asked for', () => {
  const ring = createSpanRing(limits);
  ring.add([of(1), of(3), of(2)]);
  expect(kept(ring)).toEqual([3, 2, 1]);
  const second = { from: ZERO / 1000 + 2, to: ZERO / 1000 + 2 };
  expect([...ring.list(second)].map(({ trace }) => Number(trace.traceId))).toEqual([2]);
});

test('beyond its bytes the oldest trace goes, whole, and is counted', () => {
  const ring = createSpanRing({ ...limits, bytes: 1300 });
  for (let trace = 1; trace <= 5; trace += 1) expect(ring.add([of(trace)])).toBe(0);
  expect(kept(ring)).toEqual([5, 4, 3]);
  expect(ring.counts).toMatchObject({ traces: 3, spans: 3, droppedTraces: 2 });
  expect(ring.counts.bytes).toBeLessThanOrEqual(1300);
});

test('beyond its number of traces the oldest goes', () => {
  const ring = createSpanRing({ ...limits, traces: 2 });
  ring.add([of(1), of(2), of(3)]);
  expect(kept(ring)).toEqual([3, 2]);
});

test('a trace has no more spans than it may', () => {
  const ring = createSpanRing(limits);
  expect(ring.add(Array.from({ length: 8 }, (_, place) => of(1, `s${place}`)))).toBe(3);
  expect(ring.find(id(1))?.spans.length).toBe(5);
});

test('a span that fills the ring alone is refused, and leaves nothing behind', () => {
  const ring = createSpanRing({ ...limits, bytes: 1000 });
  ring.add([of(1)]);
  const attributes = [{ key: 'k', value: 'x'.repeat(5000) }];
  expect(ring.add([{ ...of(2), attributes }])).toBe(1);
  expect(ring.find(id(2))).toBeUndefined();
  expect(ring.counts.traces).toBe(kept(ring).length);
});

test('what a sender repeats takes its room once', () => {
  const ring = createSpanRing(limits);
  ring.add([of(1)]);
  const { bytes } = ring.counts;
  expect(ring.add([of(1)])).toBe(0);
  expect(ring.counts).toMatchObject({ spans: 1, bytes });
});

test('a summary holds what has come since', () => {
  const ring = createSpanRing(limits);
  ring.add([of(1)]);
  expect([...ring.list(always)][0]?.summary.spanCount).toBe(1);
  ring.add([of(1, 'more')]);
  expect([...ring.list(always)][0]?.summary.spanCount).toBe(2);
});
