import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Container } from '../containers/container.ts';
import type { Workload } from '../containers/programs.ts';
import { planExec } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'a.txt'), 'a');

const programs = { node: '/n', gateway: ['/g.js'], service: ['--flag', '/s.ts'], gatewayConfig: '' };
const mounts = [{ volume: null, source: folder, target: '/data', readOnly: true }];
const plan = (workload: Workload, ...command: string[]) =>
  planExec(command, { workload, mounts } as unknown as Container, programs);

const gateway: Workload = { kind: 'gateway' };
const service: Workload = { kind: 'service', role: 'search' };
const standIn: Workload = { kind: 'standIn', product: 'postgres' };

test.each([
  [gateway, ['node', '/app/gateway.js', 'relay', '--x'], ['/n', '/g.js', 'relay', '--x']],
  [gateway, ['/usr/bin/node', '/opt/gatehouse/gateway.js', 'relay'], ['/n', '/g.js', 'relay']],
  [service, ['node', '/app/service.js', 'backend'], ['/n', '--flag', '/s.ts', 'backend']],
])('%j runs its own program for %j', (workload, command, argv) => {
  expect(plan(workload, ...command)).toEqual({ kind: 'run', argv });
});

test.each([
  [gateway, ['node', '/app/service.js']],
  [gateway, ['node', '--eval', 'process.exit()']],
  [gateway, ['node', '/app/../app/gateway.js']],
  [gateway, ['node']],
  [service, ['node', '/app/gateway.js', 'relay']],
  [standIn, ['node', '/app/service.js', 'backend']],
  [standIn, ['psql']],
  [service, ['bash', '-c', 'echo']],
  [service, ['sh', '/script']],
  [service, ['/bin/ls']],
  [service, ['/tmp/echo']],
  [service, ['']],
  [service, ['toString']],
  [service, ['sleep']],
  [service, ['sleep', '-1']],
  [service, ['sleep', 'Infinity']],
  [service, ['sleep', '1);process.exit(3']],
])('%j does not run %j', (workload, command) => {
  expect(plan(workload, ...command)).toEqual({
    kind: 'refuse',
    reason: expect.stringMatching(/^sandbox: .*is not available here; containers of the sandbox are local processes/s),
  });
});

test.each(['true', '/bin/true', '/usr/bin/env', 'echo'])('%s is a word, with its arguments behind --', (word) => {
  const argv = plan(service, word, '--eval', 'x');
  expect(argv).toEqual({ kind: 'run', argv: ['/n', '--eval', expect.any(String), '--', '--eval', 'x'] });
});

test('cat is given the paths of mounted files alone', () => {
  const found = plan(service, 'cat', '/data/a.txt', '/etc/passwd', '/data/../etc/passwd', '-');
  const given = found.kind === 'run' ? JSON.parse(found.argv.at(-1) ?? '') : undefined;
  expect(given).toEqual([
    { shown: '/data/a.txt', path: join(folder, 'a.txt') },
    { shown: '/etc/passwd', path: null },
    { shown: '/data/../etc/passwd', path: null },
    { shown: '-', path: null },
  ]);
});
