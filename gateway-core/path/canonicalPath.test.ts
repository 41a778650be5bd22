import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalisePath } from './canonicalPath.ts';

const accepted: [path: string, canonical: string][] = [
  ['/', '/'],
  ['/ai/search/query/', '/ai/search/query/'],
  ["/a-b._~!$&'()*+,;=:@", "/a-b._~!$&'()*+,;=:@"],
  // RFC 3986, 6.2.2.2: unreserved characters are the same encoded or not.
  ['/%61%64%6D%69%6e', '/admin'],
  ['/%7Euser', '/~user'],
  ['/a%2Eb', '/a.b'],
  ['/caf%c3%a9', '/caf%C3%A9'],
  ['/caf\u00c3\u00a9', '/caf%C3%A9'],
  ['/a%20b', '/a%20b'],
  ['/100%25', '/100%25'],
  // Runs of slashes are one slash.
  ['//', '/'],
  ['//evil.example/x', '/evil.example/x'],
  ['/backend//auth///login', '/backend/auth/login'],
  // Dots that are no dot segment.
  ['/...', '/...'],
  ['/a..b/.hidden/x.', '/a..b/.hidden/x.'],
  ['/.well-known/x', '/.well-known/x'],
  // Double encoding stays text: whoever decodes twice does it himself.
  ['/%252e%252e/x', '/%252e%252e/x'],
  ['/%252fetc', '/%252fetc'],
  // What browsers leave bare.
  ['/a|b[c]^`{d}"<e>', '/a%7Cb%5Bc%5D%5E%60%7Bd%7D%22%3Ce%3E'],
];

const refused: [path: string, why: RegExp][] = [
  ['', /slash/],
  ['admin', /slash/],
  ['/a/./b', /dot segment/],
  ['/a/../b', /dot segment/],
  ['/..', /dot segment/],
  ['/.', /dot segment/],
  ['/a/..', /dot segment/],
  ['/%2e%2e/x', /dot segment/],
  ['/%2E./x', /dot segment/],
  ['/.%2e/x', /dot segment/],
  ['/%2e/x', /dot segment/],
  ['/a/%2e%2E/', /dot segment/],
  ['/..;/x', /dot segment/],
  ['/a/..;jsessionid=1/x', /dot segment/],
  ['/..%3b/x', /dot segment/],
  ['/..%3Ba=b/x', /dot segment/],
  ['/.;x/', /dot segment/],
  ['/a//../b', /dot segment/],
  ['/..%2fx', /encoded slash/],
  ['/backend%2Fauth', /encoded slash/],
  ['/a%2f', /encoded slash/],
  ['/..%5cx', /encoded backslash/],
  ['/a\\b', /backslash/],
  ['/a%5C..', /encoded backslash/],
  ['/a\0b', /NUL/],
  ['/a%00.png', /%00/],
  ['/a%0d%0aSet-Cookie:x', /control/],
  ['/a%7f', /control/],
  ['/a b', /control character or a space/],
  ['/a\tb', /control/],
  ['/a\r\nb', /control/],
  ['/a\x7fb', /control/],
  ['/%', /percent escape/],
  ['/%2', /percent escape/],
  ['/%zz', /percent escape/],
  ['/%u002e', /percent escape/],
  ['/%-1', /percent escape/],
  ['/a#b', /fragment/],
  ['/a?b', /query/],
  // Overlong forms of "." and "/", a lone surrogate, bytes that are no UTF-8.
  ['/%c0%ae%c0%ae/x', /UTF-8/],
  ['/%c0%af', /UTF-8/],
  ['/%e0%80%af', /UTF-8/],
  ['/%f0%80%80%af', /UTF-8/],
  ['/%ed%a0%80', /UTF-8/],
  ['/%ff', /UTF-8/],
  ['/caf\u00e9', /UTF-8/],
  ['/\u2215', /not a byte/],
];

describe('canonicalisePath', () => {
  test.each(accepted)('%j becomes %j', (path, canonical) => {
    expect(canonicalisePath(path)).toEqual({ ok: true, path: canonical });
  });

  test.each(refused)('%j is refused', (path, why) => {
    const result = canonicalisePath(path);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.detail).toMatch(why);
  });

  const piece = fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    '%2E',
    '%2f',
    '%5c',
    '%00',
    '%25',
    ';',
    'a',
    'B',
    '~',
    '|',
    '%41',
    '%c3%a9',
    '\\',
    '\xe9',
    '%',
  );
  const paths = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

  test('what is canonical stays as it is', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const once = canonicalisePath(path);
        if (once.ok) expect(canonicalisePath(once.path)).toEqual(once);
      }),
    );
  });

  test('no reader, however lenient, finds a dot segment, a slash or a NUL that was hidden', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const result = canonicalisePath(path);
        if (!result.ok) return;
        const read = Buffer.from(decodeURIComponent(result.path)).toString('latin1');
        expect(read.split('/')).toHaveLength(result.path.split('/').length);
        for (const segment of read.split(/[/\\]/)) expect(['.', '..']).not.toContain(segment.split(';')[0]);
        expect(read).not.toMatch(/[\0\\]|\/\//);
        // A URL parser on the way changes nothing either.
        expect(new URL(`http://h${result.path}`).pathname).toBe(result.path);
      }),
    );
  });

  test('a long path takes linear time', () => {
    const began = performance.now();
    canonicalisePath(`/${'a'.repeat(100_000)}!\\`);
    canonicalisePath(`/${'%41/'.repeat(50_000)}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
