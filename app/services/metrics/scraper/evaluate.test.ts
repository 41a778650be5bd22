import { expect, test } from 'vitest';
import type { Plan } from '../charts/plan.ts';
import { evaluatePlan } from './evaluate.ts';
import { createRing, fineMs, type Look, type Ring } from './ring.ts';

/** On a multiple of both tiers. */
const start = 1_700_000_040_000;
const create = (seriesLimit = 100) => createRing({ seriesLimit, longestGapMs: 15_000 });
const counter = (metric: string, labels: Record<string, string>, increase: number) => ({ metric, labels, increase });
const gauge = (metric: string, labels: Record<string, string>, value: number) => ({ metric, labels, value });
const look = (at: number, given: Partial<Look> = {}): Look => ({ at, counters: [], gauges: [], ...given });

/** `perLook` requests of `search` and one of `backend` every 5 s. */
function feed(ring: Ring, from: number, looks: number, perLook: number): void {
  for (let index = 0; index <= looks; index += 1)
    ring.add(
      look(from + index * fineMs, {
        counters: [
          counter('requests', { route: 'search', class: '2xx' }, perLook - 1),
          counter('requests', { route: 'search', class: '5xx' }, 1),
          counter('requests', { route: 'backend', class: '2xx' }, 5),
        ],
        gauges: [gauge('connections', { upstream: 'search' }, 3), gauge('connections', { upstream: 'backend' }, 4)],
      }),
    );
}

const rate: Plan = { kind: 'rate', metric: 'requests', by: ['route'] };
const share: Plan = { kind: 'share', metric: 'requests', match: { class: ['5xx'] }, by: ['route'] };
const of = (plan: Plan, ring: Ring, range: { from: number; to: number; stepMs: number }) =>
  Object.fromEntries(
    evaluatePlan(plan, ring, range).series.map(({ labels, values }) => [Object.values(labels).join(), values]),
  );

test('a rate is what a counter grew by a second, by the labels that are asked for', () => {
  const ring = create();
  feed(ring, start, 12, 10);
  const range = { from: start + 30_000, to: start + 60_000, stepMs: 15_000 };
  expect(of(rate, ring, range)).toEqual({ search: [2, 2, 2], backend: [1, 1, 1] });
});

test('a share is of all, and zero for what never had any', () => {
  const ring = create();
  feed(ring, start, 12, 10);
  const range = { from: start + 60_000, to: start + 60_000, stepMs: 15_000 };
  expect(of(share, ring, range)).toEqual({ search: [0.1], backend: [0] });
});

test('where nothing passed, the rate is zero and the share is not known', () => {
  const ring = create();
  for (let index = 0; index <= 12; index += 1)
    ring.add(look(start + index * fineMs, { counters: [counter('requests', { route: 'search', class: '2xx' }, 0)] }));
  const range = { from: start + 60_000, to: start + 60_000, stepMs: 15_000 };
  expect(of(rate, ring, range)).toEqual({ search: [0] });
  expect(of(share, ring, range)).toEqual({ search: [null] });
});

test('levels are summed up or compared over what is not asked for', () => {
  const ring = create();
  feed(ring, start, 2, 10);
  const range = { from: start + 10_000, to: start + 10_000, stepMs: 5000 };
  expect(of({ kind: 'gauge', take: 'sum', metric: 'connections', by: [] }, ring, range)).toEqual({ '': [7] });
  expect(of({ kind: 'gauge', take: 'max', metric: 'connections', by: [] }, ring, range)).toEqual({ '': [4] });
});

test('a quantile is found within its bucket', () => {
  const ring = create();
  for (let index = 0; index <= 12; index += 1)
    ring.add(
      look(start + index * fineMs, {
        counters: [
          counter('took_bucket', { le: '0.1' }, 5),
          counter('took_bucket', { le: '0.5' }, 9),
          counter('took_bucket', { le: '+Inf' }, 10),
        ],
      }),
    );
  const range = { from: start + 60_000, to: start + 60_000, stepMs: 15_000 };
  const quantile = (q: number) => of({ kind: 'quantile', q, metric: 'took', by: [] }, ring, range)['']?.[0];
  expect(quantile(0.5)).toBeCloseTo(0.1, 10);
  expect(quantile(0.7)).toBeCloseTo(0.3, 10);
  // Above the last bound nothing more is known than that bound.
  expect(quantile(0.99)).toBe(0.5);
});

test('time in which nobody looked is neither zero nor bridged', () => {
  const ring = create();
  feed(ring, start, 12, 10);
  feed(ring, start + 120_000, 12, 10);
  const range = { from: start + 45_000, to: start + 165_000, stepMs: 15_000 };
  const { series, isWatched } = evaluatePlan(rate, ring, range);
  // Watched until 60 s and again from 120 s; a window that is not half covered says nothing.
  const search = [2, 2, null, null, null, null, 2, 2, 2];
  expect(series.find(({ labels }) => labels.route === 'search')?.values).toEqual(search);
  expect(isWatched).toEqual(search.map((value) => value !== null));
});

test('what grew while nobody looked belongs to no moment', () => {
  const ring = create();
  feed(ring, start, 12, 10);
  ring.add(look(start + 600_000, { counters: [counter('requests', { route: 'search', class: '2xx' }, 1_000_000)] }));
  feed(ring, start + 605_000, 11, 10);
  const range = { from: start + 660_000, to: start + 660_000, stepMs: 15_000 };
  expect(of(rate, ring, range).search).toEqual([2]);
});

test('a series that appears while somebody looks counts from zero', () => {
  const ring = create();
  for (let index = 0; index <= 12; index += 1) {
    const failed = index === 12 ? [counter('requests', { route: 'search', class: '5xx' }, 4)] : [];
    ring.add(
      look(start + index * fineMs, {
        counters: [counter('requests', { route: 'search', class: '2xx' }, 4), ...failed],
      }),
    );
  }
  const range = { from: start + 60_000, to: start + 60_000, stepMs: 20_000 };
  expect(of(share, ring, range).search?.[0]).toBeCloseTo(0.2, 10);
});

test('a day is kept in minutes, whose rates are those of all looks between', () => {
  const ring = create();
  feed(ring, start, 2 * 720, 10);
  const range = { from: start + 600_000, to: start + 7_200_000, stepMs: 600_000 };
  expect(ring.looks(range.from, range.stepMs).stepMs).toBe(60_000);
  const rates = of(rate, ring, range).search ?? [];
  expect(rates).toHaveLength(12);
  for (const one of rates) expect(one).toBeCloseTo(2, 10);
});

test('what a slot held a round ago is not what it holds now', () => {
  const ring = create();
  ring.add(look(start, { gauges: [gauge('connections', { upstream: 'gone' }, 9)] }));
  for (let index = 1; index <= 720; index += 1) ring.add(look(start + index * fineMs));
  const now = start + 720 * fineMs;
  const range = { from: now, to: now, stepMs: fineMs };
  expect(of({ kind: 'gauge', take: 'max', metric: 'connections', by: ['upstream'] }, ring, range)).toEqual({
    gone: [null],
  });
});

test('series beyond the bound are counted, and those of which nothing is left make room', () => {
  const ring = create(2);
  const levels = (at: number, names: string[]) =>
    ring.add(look(at, { gauges: names.map((name) => gauge(name, {}, 1)) }));
  levels(start, ['a', 'b', 'c']);
  expect(ring.refusedCount).toBe(1);
  levels(start + 25 * 3_600_000, ['c']);
  expect(ring.refusedCount).toBe(1);
});

test('a clock that was set back adds nothing', () => {
  const ring = create();
  feed(ring, start, 12, 10);
  ring.add(look(start + 5000, { gauges: [gauge('connections', { upstream: 'search' }, 99)] }));
  const range = { from: start + 60_000, to: start + 60_000, stepMs: 5000 };
  expect(of({ kind: 'gauge', take: 'max', metric: 'connections', by: [] }, ring, range)).toEqual({ '': [4] });
});
