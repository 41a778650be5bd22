import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import type { StateReport } from './stateReport.ts';
import { describeTray, type TrayFacts } from './tray.ts';

const REPORT: StateReport = {
  environment: 'docker~shop',
  name: 'Shop',
  mode: 'dev',
  level: 'down',
  headline: 'search is down',
  cause: 'out of memory',
  alerts: [],
};
const FACTS: TrayFacts = {
  report: REPORT,
  hasHost: true,
  notifications: true,
  isQuietForNow: false,
  hasQuietHours: false,
  keepRunning: false,
  opensAtLogin: false,
};

function show(facts: Partial<TrayFacts> = {}) {
  const done: string[] = [];
  const view = describeTray(
    { ...FACTS, ...facts },
    {
      open: (path) => done.push(`open ${path ?? ''}`),
      toggle: (setting) => done.push(`toggle ${setting}`),
      quietForAnHour: () => done.push('quiet'),
      quit: () => done.push('quit'),
    },
  );
  const items = view.menu.flatMap((item) => [item, ...((item.submenu ?? []) as MenuItemConstructorOptions[])]);
  const find = (id: string) => items.find((item) => item.id === id);
  const click = (id: string) => {
    (find(id)?.click as (() => void) | undefined)?.();
    return done.at(-1);
  };
  return { view, find, click };
}

test('the verdict and its first cause stand on top', () => {
  const { view, click } = show();
  expect(view.level).toBe('down');
  expect(view.tooltip).toBe('Gatehouse\nShop: search is down');
  expect(view.menu.slice(0, 2).map(({ label }) => label)).toEqual(['Shop: search is down', 'out of memory']);
  expect(click('verdict')).toBe('open /env/docker~shop/overview');
});

test.each([
  ['before the first report', { report: undefined }, 'No environment is shown'],
  ['without a host, whatever was said before', { hasHost: false }, 'The host of the console does not run'],
])('%s it is unknown, never well', (_name, facts, label) => {
  const { view, find } = show({ report: { ...REPORT, level: 'ok' }, ...facts });
  expect(view.level).toBe('unknown');
  expect(find('verdict')).toMatchObject({ label, enabled: false });
  expect(find('mode')).toBeUndefined();
});

test('a switch of mode leads to its plan, and nothing more', () => {
  expect(show().click('switch')).toBe('open /env/docker~shop/stack?plan=switch&to=prod');
  expect(show({ report: { ...REPORT, mode: 'prod' } }).click('switch')).toBe(
    'open /env/docker~shop/stack?plan=switch&to=dev',
  );
  expect(show({ report: { ...REPORT, mode: 'unknown' } }).find('mode')).toMatchObject({ enabled: false });
});

test('settings are toggled, the window opened, the program ended', () => {
  const { click, find } = show();
  for (const id of ['notifications', 'quietHours', 'keepRunning', 'openAtLogin'])
    expect(click(id)).toBe(`toggle ${id}`);
  expect([click('quietForNow'), click('open'), click('quit')]).toEqual(['quiet', 'open ', 'quit']);
  expect(find('notifications')?.checked).toBe(true);
  expect(show({ notifications: false }).find('quietForNow')?.enabled).toBe(false);
});

test('where nothing can be opened at login, nothing is offered', () => {
  expect(show({ opensAtLogin: undefined }).find('openAtLogin')).toBeUndefined();
});

test('a tooltip is as long as Windows shows', () => {
  expect(show({ report: { ...REPORT, headline: 'x'.repeat(200) } }).view.tooltip).toHaveLength(127);
});
