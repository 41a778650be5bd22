import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { programs } from '../../scripts/programs.mjs';
import { openKeptSecrets } from '../keptSecrets.ts';
import type { SecretCall } from '../secretCalls.ts';
import { FakeElectron, type FakeOptions } from './fakeElectron.ts';
import { hasExited, shownPage, startTestDesktop, temporaryFolder } from './startTestDesktop.ts';

const NAME = 'replay-token docker shop';
const TOKEN = 'eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl';

type WithoutId<Call> = Call extends unknown ? Omit<Call, 'id'> : never;

/** A start of the program, in a folder that a former one may have used. */
function start(folder: string, options: Omit<FakeOptions, 'folder'> = {}) {
  const electron = new FakeElectron({ folder, ...options });
  const path = join(folder, 'secrets.json');
  const secrets = openKeptSecrets(electron.seam, { path, platform: 'linux' });
  const ask = (call: WithoutId<SecretCall>) => secrets.answer({ id: 1, ...call } as SecretCall);
  return { electron, path, ask };
}

test('a secret lies sealed in a file for its owner alone, and is there again after a restart', async () => {
  const folder = temporaryFolder();
  const { path, ask } = start(folder);
  await ask({ call: 'keep', name: NAME, value: TOKEN });
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(NAME);
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain(Buffer.from(TOKEN).toString('base64'));
  expect(statSync(path).mode & 0o777).toBe(0o600);

  const again = start(folder);
  expect(await again.ask({ call: 'recall', name: NAME })).toBe(TOKEN);
  expect(await again.ask({ call: 'about' })).toEqual({
    keeps: true,
    detail: expect.stringContaining('libsecret'),
    damage: null,
    kept: [{ name: NAME, keptAt: expect.any(Number) }],
  });
});

test('what is forgotten is gone from the file', async () => {
  const folder = temporaryFolder();
  const { path, ask } = start(folder);
  await ask({ call: 'keep', name: NAME, value: TOKEN });
  await ask({ call: 'forget', name: NAME });
  expect(readFileSync(path, 'utf8')).not.toContain(NAME);
  expect(await start(folder).ask({ call: 'recall', name: NAME })).toBeUndefined();
});

test('without a key ring nothing is written, and the reason names what Electron would have done', async () => {
  const folder = temporaryFolder();
  const { ask } = start(folder, { keyRing: 'basic_text' });
  await expect(ask({ call: 'keep', name: NAME, value: TOKEN })).rejects.toThrow('basic_text');
  expect(await ask({ call: 'about' })).toMatchObject({ keeps: false, detail: expect.stringContaining('basic_text') });
  expect(readdirSync(folder)).toEqual([]);
});

test('while the key ring is locked nothing is kept or given, and what was kept stays', async () => {
  const folder = temporaryFolder();
  const { electron, ask } = start(folder);
  await ask({ call: 'keep', name: NAME, value: TOKEN });
  electron.isKeyRingOpen = false;
  await expect(ask({ call: 'recall', name: NAME })).rejects.toThrow('locked');
  await expect(ask({ call: 'keep', name: 'another', value: TOKEN })).rejects.toThrow('locked');
  electron.isKeyRingOpen = true;
  expect(await ask({ call: 'recall', name: NAME })).toBe(TOKEN);
});

test('a secret whose key is gone is said to be so', async () => {
  const folder = temporaryFolder();
  await start(folder).ask({ call: 'keep', name: NAME, value: TOKEN });
  const { electron, ask } = start(folder);
  electron.isKeyRight = false;
  await expect(ask({ call: 'recall', name: NAME })).rejects.toThrow('give it anew');
});

test('a file that was damaged is said, is replaced by the next secret, and lies beside it', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'secrets.json'), '{"version":1,"secr');
  const { path, ask } = start(folder);
  expect(await ask({ call: 'about' })).toMatchObject({ damage: expect.stringContaining('is damaged'), kept: [] });
  expect(await ask({ call: 'recall', name: NAME })).toBeUndefined();
  await ask({ call: 'keep', name: NAME, value: TOKEN });
  expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe('{"version":1,"secr');
  expect(await start(folder).ask({ call: 'about' })).toMatchObject({ damage: null, kept: [{ name: NAME }] });
});

/** Two real hosts, one after another. */
const SLOW_MS = 90_000;

test('a token goes from a page through the real host to the seal, and after a restart it is found', {
  timeout: SLOW_MS,
}, async () => {
  const folder = temporaryFolder();
  for (const [name, path] of [
    ['GATEHOUSE_RUNTIME_DIR', 'runtime'],
    ['GATEHOUSE_STATE_DIR', 'state'],
  ] as const) {
    process.env[name] = join(folder, path);
    onTestFinished(() => void delete process.env[name]);
  }
  const always = ['--no-open', '--until-stdin-ends', '--secrets-with-parent', '--engine', 'sandbox'];
  const commandOf = (port: number) => ({
    node: process.execPath,
    args: [programs.gatehouse, 'serve', '--port', String(port), ...always],
  });
  const open = async () => {
    const { electron } = startTestDesktop({ folder, parts: { commandOf } });
    const { origin, hash } = new URL(await shownPage(electron, 'http:'));
    return { electron, page: await openPage(origin, hash.slice('#code='.length)) };
  };
  const environment = 'sandbox~shop-platform';
  const first = await open();
  const input = { environment, bearerToken: TOKEN };
  expect(await first.page('mutation', 'secrets.keepToken', input)).not.toHaveProperty('error');
  first.electron.quit();
  await hasExited(first.electron);
  expect(readFileSync(join(folder, 'userData', 'secrets.json'), 'utf8')).not.toContain(TOKEN);

  const second = await open();
  expect(await second.page('query', 'secrets.find', { environment })).toMatchObject({
    result: { data: { keptAt: expect.any(Number) } },
  });
});

/** A page with its session, which asks one thing after another. */
async function openPage(origin: string, code: string) {
  const exchange = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const { token } = (await exchange.json()) as { token: string };
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api?connectionParams=1`, { origin });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  return async (method: 'query' | 'mutation', path: string, input: object): Promise<unknown> => {
    socket.send(JSON.stringify({ id: 1, method, params: { path, input } }));
    const [answer] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(String(answer));
  };
}
