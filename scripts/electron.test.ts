import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

interface ElectronScript {
  wantsWindow(args: string[], environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, isRoot: boolean): boolean;
  isElectronPresent(folder: string, environment?: NodeJS.ProcessEnv): boolean;
  fetchElectron(node: string, options: { folder: string; firstByteMs?: number }): Promise<void>;
}

// Plain JavaScript without types: it runs on the system's Node before anything is installed.
const script = (await import(new URL('./electron.mjs', import.meta.url).href)) as ElectronScript;

/** Electron's package with an installer of the test's own. */
function createPackage(installer: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'install.js'), `const fs = require('node:fs'), os = require('node:os');${installer}`);
  return folder;
}

let said = '';
beforeEach(() => {
  said = '';
  const note = (text: unknown) => {
    said += String(text);
    return true;
  };
  vi.spyOn(console, 'error').mockImplementation(note);
  vi.spyOn(process.stderr, 'write').mockImplementation(note);
  return () => vi.restoreAllMocks();
});

test.each<[args: string[], environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, wants: boolean]>([
  [[], { DISPLAY: ':0' }, 'linux', true],
  [[], { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  [[], {}, 'linux', false],
  [['--port', '1', '--no-open'], { DISPLAY: ':0' }, 'linux', false],
  [[], {}, 'darwin', true],
  [[], { SSH_CONNECTION: '10.0.0.1' }, 'darwin', false],
  [[], {}, 'win32', true],
])('%j with %j on %s wants a window: %s', (args, environment, platform, wants) => {
  expect(script.wantsWindow(args, environment, platform, false)).toBe(wants);
});

test('for root, whom its sandbox refuses, Electron is not fetched', () => {
  expect(script.wantsWindow([], { DISPLAY: ':0' }, 'linux', true)).toBe(false);
  expect(script.wantsWindow([], {}, 'darwin', true)).toBe(true);
});

test('a download that arrives is waited for, with progress', async () => {
  const folder = createPackage(`
    fs.writeFileSync(os.tmpdir() + '/electron.zip', Buffer.alloc(3 * 1024 * 1024));
    setTimeout(() => { fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/path.txt', 'electron'); }, 1000);`);
  expect(script.isElectronPresent(folder)).toBe(false);
  await script.fetchElectron(process.execPath, { folder, firstByteMs: 5_000 });
  expect(script.isElectronPresent(folder)).toBe(true);
  expect(said).toContain('Fetching Electron: 3 MB');
});

test('a network that gives no byte is given up, in one line', async () => {
  const folder = createPackage('setInterval(() => {}, 1000);');
  await script.fetchElectron(process.execPath, { folder, firstByteMs: 300 });
  expect(said).toBe('Electron could not be fetched (no answer within 5 s); the console opens in the browser.');
});

test('a download that fails is said in one line, and leaves nothing behind', async () => {
  const folder = createPackage(`fs.writeFileSync(__dirname + '/where', os.tmpdir()); process.exit(1);`);
  await script.fetchElectron(process.execPath, { folder });
  expect(said).toBe('Electron could not be fetched (the download failed); the console opens in the browser.');
  expect(existsSync(readFileSync(join(folder, 'where'), 'utf8'))).toBe(false);
});

test('half an installation does not count', () => {
  const folder = createPackage('');
  mkdirSync(join(folder, 'dist'));
  expect(script.isElectronPresent(folder)).toBe(false);
});

test('an Electron that lies elsewhere is not fetched', () => {
  expect(script.isElectronPresent(createPackage(''), { ELECTRON_OVERRIDE_DIST_PATH: '/opt/electron' })).toBe(true);
});
