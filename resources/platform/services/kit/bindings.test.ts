import { expect, test } from 'vitest';
import { findMonitoringAddresses, findOwnAddresses, planBindings } from './bindings.ts';

test.each([
  ['the monitoring address is for metrics alone', ['127.0.0.1', '10.1.0.2', '10.3.0.2'], ['10.3.0.2'], ['10.3.0.2']],
  [
    'addresses of replicas are not bound',
    ['127.0.0.1', '10.1.0.2', '10.3.0.2'],
    ['10.3.0.9', '10.3.0.2'],
    ['10.3.0.2'],
  ],
  ['off the monitoring network there are no metrics', ['127.0.0.1', '10.1.0.2'], [], []],
])('%s', (_, own, monitoring, metrics) => {
  expect(planBindings(own, monitoring)).toEqual({ application: ['127.0.0.1', '10.1.0.2'], metrics });
});

test('loopback is an address of its own, and a name that nobody has is none', async () => {
  expect(findOwnAddresses()).toContain('127.0.0.1');
  expect(await findMonitoringAddresses('127.0.0.1')).toEqual(['127.0.0.1']);
  expect(await findMonitoringAddresses('nobody.invalid')).toEqual([]);
});
