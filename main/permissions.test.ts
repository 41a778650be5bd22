import { expect, test } from 'vitest';
import { isGranted, PERMISSION_RULES } from './permissions.ts';

const CONSOLE = { consoleOrigin: 'http://127.0.0.1:43117', isMainFrame: true };

test('two permissions are granted, each with a reason, and no other', () => {
  const granted = Object.keys(PERMISSION_RULES).filter((permission) => isGranted({ ...CONSOLE, permission }));
  expect(granted).toEqual(['clipboard-sanitized-write', 'fullscreen']);
  for (const [, reason] of Object.values(PERMISSION_RULES)) expect(reason.length).toBeGreaterThan(10);
});

test.each(['', 'constructor', '__proto__', 'toString', 'a-permission-of-tomorrow', 'CLIPBOARD-SANITIZED-WRITE'])(
  'what the table does not name is denied: %j',
  (permission) => {
    expect(isGranted({ ...CONSOLE, permission })).toBe(false);
  },
);

test("even what is granted is the console's alone", () => {
  const permission = 'clipboard-sanitized-write';
  expect(isGranted({ ...CONSOLE, permission, isMainFrame: false })).toBe(false);
  expect(isGranted({ ...CONSOLE, permission, consoleOrigin: undefined })).toBe(false);
});
