import { expect, test } from 'vitest';
import type { ContainerUsage } from '../../../app/contract/index.ts';
import { toServiceUsage } from './serviceUsage.ts';

const usage = (service: string, parts: Partial<ContainerUsage> = {}): ContainerUsage => ({
  container: `${service}-1`,
  service,
  cpuShare: 0.25,
  cpuLimit: 1,
  memoryBytes: 100,
  memoryLimitBytes: 200,
  networkRxBytesPerSecond: 5,
  networkTxBytesPerSecond: 6,
  pids: 7,
  ...parts,
});
const of = (...containers: ContainerUsage[]) => toServiceUsage({ containers }).get('search');

test('the containers of a service add up', () => {
  expect(of(usage('search'), usage('search'), usage('other'))).toEqual({
    cpuShare: 0.5,
    cpuLimit: 2,
    memoryBytes: 200,
    memoryLimitBytes: 400,
    networkRxBytesPerSecond: 10,
    networkTxBytesPerSecond: 12,
    pids: 14,
  });
});

test('with one part unknown the sum is unknown, whichever comes first', () => {
  const unknown = usage('search', { cpuShare: null, memoryLimitBytes: null });
  expect(of(unknown, usage('search'))).toMatchObject({ cpuShare: null, memoryLimitBytes: null, memoryBytes: 200 });
  expect(of(usage('search'), unknown)).toMatchObject({ cpuShare: null, memoryLimitBytes: null, memoryBytes: 200 });
});

test('a service without a running container is not there', () => {
  expect(of()).toBeUndefined();
  expect(toServiceUsage(null).size).toBe(0);
});
