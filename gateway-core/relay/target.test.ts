import { expect, test } from 'vitest';
import { decideTarget, resolveTarget } from './target.ts';

const admin = { adminSocket: '/run/gatehouse/admin.sock', allowsTcp: false };
const tcp = { ...admin, allowsTcp: true };

test('the admin socket of its own environment', () => {
  expect(decideTarget('unix:/run/gatehouse/admin.sock', admin)).toEqual({
    kind: 'allowed',
    target: { kind: 'unix', path: '/run/gatehouse/admin.sock' },
  });
});

test.each([
  ['another socket', 'unix:/var/run/docker.sock', 'reaches /run/gatehouse/admin.sock alone'],
  ['the same socket, spelled otherwise', 'unix:/run/gatehouse/../gatehouse/admin.sock', 'alone'],
  ['with a NUL', 'unix:/run/gatehouse/admin.sock\0', 'is no target'],
  ['a relative path', 'unix:admin.sock', 'is no target'],
  ['tcp without --allow tcp', 'tcp:prometheus:9090', '"tcp:prometheus:9090" is not allowed'],
  ['nothing', '', 'is no target'],
  ['another scheme', 'file:/etc/passwd', 'is no target'],
])('refused: %s', (_name, target, reason) => {
  expect(decideTarget(target, admin)).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test.each([
  ['tcp:prometheus:9090', { kind: 'tcp', host: 'prometheus', port: 9090 }],
  ['tcp:10.0.0.7:1', { kind: 'tcp', host: '10.0.0.7', port: 1 }],
  ['tcp:[::1]:65535', { kind: 'tcp', host: '::1', port: 65_535 }],
])('with --allow tcp: %s', (target, expected) => {
  expect(decideTarget(target, tcp)).toEqual({ kind: 'allowed', target: expected });
});

test.each(['tcp:prometheus', 'tcp:prometheus:0', 'tcp:prometheus:65536', 'tcp::80', 'tcp:a b:80', 'tcp:::1:80'])(
  'with --allow tcp, still no target: %s',
  (target) => {
    expect(decideTarget(target, tcp)).toEqual({ kind: 'refused', reason: expect.stringContaining('is no target') });
  },
);

test('without a socket in the environment the variable is named', () => {
  expect(decideTarget('unix:/run/a.sock', { adminSocket: null, allowsTcp: false })).toEqual({
    kind: 'refused',
    reason: expect.stringContaining('GATEHOUSE_ADMIN_SOCKET'),
  });
});

test('where a file stands for the names, nothing else is dialled', () => {
  const findAll = (authority: string) => (authority === 'search:8002' ? ['127.0.0.1:21007'] : null);
  const target = (host: string, port: number) => resolveTarget({ kind: 'tcp', host, port }, findAll);
  expect(target('search', 8002)).toEqual({ kind: 'allowed', target: { kind: 'tcp', host: '127.0.0.1', port: 21_007 } });
  expect(target('search', 22)).toEqual({ kind: 'refused', reason: expect.stringContaining('has no port 22 here') });
  expect(target('127.0.0.1', 22)).toEqual({ kind: 'refused', reason: expect.stringContaining('has no port 22 here') });
  expect(resolveTarget({ kind: 'unix', path: '/a.sock' }, findAll).kind).toBe('allowed');
});
