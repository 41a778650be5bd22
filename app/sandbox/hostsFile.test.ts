import { expect, test } from 'vitest';
import type { Container } from './containers/container.ts';
import { toHosts } from './hostsFile.ts';

const jaeger = (pid: number) =>
  ({
    id: 'a'.repeat(64),
    name: 'shop-jaeger-1',
    createdAt: 1,
    state: { pid },
    workload: { kind: 'standIn', product: 'jaeger' },
    ports: [{ containerPort: 4318, hostPort: 21_001 }],
    endpoints: new Map([['monitoring', { aliases: ['jaeger'] }]]),
  }) as unknown as Container;

test('spans go to who takes them as long as the stand-in of Jaeger runs, and nowhere when it is stopped', () => {
  const to = '127.0.0.1:4999';
  expect(toHosts([jaeger(7)], to)['jaeger:4318']).toBe(to);
  expect(toHosts([jaeger(0)], to)['jaeger:4318']).toBe('127.0.0.1:21001');
  expect(toHosts([jaeger(7)])['jaeger:4318']).toBe('127.0.0.1:21001');
});
