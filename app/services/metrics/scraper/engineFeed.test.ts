import { expect, test } from 'vitest';
import type { ContainerUsage } from '../../../contract/index.ts';
import { toContainerLook } from './engineFeed.ts';

const usage = (container: string, given: Partial<ContainerUsage> = {}): ContainerUsage => ({
  container,
  service: 'api',
  cpuShare: 0.5,
  cpuLimit: null,
  memoryBytes: 100,
  memoryLimitBytes: null,
  networkRxBytesPerSecond: null,
  networkTxBytesPerSecond: null,
  pids: 3,
  ...given,
});
const read = (containers: ContainerUsage[], numbers = new Map<string, string>()) =>
  toContainerLook({ at: 5000, containers, stepMs: 2000 }, numbers).gauges.map(({ metric, labels, value }) => [
    labels.container,
    metric.replace('container_', ''),
    value,
  ]);

test('a container that is alone is called as its service; what is not known is left out', () => {
  expect(read([usage('a')])).toEqual([
    ['api', 'cpu_cores', 0.5],
    ['api', 'memory_bytes', 100],
  ]);
});

test('of a limit there is a share', () => {
  const limited = usage('a', { cpuLimit: 2, memoryLimitBytes: 400 });
  expect(read([limited])).toContainEqual(['api', 'cpu_limit_share', 0.25]);
  expect(read([limited])).toContainEqual(['api', 'memory_limit_share', 0.25]);
});

test('replicas are told apart by their number, else by their id', () => {
  const names = read([usage('a'), usage('b0123456789abcdef')], new Map([['a', '1']])).map(([name]) => name);
  expect([...new Set(names)]).toEqual(['api 1', 'api b0123456789a']);
});
