import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { chooseApiVersion } from './apiVersion.ts';
import { createEngine } from './engine.ts';

const address = { kind: 'socket', path: '/x' } as const;

test.each([
  [undefined, null],
  ['nonsense', null],
  ['1.40', '1.40'],
  ['1.41', '1.41'],
  ['1.45', '1.45'],
  ['1.47', '1.47'],
  ['1.52', '1.47'],
  ['1.100', '1.47'],
  ['2.0', '1.47'],
])('an engine that offers %s is spoken to in %s', (offered, chosen) => {
  expect(chooseApiVersion(offered, address)).toBe(chosen);
});

test('an engine that is too old is said to be so', () => {
  expect(() => chooseApiVersion('1.24', address)).toThrow(
    expect.objectContaining({ code: 'engine-unsupported', message: expect.stringContaining('speaks API 1.24') }),
  );
});

/** An engine that answers everything, and notes the paths. */
async function startEngine(version: string | undefined) {
  const path = join(temporaryFolder(), 'e.sock');
  const paths: string[] = [];
  const server = createServer((request, answer) => {
    paths.push(request.url ?? '');
    if (version) answer.setHeader('Api-Version', version);
    answer.setHeader('Content-Type', 'application/json').end('[]');
  });
  const listen = () => new Promise<void>((resolve) => server.listen(path, resolve));
  const engine = createEngine({ kind: 'socket', path });
  onTestFinished(() => {
    engine.close();
    server.close();
  });
  return { engine, paths, listen };
}

test('every call is made in the version that was agreed on, which is asked once', async () => {
  const { engine, paths, listen } = await startEngine('1.41');
  await listen();
  await Promise.all([engine.listNetworks(), engine.listNetworks()]);
  await engine.stack.networks.inspect('a').catch(() => {});
  expect(paths.map((path) => path.replace(/\?.*/, ''))).toEqual([
    '/_ping',
    '/v1.41/networks',
    '/v1.41/networks',
    '/v1.41/networks/a',
  ]);
});

test('an engine that does not say its version is asked without one', async () => {
  const { engine, paths, listen } = await startEngine(undefined);
  await listen();
  await engine.listNetworks();
  expect(paths).toEqual(['/_ping', '/networks']);
});

test('an engine that was not there at first is asked again', async () => {
  const { engine, paths, listen } = await startEngine('1.45');
  await expect(engine.listNetworks()).rejects.toMatchObject({ code: 'engine-unreachable' });
  await listen();
  await engine.listNetworks();
  expect(paths).toEqual(['/_ping', '/v1.45/networks']);
});
