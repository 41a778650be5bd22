import { expect, test } from 'vitest';
import { type Counted, toLook } from './gatewayFeed.ts';

const at = 1_700_000_000_000;
const fiveSecondsAgo = at - 5000;
const longAgo = (at - 3_600_000) / 1000;

const expose = (requests: number, startedAt: number, connections = 2) => `process_start_time_seconds ${startedAt}
gatehouse_gateway_requests_total{route="search",status_class="2xx",code="none",method="GET"} ${requests}
gatehouse_gateway_client_connections ${connections}
gatehouse_gateway_event_loop_delay_p99_seconds ${connections / 100}
of_somebody_else_total 99
`;
const ask = (
  replicas: Record<string, string>,
  before: ReadonlyMap<string, Counted> = new Map(),
  given: { isComplete?: boolean; lastAt?: number } = {},
) => {
  const { isComplete = true, lastAt = fiveSecondsAgo } = given;
  const exposed = { replicas: Object.entries(replicas).map(([name, text]) => ({ name, text })), isComplete };
  const { look, counted } = toLook(exposed, { at, lastAt, before });
  return { counted, increase: look.counters[0]?.increase, gauges: look.gauges, counters: look.counters };
};

test('what a replica counted before it was known is no increase', () => {
  expect(ask({ one: expose(1_000_000, longAgo) }).increase).toBe(0);
});

test('an increase is what was counted since the look before', () => {
  const { counted } = ask({ one: expose(100, longAgo) });
  expect(ask({ one: expose(130, longAgo) }, counted).increase).toBe(30);
});

test('a replica that was started anew has counted everything since', () => {
  const { counted } = ask({ one: expose(100, longAgo) });
  expect(ask({ one: expose(7, (at - 2000) / 1000) }, counted).increase).toBe(7);
  // Also where it has meanwhile counted more than the one before it.
  expect(ask({ one: expose(500, (at - 2000) / 1000) }, counted).increase).toBe(500);
});

test('a replica that comes up while somebody looks counts from zero, one that ran unseen does not', () => {
  const { counted } = ask({ one: expose(100, longAgo) });
  expect(ask({ one: expose(100, longAgo), two: expose(9, (at - 1000) / 1000) }, counted).increase).toBe(9);
  expect(ask({ one: expose(100, longAgo), two: expose(9, longAgo) }, counted).increase).toBe(0);
});

test('two replicas add up, and no value is there twice', () => {
  const { counted } = ask({ one: expose(10, longAgo), two: expose(20, longAgo + 1) });
  const { increase, counters, gauges } = ask({ one: expose(11, longAgo), two: expose(25, longAgo + 1) }, counted);
  expect(increase).toBe(6);
  expect(counters).toHaveLength(1);
  expect(gauges.map(({ metric, value }) => [metric.replace('gatehouse_gateway_', ''), value])).toEqual([
    ['client_connections', 4],
    ['event_loop_delay_p99_seconds', 0.02],
  ]);
});

test('levels of some of the replicas are not shown as those of all', () => {
  const { gauges, counters } = ask({ one: expose(10, longAgo) }, new Map(), { isComplete: false });
  expect(gauges).toEqual([]);
  expect(counters).toHaveLength(1);
});

test('at the very first look nothing has a beginning', () => {
  const first = { lastAt: Number.NEGATIVE_INFINITY };
  expect(ask({ one: expose(7, (at - 2000) / 1000) }, new Map(), first).increase).toBe(0);
});

test('what no chart needs is not kept', () => {
  const { counters, gauges } = ask({ one: expose(1, longAgo) });
  expect([...counters, ...gauges].some(({ metric }) => metric === 'of_somebody_else_total')).toBe(false);
});

test('a gateway that says nonsense adds nothing', () => {
  const { counters, gauges } = ask({ one: '\u0000<html>\ngatehouse_gateway_requests_total{route="a} 1\n' });
  expect([...counters, ...gauges]).toEqual([]);
});
