import { expect, test } from 'vitest';
import { chartGroupSchema, type Problem } from '../../../contract/index.ts';
import { createRing } from './ring.ts';
import { createScraperSource } from './scraperSource.ts';

const problem = (what: string): Problem => ({
  code: 'metrics-absent',
  message: `There is no ${what}.`,
  remedy: `Add a ${what}.`,
});
const ring = () => createRing({ seriesLimit: 10, longestGapMs: 15_000 });
const bare = (findEngineProblem: () => Problem | null) =>
  createScraperSource({
    gateway: ring(),
    engine: ring(),
    absence: () => problem('Prometheus'),
    findGatewayProblem: () => problem('gateway'),
    findEngineProblem,
    now: () => 60_000,
  });
const { signal } = new AbortController();

test.each([
  ['traffic', 'There is no gateway. Add a gateway.'],
  ['gateway', 'There is no gateway. Add a gateway.'],
  ['containers', 'There is no engine. Add a engine.'],
  ['stores', 'There is no Prometheus. Add a Prometheus.'],
] as const)('with nothing to ask, each chart of %s says why it is empty and what to do', async (group, why) => {
  const source = bare(() => problem('engine'));
  const { charts } = await source.charts(group, { from: 0, to: 60_000, stepMs: 5000 });
  expect(charts.length).toBeGreaterThan(0);
  for (const { series, reason } of charts) {
    expect(series).toEqual([]);
    expect(reason).toContain(why);
  }
});

test('every group is one of them, and what only a Prometheus answers is refused with its remedy', async () => {
  expect([...chartGroupSchema.options].sort()).toEqual(['containers', 'gateway', 'stores', 'traffic']);
  const source = bare(() => null);
  for (const asked of [source.targets(signal), source.query({ query: 'up', range: null, at: 0 }, signal)])
    await expect(asked).rejects.toMatchObject({ message: 'There is no Prometheus.', remedy: 'Add a Prometheus.' });
  expect((await source.alerts(signal)).reason).toEqual(problem('Prometheus'));
});
