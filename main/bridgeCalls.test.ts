import { expect, test } from 'vitest';
import type { BridgeCall } from './bridge.ts';
import { type CallingFrame, checkCaller, checkNoInput, parseAppearance } from './bridgeCalls.ts';

const PAGES = { hostUrl: 'http://127.0.0.1:43117/#code=ABCD-EFGH', failureUrl: 'data:text/html;base64,QUJD' };
const CONSOLE: CallingFrame = { url: 'http://127.0.0.1:43117/env/a~b/routes', isMainFrame: true };
const FAILURE: CallingFrame = { url: PAGES.failureUrl, isMainFrame: true };
const CALLS: BridgeCall[] = ['setAppearance', 'reportState', 'openLogFolder', 'restartHost', 'quit'];

function callsOf(frame: CallingFrame | null, pages: Parameters<typeof checkCaller>[2] = PAGES): BridgeCall[] {
  return CALLS.filter((call) => {
    try {
      checkCaller(call, frame, pages);
      return true;
    } catch {
      return false;
    }
  });
}

test('each page may call what is its own', () => {
  expect(callsOf(CONSOLE)).toEqual(['setAppearance', 'reportState', 'openLogFolder']);
  expect(callsOf(FAILURE)).toEqual(['openLogFolder', 'restartHost', 'quit']);
});

test.each<[name: string, frame: CallingFrame | null]>([
  ['a frame that is gone', null],
  ['a frame inside the console', { ...CONSOLE, isMainFrame: false }],
  ['a frame inside the failure page', { ...FAILURE, isMainFrame: false }],
  ['another page that is a data address', { ...FAILURE, url: 'data:text/html;base64,QUJDRA==' }],
  ['a failure page with a fragment', { ...FAILURE, url: `${PAGES.failureUrl}#` }],
  ['another port', { ...CONSOLE, url: 'http://127.0.0.1:43118/' }],
  ['a blob of the console', { ...CONSOLE, url: 'blob:http://127.0.0.1:43117/8c1f' }],
  ['a name that looks like the console', { ...CONSOLE, url: 'http://127.0.0.1:43117@evil.com/' }],
  ['a page before its first address', { ...CONSOLE, url: '' }],
  ['a blank page', { ...CONSOLE, url: 'about:blank' }],
])('%s may call nothing', (_name, frame) => {
  expect(callsOf(frame)).toEqual([]);
});

test('what is not shown may call nothing', () => {
  expect(callsOf(FAILURE, { ...PAGES, failureUrl: undefined })).toEqual([]);
  expect(callsOf(CONSOLE, { ...PAGES, hostUrl: undefined })).toEqual([]);
});

test('an appearance is one of three words', () => {
  expect(parseAppearance(['auto'])).toBe('auto');
  for (const input of [[], ['Dark'], ['system'], [['dark']], ['dark', 'dark'], [{}], [null], ['constructor']]) {
    expect(() => parseAppearance(input)).toThrow('dark, light, auto');
  }
});

test('calls without input refuse some', () => {
  expect(() => checkNoInput('quit', [])).not.toThrow();
  expect(() => checkNoInput('quit', [undefined])).toThrow('quit takes no input');
});
