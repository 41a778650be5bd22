import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FIRST_STATE } from './desktopState.ts';
import { createUpdater, type UpdateClient } from './updater.ts';

function create(looksForUpdates: boolean, find: () => Promise<{ updateInfo: { version: string } } | null>) {
  const resourcesPath = mkdtempSync(join(tmpdir(), 'gatehouse-updates-'));
  onTestFinished(() => rmSync(resourcesPath, { recursive: true, force: true }));
  writeFileSync(join(resourcesPath, 'app-update.yml'), 'provider: generic\n');
  const client: UpdateClient = {
    autoInstallOnAppQuit: false,
    allowDowngrade: true,
    checkForUpdatesAndNotify: find,
  };
  let loads = 0;
  const state = { current: { ...FIRST_STATE, looksForUpdates }, change: () => undefined };
  const load = async () => {
    loads += 1;
    return client;
  };
  const facts = { isPackaged: true, platform: 'win32', appImage: undefined, version: '1.0.0' } as const;
  return { updater: createUpdater({ ...facts, state, resourcesPath, load }), client, loads: () => loads };
}

test('nothing is even loaded while it is turned off', async () => {
  const { updater, loads } = create(false, async () => null);
  expect(await updater.look(false)).toContain('turned off');
  expect(loads()).toBe(0);
});

test('asked by hand, it looks, and takes nothing older', async () => {
  const { updater, client } = create(false, async () => ({ updateInfo: { version: '1.1.0' } }));
  expect(await updater.look(true)).toContain('1.1.0 is being loaded');
  expect(client.allowDowngrade).toBe(false);
});

test('what is there already is said', async () => {
  const { updater } = create(true, async () => ({ updateInfo: { version: '1.0.0' } }));
  expect(await updater.look(false)).toBe('Gatehouse 1.0.0 is the newest.');
});

test('a server that does not answer is a sentence, not a crash', async () => {
  const { updater } = create(true, () => Promise.reject(new Error('no such host')));
  expect(await updater.look(false)).toBe('Looking for updates failed: no such host');
});
