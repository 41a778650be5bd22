import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programs } from '../../scripts/programs.mjs';
import { BRIDGE_NAME, BRIDGE_VERSION } from '../bridge.ts';
import { VIEWS } from '../menu.ts';
import { shownPage, startTestDesktop, temporaryFolder } from './startTestDesktop.ts';

test('the menu has the views of the console, in its order', async () => {
  // By its address, since main may not import the renderer.
  const { views } = (await import(new URL('../../renderer/shell/views.ts', import.meta.url).href)) as {
    views: readonly { name: string; label: string }[];
  };
  expect(VIEWS).toEqual(views.map(({ name, label }) => [name, label]));
});

test('the console takes the version of the bridge that main has', async () => {
  const { findDesktopBridge } = (await import(
    new URL('../../renderer/shell/desktopBridge.ts', import.meta.url).href
  )) as { findDesktopBridge(page: object): object | undefined };
  expect(findDesktopBridge({ [BRIDGE_NAME]: { version: BRIDGE_VERSION } })).toBeDefined();
});

test('the real host is started, its page let in, and it ends with the window', async () => {
  const folder = temporaryFolder();
  // The host inherits the environment of the window's program.
  process.env.GATEHOUSE_RUNTIME_DIR = join(folder, 'runtime');
  onTestFinished(() => void delete process.env.GATEHOUSE_RUNTIME_DIR);
  process.env.GATEHOUSE_STATE_DIR = join(folder, 'state');
  onTestFinished(() => void delete process.env.GATEHOUSE_STATE_DIR);
  const { electron } = startTestDesktop({
    folder,
    parts: {
      commandOf: (port) => ({
        node: process.execPath,
        args: [
          programs.gatehouse,
          'serve',
          '--port',
          String(port),
          '--no-open',
          '--until-stdin-ends',
          '--engine',
          'sandbox',
        ],
      }),
    },
  });
  const url = await shownPage(electron, 'http:');
  const health = () => fetch(new URL('/healthz', url)).then(({ status }) => status);
  expect(await health()).toBe(200);
  electron.quit();
  await expect.poll(() => electron.named('app.exit'), { timeout: 10_000 }).toEqual([[0]]);
  await expect(health()).rejects.toThrow('fetch failed');
});
