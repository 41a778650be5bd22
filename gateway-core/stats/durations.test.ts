import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createDurations } from './durations.ts';

const shape = { name: 'waits_seconds', help: 'How long', boundsS: [0.001, 0.0025, 0.1, 1, 60] };

test('what a scrape reads is what prom-client would have counted', async () => {
  const observation = fc.tuple(
    fc.constantFrom('a', 'b'),
    fc.constantFrom(0, 0.5, 1, 2.5, 2.6, 100, 999, 60_000, 60_001),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(observation, { maxLength: 30 }), async (observed) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const durations = createDurations({ ...shape, label: 'route', registry: ours });
      const { boundsS: buckets, ...named } = shape;
      const histogram = new Histogram({ ...named, buckets, labelNames: ['route'], registers: [theirs] });
      for (const [route, ms] of observed) {
        durations.observe(route, ms);
        histogram.labels(route).observe(ms / 1_000);
      }
      // Sums of fractions differ in their last digits by the order in which they are made.
      const round = (text: string) =>
        text.replace(/(_sum\{[^}]*\}) (.*)/g, (_, head, sum) => `${head} ${Number(sum).toFixed(6)}`);
      expect(round(await ours.metrics())).toBe(round(await theirs.metrics()));
    }),
    { numRuns: 30 },
  );
});

test('who is gone has no series, and who stays goes on counting', async () => {
  const registry = new Registry();
  const durations = createDurations({ ...shape, label: 'route', registry });
  for (const route of ['a', 'b']) durations.observe(route, 5);
  durations.retain(new Set(['b']));
  durations.observe('b', 5);
  const text = await registry.metrics();
  expect(text).not.toContain('route="a"');
  expect(text).toContain('waits_seconds_count{route="b"} 2');
});
