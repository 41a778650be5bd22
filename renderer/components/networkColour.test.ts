import { expect, test } from 'vitest';
import { toNetworkColour } from './networkColour.ts';

test.each([
  ['public_network', 'var(--network-public)'],
  ['backend_network', 'var(--network-backend)'],
  ['ai_network', 'var(--network-ai)'],
  ['monitoring_network', 'var(--network-monitoring)'],
  ['frontend', 'var(--network-public)'],
  ['mail', 'var(--series-'],
  ['no network', 'var(--text-dim)'],
])('%s is %s', (name, colour) => {
  expect(toNetworkColour(name)).toContain(colour);
});

test('the same name has the same colour', () => {
  expect(toNetworkColour('default')).toBe(toNetworkColour('default'));
});
