import { describe, expect, it } from 'vitest';
import { type CurlSource, toCurlCommand } from './curlCommand.ts';

const source: CurlSource = {
  method: 'GET',
  host: 'localhost:8080',
  path: '/api/ai/search/query/',
  requestHeaders: [],
  requestBytes: 0,
};
const curl = 'curl --globoff --path-as-is';

const cases: [name: string, parts: Partial<CurlSource>, command: string][] = [
  ['a plain request', {}, `${curl} http://localhost:8080/api/ai/search/query/`],
  ['a query', { path: '/a?q=lamp&n=1' }, `${curl} 'http://localhost:8080/a?q=lamp&n=1'`],
  ['a method', { method: 'POST' }, `${curl} -X POST http://localhost:8080/api/ai/search/query/`],
  ['HEAD', { method: 'HEAD' }, `${curl} --head http://localhost:8080/api/ai/search/query/`],
  [
    'a method with a quote, which is a token (RFC 9110)',
    { method: "GET'$X" },
    `${curl} -X 'GET'\\''$X' http://localhost:8080/api/ai/search/query/`,
  ],
  ['a method that is none', { method: 'GET; rm' }, `${curl} http://localhost:8080/api/ai/search/query/`],
  [
    'headers',
    {
      requestHeaders: [
        ['Accept', '*/*'],
        ['Host', 'x'],
        ['Content-Length', '3'],
        ['X-Empty', ''],
      ],
    },
    `${curl} http://localhost:8080/api/ai/search/query/ -H 'Accept: */*' -H 'X-Empty;'`,
  ],
  [
    'a header that curl would read from a file',
    { requestHeaders: [['@/etc/passwd', 'x']] },
    `${curl} http://localhost:8080/api/ai/search/query/`,
  ],
  [
    'what was redacted, and a body',
    { method: 'PUT', requestHeaders: [['Authorization', '[redacted]']], requestBytes: 12 },
    `${curl} -X PUT http://localhost:8080/api/ai/search/query/ # left out: authorization, body of 12 bytes`,
  ],
  [
    'a path that breaks out of quotes',
    { path: "/'; rm -rf ~; '" },
    `${curl} 'http://localhost:8080/'\\''; rm -rf ~; '\\'''`,
  ],
  ['a host that is none', { host: 'a b$(id)' }, `${curl} http://localhost:8080/api/ai/search/query/`],
  ['a host that points elsewhere', { host: 'x@evil.example/' }, `${curl} http://localhost:8080/api/ai/search/query/`],
  ['an IPv6 host', { host: '[::1]:8080' }, `${curl} 'http://[::1]:8080/api/ai/search/query/'`],
];

describe('toCurlCommand', () => {
  it.each(cases)('%s', (_name, parts, command) => {
    expect(toCurlCommand({ ...source, ...parts })).toBe(command);
  });
});
