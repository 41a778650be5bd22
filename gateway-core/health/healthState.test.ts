import { expect, test } from 'vitest';
import { resolveHealthCheck } from './healthSection.ts';
import { applyCheck, type CheckResult, isHealthyStatus, neverChecked } from './healthState.ts';

const policy = resolveHealthCheck({ healthyThreshold: 2, unhealthyThreshold: 3 });

const results: Record<string, CheckResult> = {
  p: { kind: 'passed', status: 200 },
  w: { kind: 'wrong status', status: 503 },
  n: { kind: 'no answer', note: 'connection refused' },
};

test.each<[checks: string, health: string]>([
  ['', 'unknown'],
  ['p', 'healthy'],
  ['n', 'unhealthy'],
  ['w', 'unhealthy'],
  ['pnn', 'healthy'],
  ['pnnn', 'unhealthy'],
  ['pnnpnn', 'healthy'],
  ['pw', 'unhealthy'],
  ['np', 'unhealthy'],
  ['npp', 'healthy'],
  ['npnp', 'unhealthy'],
  ['pnnnpp', 'healthy'],
])('after the checks %j a replica is %s', (checks, health) => {
  if (!policy) throw new Error('no policy');
  const state = [...checks].reduce((now, key) => applyCheck(now, results[key] ?? expect.fail(), policy), neverChecked);
  expect(state.health).toBe(health);
});

test.each<[status: number, statuses: string[], healthy: boolean]>([
  [200, ['2xx'], true],
  [299, ['2xx'], true],
  [301, ['2xx'], false],
  [404, ['200', '404'], true],
  [200, ['204'], false],
])('%i is healthy with %j: %s', (status, statuses, healthy) => expect(isHealthyStatus(status, statuses)).toBe(healthy));
