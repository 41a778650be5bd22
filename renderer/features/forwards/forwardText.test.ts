import { expect, test } from 'vitest';
import {
  listPorts,
  parsePortText,
  sayConnections,
  sayOpener,
  sayTraffic,
  toForwardCommand,
  toUrl,
} from './forwardText.ts';

test('only what a browser can show has a URL', () => {
  expect(toUrl({ localPort: 15_672, isWeb: true })).toBe('http://127.0.0.1:15672/');
  expect(toUrl({ localPort: 5432, isWeb: false })).toBeNull();
});

test('failures are counted with the reason of the last one', () => {
  const connections = { open: 2, total: 10, failed: 0, refused: 0 };
  expect(sayConnections({ connections, lastFailure: null })).toBe('2 open, 10 so far');
  const failed = { connections: { ...connections, failed: 1, refused: 1 }, lastFailure: 'ECONNREFUSED' };
  expect(sayConnections(failed)).toBe('2 open, 10 so far, 1 failed, 1 request refused: ECONNREFUSED');
});

test('what has ended has no rate', () => {
  const traffic = { sentBytes: 2048, receivedBytes: 10, sentBytesPerSecond: 1024, receivedBytesPerSecond: 0 };
  expect(sayTraffic({ traffic, state: 'open' })).toBe('↑ 2.0 kB ↓ 10 B · now ↑ 1.0 kB/s ↓ 0 B/s');
  expect(sayTraffic({ traffic, state: 'ended' })).toBe('↑ 2.0 kB ↓ 10 B');
});

test('who opened it is said with the reason of the unlock', () => {
  expect(sayOpener({ openedBy: 'console', reason: null })).toBe('opened in the console');
  expect(sayOpener({ openedBy: 'cli', reason: 'look at last night' })).toBe(
    'opened on the command line: look at last night',
  );
});

test('a port that is published on IPv4 and IPv6 is listed once, one of UDP not at all', () => {
  const port = (
    containerPort: number,
    hostIp: string | null,
    hostPort: number | null,
    protocol: 'tcp' | 'udp' = 'tcp',
  ) => ({
    containerPort,
    protocol,
    hostIp,
    hostPort,
  });
  const ports = [
    port(9090, '0.0.0.0', 9090),
    port(9090, '::', 9090),
    port(80, null, null),
    port(53, null, null, 'udp'),
  ];
  expect(listPorts(ports)).toEqual([
    { port: 80, published: null },
    { port: 9090, published: '0.0.0.0:9090' },
  ]);
});

test('the command is the same, with the local port where one was named', () => {
  expect(toForwardCommand('rabbitmq', 15_672, undefined)).toBe('gatehouse forward rabbitmq:15672');
  expect(toForwardCommand('rabbitmq', 15_672, 8080)).toBe('gatehouse forward rabbitmq:15672 8080');
});

test.each([
  ['', undefined],
  [' 80 ', 80],
  ['0', null],
  ['65536', null],
  ['8o', null],
])('%j is the port %j', (text, port) => {
  expect(parsePortText(text)).toBe(port);
});
