import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Log } from '../server/log.ts';
import { createHosts, parseHosts } from './hosts.ts';

function start() {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'hosts.json');
  const warnings: string[] = [];
  const log: Log = { info() {}, error() {}, warn: (message) => void warnings.push(message) };
  let now = 0;
  const hosts = createHosts({ file, log, now: () => now });
  const pass = (ms: number) => {
    now += ms;
  };
  return { file, hosts, warnings, pass };
}

test('an absent file and an absent name are dialled as they are', () => {
  expect(createHosts({}).resolve('search:8002')).toBe('search:8002');
  const { hosts, file, pass } = start();
  expect(hosts.resolve('search:8002')).toBe('search:8002');
  writeFileSync(file, '{"other:1":"127.0.0.1:2"}');
  pass(250);
  expect(hosts.resolve('search:8002')).toBe('search:8002');
});

test('a change is seen after at most 250 ms, and a broken file leaves the last good one in force', () => {
  const { hosts, file, warnings, pass } = start();
  writeFileSync(file, '{"search:8002":"127.0.0.1:1"}');
  expect(hosts.resolve('search:8002')).toBe('127.0.0.1:1');
  writeFileSync(file, '{"search:8002":"127.0.0.1:22"}');
  pass(249);
  expect(hosts.resolve('search:8002')).toBe('127.0.0.1:1');
  pass(1);
  expect(hosts.resolve('search:8002')).toBe('127.0.0.1:22');
  writeFileSync(file, '{"search:80');
  pass(250);
  expect(hosts.resolve('search:8002')).toBe('127.0.0.1:22');
  pass(250);
  hosts.resolve('search:8002');
  expect(warnings).toHaveLength(1);
});

test.each(['[]', 'null', '{"a":"b:1"}', '{"a:1":"b"}', '{"a:1":2}', '{"a:1":"http://b:1"}', '{'])(
  '%s is refused',
  (text) => {
    expect(() => parseHosts(text)).toThrow();
  },
);
