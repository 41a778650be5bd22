import { expect, test } from 'vitest';
import { decideNavigation, findConsoleOrigin, mayDownload, toPlace, toSamePlace } from './navigation.ts';

const HOST = 'http://127.0.0.1:43117/#code=ABCD-EFGH';

test.each([
  'http://127.0.0.1:43117/',
  'http://127.0.0.1:43117/env/sandbox~shop-platform/traffic?filter=status:5xx',
  'HTTP://127.0.0.1:43117/',
  // Other spellings of one address: the parser gives the same origin, so the same host answers.
  'http://2130706433:43117/',
  'http://127.1:43117/',
  'http://127.0.0.1.:43117/',
  'http:\\\\127.0.0.1:43117\\',
])('inside: %s', (target) => {
  expect(decideNavigation(target, HOST)).toEqual({ to: 'inside' });
});

test.each([
  ['https://docs.docker.com/compose/', 'https://docs.docker.com/compose/'],
  ['https://DOCS.docker.com', 'https://docs.docker.com/'],
  ['https://nginx.org/en/docs/http/ngx_http_limit_req_module.html', undefined],
  ['https://prometheus.io/docs/prometheus/latest/querying/basics/#a', undefined],
  ['https:\\\\opentelemetry.io\\docs\\', 'https://opentelemetry.io/docs/'],
])('to the browser: %s', (target, url = target) => {
  expect(decideNavigation(target, HOST)).toEqual({ to: 'browser', url });
});

test.each([
  // Another port, name, protocol or spelling of ours.
  'http://127.0.0.1:43118/',
  'http://127.0.0.1/',
  'http://localhost:43117/',
  'http://[::1]:43117/',
  'https://127.0.0.1:43117/',
  'ws://127.0.0.1:43117/api',
  'ftp://127.0.0.1:43117/',
  'filesystem:http://127.0.0.1:43117/temporary/x',
  'blob:http://127.0.0.1:43117/8c1f',
  'view-source:http://127.0.0.1:43117/',
  // Ours in the wrong place.
  'http://127.0.0.1:43117@evil.com/',
  'http://127.0.0.1:43117%40evil.com/',
  'http://127.0.0.1:43117.evil.com/',
  'http://evil.com:43117/',
  'http://evil.com/?http://127.0.0.1:43117/',
  'http://evil.com#@127.0.0.1:43117/',
  'http://evil.com\\@127.0.0.1:43117/',
  'http://user:secret@127.0.0.1:43117/',
  'http://@evil.com/127.0.0.1:43117/',
  '//127.0.0.1:43117/',
  // Documentation in the wrong place, without encryption, or beside the documented part.
  'http://docs.docker.com/',
  'https://docs.docker.com:8443/',
  'https://docs.docker.com.evil.com/',
  'https://docs.docker.com@evil.com/',
  'https://user:secret@docs.docker.com/',
  'https://evil.com/docs.docker.com/',
  'https://evildocs.docker.com/',
  'https://dосs.docker.com/',
  'https://nginx.org/en/docs/../../download',
  'https://prometheus.io/docs/%2e%2e/blog/',
  'https://grafana.com/docs',
  'blob:https://docs.docker.com/8c1f',
  // Programs and files of this machine.
  'file:///etc/passwd',
  'file://server/share/run.exe',
  'smb://server/share',
  'ms-msdt:/id PCWDiagnostic',
  'vscode://file/etc/passwd',
  'mailto:operator@example.com',
  'chrome://settings',
  'devtools://devtools/bundled/inspector.html',
  'about:blank',
  'about:srcdoc',
  // Script and text as an address.
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  'javascript://127.0.0.1:43117/%0aalert(1)',
  'data:text/html,<script>1</script>',
  'data:text/html;base64,PHNjcmlwdD4=',
  'blob:null/8c1f',
  'blob:http://evil.com/1',
  '',
  'not a url',
  'http://',
])('nowhere: %s', (target) => {
  expect(decideNavigation(target, HOST)).toEqual({ to: 'nowhere' });
});

test('an address that is too long is not looked at', () => {
  expect(decideNavigation(`http://127.0.0.1:43117/${'a'.repeat(8192)}`, HOST)).toEqual({ to: 'nowhere' });
});

test('without a host nothing is inside', () => {
  expect(decideNavigation('http://127.0.0.1:43117/', undefined)).toEqual({ to: 'nowhere' });
});

test.each([
  ['blob:http://127.0.0.1:43117/8c1f', true],
  ['http://127.0.0.1:43117/export.har', true],
  ['blob:http://evil.com/8c1f', false],
  ['blob:blob:http://127.0.0.1:43117/8c1f', false],
  ['blob:null/8c1f', false],
  ['data:application/octet-stream,x', false],
  ['https://docs.docker.com/installer.exe', false],
  ['file:///etc/passwd', false],
])('a download of %s: %s', (target, may) => {
  expect(mayDownload(target, HOST)).toBe(may);
});

test('the origin of the console is found, and of nothing else', () => {
  expect(findConsoleOrigin('http://127.0.0.1:43117/env/a/routes', HOST)).toBe('http://127.0.0.1:43117');
  expect(findConsoleOrigin('data:text/html,x', HOST)).toBeUndefined();
});

test('a place is put into the address of a host, whose code and origin stay', () => {
  const entry = 'http://127.0.0.1:50000/#code=ABCD-EFGH';
  expect(toPlace(entry, '/env/a~b/traffic?filter=x')).toBe(
    'http://127.0.0.1:50000/env/a~b/traffic?filter=x#code=ABCD-EFGH',
  );
  expect(toPlace(entry, '//evil.com/x')).toBe('http://127.0.0.1:50000/x#code=ABCD-EFGH');
});

test.each([
  [
    'http://127.0.0.1:43117/env/a~b/traffic?filter=x#y',
    'http://127.0.0.1:50000/env/a~b/traffic?filter=x#code=ABCD-EFGH',
  ],
  ['data:text/html,x', 'http://127.0.0.1:50000/#code=ABCD-EFGH'],
  ['', 'http://127.0.0.1:50000/#code=ABCD-EFGH'],
  ['http://evil.com/env/a', 'http://127.0.0.1:50000/#code=ABCD-EFGH'],
])('a restarted host is shown where the window was: %s', (last, expected) => {
  expect(toSamePlace('http://127.0.0.1:50000/#code=ABCD-EFGH', last)).toBe(expected);
});
