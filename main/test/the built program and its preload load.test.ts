import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { BRIDGE_NAME, BRIDGE_VERSION, type DesktopBridge } from '../bridge.ts';
import { temporaryFolder } from './startTestDesktop.ts';

const PRODUCT_ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(PRODUCT_ROOT, 'dist', 'main');

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [join(PRODUCT_ROOT, 'scripts', 'build.mjs'), 'main']);
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
});

/** What an import of `electron` finds here: it says which functions were called, and that another window is there. */
const STAND_IN = `const anything = (name) => new Proxy(function () {}, {
  get: (_target, key) => (key === 'isPackaged' ? false : anything(name + '.' + String(key))),
  apply() {
    console.log(name);
    return name === 'app.requestSingleInstanceLock' ? false : '/nowhere';
  },
});
${[
  'app',
  'BrowserWindow',
  'dialog',
  'ipcMain',
  'Menu',
  'Notification',
  'nativeTheme',
  'safeStorage',
  'screen',
  'session',
  'shell',
  'Tray',
]
  .map((name) => `export const ${name} = anything('${name}');`)
  .join('\n')}`;

const HOOK = `import { registerHooks } from 'node:module';
const electron = new URL('electron.mjs', import.meta.url).href;
registerHooks({
  resolve: (name, context, next) => (name === 'electron' ? { url: electron, shortCircuit: true } : next(name, context)),
});`;

test('the built program is a module that loads, and asks whether it is the only one', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'electron.mjs'), STAND_IN);
  writeFileSync(join(folder, 'hook.mjs'), HOOK);
  const args = ['--import', join(folder, 'hook.mjs'), join(BUILT, 'main.js')];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout.trim().split('\n').slice(-2)).toEqual(['app.requestSingleInstanceLock', 'app.exit']);
});

/** Runs the preload as Electron does in a sandboxed page: with a require() that knows few names. */
function runPreload() {
  const seen = {
    exposed: [] as [name: string, bridge: DesktopBridge][],
    invoked: [] as unknown[][],
    assigned: [] as string[],
    /** As main sends a path. */
    send: (_event: object, _path: string): void => undefined,
  };
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, bridge: DesktopBridge) => seen.exposed.push([name, bridge]) },
    ipcRenderer: {
      invoke: async (...args: unknown[]) => void seen.invoked.push(args),
      on(_channel: string, listener: typeof seen.send) {
        seen.send = listener;
      },
    },
  };
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
  const source = readFileSync(join(BUILT, 'preload.cjs'), 'utf8');
  new Function('require', 'location', source)(require, { assign: (path: string) => seen.assigned.push(path) });
  const [first] = seen.exposed;
  if (!first) throw new Error('the preload exposed nothing');
  return { ...seen, name: first[0], bridge: first[1], send: (path: string) => seen.send({}, path) };
}

test('the built preload gives the page one frozen bridge and nothing else', async () => {
  const { exposed, name, bridge, invoked } = runPreload();
  expect(exposed).toHaveLength(1);
  expect(name).toBe(BRIDGE_NAME);
  expect(Object.isFrozen(bridge)).toBe(true);
  expect(bridge.version).toBe(BRIDGE_VERSION);
  expect(Object.keys(bridge).sort()).toEqual(
    ['version', 'setAppearance', 'onGo', 'reportState', 'openLogFolder', 'restartHost', 'quit'].sort(),
  );
  await bridge.setAppearance('light');
  await bridge.quit();
  expect(invoked).toEqual([['gatehouse:setAppearance', 'light'], ['gatehouse:quit']]);
});

test('a path of the menu goes to the page that listens, or loads the page there', () => {
  const { bridge, send, assigned } = runPreload();
  const heard: string[] = [];
  const stop = bridge.onGo((path) => heard.push(path));
  send('/env/a/routes');
  stop();
  send('/env/a/traffic');
  expect([heard, assigned]).toEqual([['/env/a/routes'], ['/env/a/traffic']]);
});
