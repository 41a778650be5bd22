// The window in Electron's own program: what the recording of it in main/test cannot show. Runs where the program is there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test } from 'playwright/test';
import { findElectronProgram } from './findElectronProgram.ts';

const root = join(import.meta.dirname, '..', '..');
const program = findElectronProgram();

test.skip(program.missing !== undefined, program.missing ?? '');
test.describe.configure({ mode: 'serial' });

let app: ElectronApplication;
let page: Page;
let folder: string;

test.beforeAll(async () => {
  if (program.missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-window-'));
  app = await _electron.launch({
    executablePath: program.path,
    args: program.isPackaged ? [] : [join(root, 'dist', 'main', 'main.js')],
    env: {
      ...(process.env as Record<string, string>),
      XDG_CONFIG_HOME: folder,
      APPDATA: folder,
      GATEHOUSE_RUNTIME_DIR: join(folder, 'run'),
      GATEHOUSE_STATE_DIR: join(folder, 'state'),
      GATEHOUSE_NODE: process.execPath,
      GATEHOUSE_PROGRAM: join(root, 'dist', 'host', 'gatehouse.js'),
      GATEHOUSE_SERVE_ARGUMENTS: JSON.stringify(['--engine', 'sandbox']),
    },
  });
  page = await app.firstWindow();
});

test.afterAll(async () => {
  await app?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test('the window shows the console of its own host', async () => {
  await expect(page.getByRole('heading', { name: 'What is here' })).toBeVisible({ timeout: 30_000 });
  expect(new URL(page.url()).hostname).toBe('127.0.0.1');
});

test('the page has the bridge, and nothing of Node or Electron', async () => {
  const found = await page.evaluate(() => ({
    bridge: Object.keys((globalThis as unknown as { gatehouseDesktop: object }).gatehouseDesktop).sort(),
    others: ['require', 'process', 'module', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
  }));
  expect(found.others).toEqual([]);
  expect(found.bridge).toContain('reportState');
});

test('it goes nowhere else, and opens no window', async () => {
  const before = page.url();
  await page.evaluate(() => {
    location.href = 'https://example.com/';
    window.open('https://example.com/');
  });
  await expect(page.getByRole('heading', { name: 'What is here' })).toBeVisible();
  expect(page.url()).toBe(before);
  expect(app.windows()).toHaveLength(1);
});

test('what a page asks of the system is refused', async () => {
  const answers = await page.evaluate(async () => [
    await Notification.requestPermission(),
    await navigator.clipboard.readText().then(
      () => 'granted',
      () => 'denied',
    ),
  ]);
  expect(answers).toEqual(['denied', 'denied']);
});

test('every page of the program is sandboxed', async () => {
  const isSandboxed = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().every(
      (window) =>
        (window.webContents as unknown as { getLastWebPreferences(): { sandbox?: boolean } }).getLastWebPreferences()
          .sandbox === true,
    ),
  );
  expect(isSandboxed).toBe(true);
});
