import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { createMenuTemplate, findEnvironment, type MenuFacts, VIEWS } from './menu.ts';

const FACTS: MenuFacts = { platform: 'linux', isPackaged: true, environment: 'sandbox~shop-platform' };

function build(facts: Partial<MenuFacts> = {}) {
  const done: string[] = [];
  const template = createMenuTemplate(
    { ...FACTS, ...facts },
    {
      goTo: (path) => done.push(`go ${path}`),
      openDocumentation: () => done.push('documentation'),
      openLogFolder: () => done.push('log folder'),
      openWindow: () => done.push('window'),
      lookForUpdates: () => done.push('updates'),
    },
  );
  const items = template.flatMap(({ submenu }) => (submenu ?? []) as MenuItemConstructorOptions[]);
  const click = (id: string) => {
    const item = items.find((candidate) => candidate.id === id);
    (item?.click as (() => void) | undefined)?.();
    return done.at(-1);
  };
  return { template, items, click, roles: items.flatMap(({ role }) => role ?? []) };
}

test.each<[platform: NodeJS.Platform, titles: string[]]>([
  ['linux', ['&File', 'editMenu', '&View', '&Go', '&Help']],
  ['win32', ['&File', 'editMenu', '&View', '&Go', '&Help']],
  ['darwin', ['appMenu', '&File', 'editMenu', '&View', '&Go', 'windowMenu', '&Help']],
])('on %s the menus are %j', (platform, titles) => {
  expect(build({ platform }).template.map(({ label, role }) => label ?? role)).toEqual(titles);
});

test('About and Quit are where the platform has them', () => {
  expect(build().roles).toEqual(expect.arrayContaining(['quit', 'about']));
  // There they come with `appMenu`.
  expect(build({ platform: 'darwin' }).roles).not.toContain('quit');
  expect(build({ platform: 'darwin' }).roles).not.toContain('about');
});

test('the view can be reloaded, zoomed and put on the whole screen', () => {
  expect(build().roles).toEqual(
    expect.arrayContaining(['reload', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen']),
  );
});

test('developer tools are for development alone', () => {
  const hasTools = (isPackaged: boolean) => JSON.stringify(build({ isPackaged }).template).includes('oggleDevTools');
  expect([hasTools(true), hasTools(false)]).toEqual([false, true]);
});

test('every view can be gone to, the first nine each by a key of its own', () => {
  const { items, click } = build();
  for (const [path] of VIEWS) expect(click(`go-${path}`)).toBe(`go /env/sandbox~shop-platform/${path}`);
  expect(click('go-start')).toBe('go /');
  const keys = items.flatMap(({ id, accelerator }) => (id?.startsWith('go-') && accelerator) || []);
  expect(keys).toEqual(Array.from({ length: 10 }, (_, digit) => `CmdOrCtrl+${digit}`));
});

test('where no environment is shown, only Start can be gone to', () => {
  const { items, click } = build({ environment: undefined });
  const enabled = items.filter(({ id, enabled }) => id?.startsWith('go-') && enabled !== false).map(({ id }) => id);
  expect(enabled).toEqual(['go-start']);
  expect(click('go-routes')).toBeUndefined();
});

test('help opens the documentation and shows the log', () => {
  expect(build().click('documentation')).toBe('documentation');
  expect(build().click('log-folder')).toBe('log folder');
  expect(build().click('updates')).toBe('updates');
});

test('a second window is opened by the key that programs have for it', () => {
  const { items, click } = build();
  expect(items.find(({ id }) => id === 'new-window')?.accelerator).toBe('CmdOrCtrl+N');
  expect(click('new-window')).toBe('window');
});

test.each([
  ['http://127.0.0.1:1/env/sandbox~shop-platform/routes?filter=x', 'sandbox~shop-platform'],
  ['http://127.0.0.1:1/env/docker~a%20b', 'docker~a%20b'],
  ['http://127.0.0.1:1/', undefined],
  ['http://127.0.0.1:1/env/', undefined],
  ['http://127.0.0.1:1/environment/a/b', undefined],
  ['data:text/html,/env/a/b', undefined],
  ['', undefined],
])('the environment in %j is %j', (address, environment) => {
  expect(findEnvironment(address)).toBe(environment);
});
