import { expect, test } from 'vitest';
import { browserCommand, hasDisplay } from './browser.ts';

const URL = 'http://127.0.0.1:7788/#code=ABCD-EFGH';

test.each<[platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, has: boolean]>([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['darwin', {}, true],
  ['darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
  ['win32', {}, true],
])('%s with %j has a display: %s', (platform, environment, has) => {
  expect(hasDisplay(platform, environment)).toBe(has);
});

test.each<[platform: NodeJS.Platform, command: string]>([
  ['linux', 'xdg-open'],
  ['darwin', 'open'],
  ['win32', 'cmd'],
])('%s opens the address with %s, as one argument', (platform, command) => {
  const [program, args] = browserCommand(URL, platform);
  expect(program).toBe(command);
  expect(args.at(-1)).toBe(URL);
});
