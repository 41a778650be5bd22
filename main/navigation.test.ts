import { expect, test } from 'vitest';
import { decideNavigation, type Navigation } from './navigation.ts';

const HOST = 'http://127.0.0.1:43117/#code=ABCD-EFGH';

test.each<[target: string, navigation: Navigation]>([
  ['http://127.0.0.1:43117/', 'inside'],
  ['http://127.0.0.1:43117/env/sandbox~shop-platform/traffic?filter=status:5xx', 'inside'],
  ['https://opentelemetry.io/docs/', 'browser'],
  ['http://127.0.0.1:43118/', 'refuse'],
  ['http://localhost:43117/', 'refuse'],
  ['https://127.0.0.1:43117/', 'browser'],
  ['http://127.0.0.1:43117@evil.com/', 'refuse'],
  ['http://user:secret@127.0.0.1:43117/', 'refuse'],
  ['https://user:secret@evil.com/', 'refuse'],
  ['http://127.0.0.1:43117.evil.com/', 'refuse'],
  ['http://evil.com/', 'refuse'],
  ['ws://127.0.0.1:43117/api', 'refuse'],
  ['file:///etc/passwd', 'refuse'],
  ['javascript:alert(1)', 'refuse'],
  ['data:text/html,<script>1</script>', 'refuse'],
  ['blob:http://evil.com/1', 'refuse'],
  ['about:blank', 'refuse'],
  ['chrome://settings', 'refuse'],
  ['smb://server/share', 'refuse'],
  ['ms-msdt:/id', 'refuse'],
  ['', 'refuse'],
  ['not a url', 'refuse'],
])('%s', (target, navigation) => {
  expect(decideNavigation(target, HOST)).toBe(navigation);
});

test('a blob of the console itself (an export to save) stays inside', () => {
  expect(decideNavigation('blob:http://127.0.0.1:43117/8c1f', HOST)).toBe('inside');
});
