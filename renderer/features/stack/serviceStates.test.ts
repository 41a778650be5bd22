import { expect, test } from 'vitest';
import type { ReplicaStatus, ServiceStatus } from '../../../app/contract/index.ts';
import { countConditions, countWell, findStarted, sortByCondition } from './serviceStates.ts';

const replica = (parts: Partial<ReplicaStatus> = {}): ReplicaStatus => ({
  container: 'shop-a-1',
  id: 'c0ffee',
  replica: 1,
  condition: 'healthy',
  detail: '',
  health: 'healthy',
  ports: [],
  createdAt: 1,
  startedAt: 2,
  exitCode: null,
  outOfMemory: false,
  restarts: 0,
  lastLines: [],
  ...parts,
});
const service = (name: string, condition: ServiceStatus['condition'], replicas = [replica({ condition })]) => ({
  service: name,
  condition,
  detail: '',
  wanted: 1,
  image: 'a:1',
  replicas,
});

test('trouble comes first, then names', () => {
  const sorted = sortByCondition([
    service('b', 'healthy'),
    service('a', 'healthy'),
    service('c', 'crashed'),
    service('d', 'starting'),
  ]);
  expect(sorted.map((one) => one.service)).toEqual(['c', 'd', 'a', 'b']);
  expect(countConditions(sorted)).toBe('1 crashed, 1 starting, 2 healthy');
});

test('replicas that are done are well too', () => {
  const replicas = [replica({ condition: 'done' }), replica(), replica({ condition: 'crashed' })];
  expect(countWell(service('a', 'crashed', replicas))).toBe(2);
});

test('a service runs since its youngest replica does', () => {
  const replicas = [
    replica({ startedAt: 5 }),
    replica({ startedAt: 9 }),
    replica({ condition: 'stopped', startedAt: 99 }),
  ];
  expect(findStarted(service('a', 'healthy', replicas))).toBe(9);
  expect(findStarted(service('a', 'stopped', [replica({ condition: 'stopped' })]))).toBeNull();
});
