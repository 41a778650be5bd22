import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Boot, BootStep } from '../../../app/contract/index.ts';
import { toBootChart, toTicks } from './bootChart.ts';

const at = 1_780_000_000_000;
const step = (service: string, parts: Partial<BootStep> = {}): BootStep => ({
  service,
  container: `shop-${service}-1`,
  createdAt: at,
  startedAt: at + 1000,
  readyAt: at + 2000,
  waitedFor: [],
  heldBy: null,
  ...parts,
});
const toBoot = (services: BootStep[], durationMs = 10_000): Boot => ({
  id: 'b',
  at,
  durationMs,
  mode: 'dev',
  services,
});

test('a bar of waiting and one of getting ready, as shares of the whole time, in the order of starting', () => {
  const { rows } = toBootChart(
    toBoot([step('web', { startedAt: at + 5000, readyAt: at + 10_000, heldBy: 'db' }), step('db')]),
  );
  expect(rows.map(({ step: { service }, waiting, starting }) => [service, waiting, starting])).toEqual([
    ['db', { from: 0, to: 0.1 }, { from: 0.1, to: 0.2 }],
    ['web', { from: 0, to: 0.5 }, { from: 0.5, to: 1 }],
  ]);
});

test('the critical chain leads from the one that was ready last to what held it up', () => {
  const { rows } = toBootChart(
    toBoot([
      step('db', { readyAt: at + 3000 }),
      step('search', { startedAt: at + 3000, readyAt: at + 6000, heldBy: 'db' }),
      step('web', { startedAt: at + 6000, readyAt: at + 9000, heldBy: 'search' }),
      step('mail', { readyAt: at + 4000, heldBy: 'db' }),
    ]),
  );
  expect(rows.filter(({ isCritical }) => isCritical).map(({ step: { service } }) => service)).toEqual([
    'db',
    'search',
    'web',
  ]);
});

test('what is not known is no bar, and what held itself up is no endless chain', () => {
  const { rows } = toBootChart(toBoot([step('a', { readyAt: null, heldBy: 'b' }), step('b', { heldBy: 'a' })]));
  expect(rows.find(({ step: { service } }) => service === 'a')).toMatchObject({ starting: null, readyMs: null });
});

test('a container that was there before the start waited for nobody', () => {
  const { rows } = toBootChart(
    toBoot([step('old', { createdAt: at - 60_000, startedAt: at - 50_000, readyAt: null })]),
  );
  expect(rows[0]).toMatchObject({ waiting: null, starting: null });
});

test('bars stay inside of the chart, whatever the engine says', () => {
  const moment = fc.option(
    fc.integer({ min: -100_000, max: 100_000 }).map((ms) => at + ms),
    { nil: null },
  );
  const any = fc.record({ createdAt: moment, startedAt: moment, readyAt: moment });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), fc.nat(60_000), (parts, durationMs) => {
      const { rows } = toBootChart(
        toBoot(
          parts.map((part, index) => step(`s${index}`, part)),
          durationMs,
        ),
      );
      for (const bar of rows.flatMap(({ waiting, starting }) => [waiting, starting])) {
        if (bar) expect(bar.from >= 0 && bar.from <= bar.to && bar.to <= 1).toBe(true);
      }
    }),
  );
});

test('ticks are round, few, and inside', () => {
  expect(toTicks(9200)).toEqual([0, 2000, 4000, 6000, 8000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (totalMs) => {
      const ticks = toTicks(totalMs);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBeLessThanOrEqual(totalMs);
    }),
  );
});
