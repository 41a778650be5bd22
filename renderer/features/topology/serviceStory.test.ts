import { expect, test } from 'vitest';
import type { Breaker } from '../../../app/contract/index.ts';
import { formatClock } from '../../components/format.ts';
import { sampleService } from '../services/serviceSample.ts';
import { toStory } from './serviceStory.ts';
import { sampleNode } from './topologySample.ts';

const at = Date.parse('2026-03-01T14:02:48Z');
const breaker = {
  state: 'open',
  since: at,
  transitions: [{ at, from: 'closed', to: 'open', reason: '7 of 12 failed in 10 s: 7 connection refused' }],
} as unknown as Breaker;
const traffic = {
  requestsPerSecond: 38,
  errorShare: 0.2,
  p95Ms: 2,
  isP95Bound: false,
  breaker: null,
  level: 'degraded' as const,
};
const down = sampleService({ name: 'search', level: 'down', statusText: 'stopped, exit 137' });

test.each([
  [{}, 'The container is up (healthy).'],
  [
    { traffic: { ...traffic, requestsPerSecond: 0, errorShare: null } },
    'The container is up (healthy). Nobody asked it in the last minute.',
  ],
  [{ traffic }, "The container is up (healthy), yet 20.0 % of its callers' requests fail."],
  [
    { traffic, breaker },
    'The container is up (healthy), yet its breaker is open since 14:02:48: 7 of 12 failed in 10 s: 7 connection refused.',
  ],
  [{ service: down }, 'The container is down: stopped, exit 137.'],
  [{ service: down, traffic }, "The container is down: stopped, exit 137, and 20.0 % of its callers' requests fail."],
  [
    { service: sampleService({ level: 'unknown', statusText: 'last seen: healthy' }) },
    'How it is cannot be said: last seen: healthy.',
  ],
])('%#: %j', (parts, story) => {
  expect(toStory(sampleNode('search', parts), formatClock)).toBe(story);
});
