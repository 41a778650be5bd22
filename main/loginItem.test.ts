import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLoginItem, toAutostartEntry } from './loginItem.ts';

function start(isPackaged: boolean, platform: NodeJS.Platform) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-login-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let openAtLogin = false;
  const app = {
    isPackaged,
    getLoginItemSettings: () => ({ openAtLogin }),
    setLoginItemSettings: (settings: { openAtLogin?: boolean }) => {
      openAtLogin = settings.openAtLogin ?? false;
    },
  };
  const environment = { XDG_CONFIG_HOME: folder, APPIMAGE: '/opt/Gatehouse 1.AppImage' };
  const item = createLoginItem({ app } as never, { platform, environment, execPath: '/tmp/mounted/gatehouse' });
  return { item, file: join(folder, 'autostart', 'gatehouse.desktop') };
}

test('on Linux a file of the desktop is written, and removed', () => {
  const { item, file } = start(true, 'linux');
  expect(item.isOn).toBe(false);
  item.set(true);
  expect(item.isOn).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Gatehouse 1.AppImage"\n');
  item.set(false);
  expect(existsSync(file)).toBe(false);
});

test('elsewhere the system is told', () => {
  const { item, file } = start(true, 'darwin');
  item.set(true);
  expect([item.isOn, existsSync(file)]).toEqual([true, false]);
});

test('a checkout has nothing to open at login', () => {
  const { item, file } = start(false, 'linux');
  item.set(true);
  expect([item.isOn, existsSync(file)]).toEqual([undefined, false]);
});

test.each([
  ['/opt/a b', 'Exec="/opt/a b"'],
  ['/opt/100%', 'Exec="/opt/100%%"'],
  ['/opt/$(reboot)', 'Exec="/opt/\\\\$(reboot)"'],
  ['/opt/"x', 'Exec="/opt/\\\\"x"'],
])('%s is quoted', (program, line) => {
  expect(toAutostartEntry(program)).toContain(`\n${line}\n`);
});

test('a path with a line end is refused', () => {
  expect(() => toAutostartEntry('/opt/x\nExec=reboot')).toThrow('control character');
});
