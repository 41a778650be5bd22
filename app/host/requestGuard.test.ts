import { describe, expect, test } from 'vitest';
import { decide, type GuardedRequest } from './requestGuard.ts';

const PORT = 7788;
const HOST = `127.0.0.1:${PORT}`;
const ORIGIN = `http://${HOST}`;

type Headers = [string, string][];
type Change = Partial<Omit<GuardedRequest, 'headers'>> & { headers?: Headers };

function get(headers: Headers = [], change: Change = {}): GuardedRequest {
  return {
    method: 'GET',
    target: '/',
    remoteAddress: '127.0.0.1',
    port: PORT,
    upgrade: false,
    ...change,
    headers: [['Host', HOST], ...headers],
  };
}

/** A request whose Host is the only thing that is wrong. */
function withHost(...hosts: string[]): GuardedRequest {
  return { ...get(), headers: hosts.map((host): [string, string] => ['Host', host]) };
}

function target(path: string): GuardedRequest {
  return get([], { target: path });
}

function post(headers: Headers, path = '/session'): GuardedRequest {
  return get([['Content-Type', 'application/json'], ...headers], { method: 'POST', target: path });
}

function upgrade(headers: Headers, path = '/api'): GuardedRequest {
  return get(headers, { upgrade: true, target: path });
}

describe('the request guard refuses', () => {
  test.each<[attack: string, request: GuardedRequest, status: number, code: string]>([
    // DNS rebinding and its relatives: the name in Host is not ours.
    ['DNS rebinding', withHost('attacker.example:7788'), 421, 'host-not-allowed'],
    ['a public name that resolves to loopback', withHost('127.0.0.1.nip.io:7788'), 421, 'host-not-allowed'],
    ['a subdomain of an evil localhost', withHost('localhost.evil.com:7788'), 421, 'host-not-allowed'],
    ['a name below localhost', withHost('evil.localhost:7788'), 421, 'host-not-allowed'],
    ['our address as a prefix', withHost('127.0.0.1.evil.com:7788'), 421, 'host-not-allowed'],
    ['our address as a suffix', withHost('evil-127.0.0.1:7788'), 421, 'host-not-allowed'],
    ['another port', withHost('127.0.0.1:7789'), 421, 'host-not-allowed'],
    ['no port', withHost('127.0.0.1'), 421, 'host-not-allowed'],
    ['a port with a leading zero', withHost('127.0.0.1:07788'), 421, 'host-not-allowed'],
    ['a port with more after it', withHost('127.0.0.1:77880'), 421, 'host-not-allowed'],
    ['upper case', withHost('LOCALHOST:7788'), 421, 'host-not-allowed'],
    ['a trailing dot', withHost('localhost.:7788'), 421, 'host-not-allowed'],
    ['userinfo', withHost('localhost:7788@evil.com'), 421, 'host-not-allowed'],
    ['userinfo before us', withHost('evil.com@127.0.0.1:7788'), 421, 'host-not-allowed'],
    ['another loopback address', withHost('127.0.0.2:7788'), 421, 'host-not-allowed'],
    ['the short form of loopback', withHost('127.1:7788'), 421, 'host-not-allowed'],
    ['loopback as a number', withHost('2130706433:7788'), 421, 'host-not-allowed'],
    ['loopback in octal', withHost('0177.0.0.1:7788'), 421, 'host-not-allowed'],
    ['the any address', withHost('0.0.0.0:7788'), 421, 'host-not-allowed'],
    ['IPv6 without brackets', withHost('::1:7788'), 421, 'host-not-allowed'],
    ['IPv6 written long', withHost('[0:0:0:0:0:0:0:1]:7788'), 421, 'host-not-allowed'],
    ['IPv4 mapped into IPv6', withHost('[::ffff:127.0.0.1]:7788'), 421, 'host-not-allowed'],
    ['IPv6 with a zone', withHost('[::1%25lo]:7788'), 421, 'host-not-allowed'],
    ['a list of hosts', withHost(`${HOST}, evil.com`), 421, 'host-not-allowed'],
    ['several Host headers', withHost(HOST, 'evil.com'), 400, 'host-repeated'],
    [
      'the same Host twice, in another case',
      {
        ...get(),
        headers: [
          ['Host', HOST],
          ['hOsT', HOST],
        ],
      },
      400,
      'host-repeated',
    ],
    ['an empty Host', withHost(''), 421, 'host-not-allowed'],
    ['no Host', withHost(), 421, 'host-not-allowed'],
    ['X-Forwarded-Host in place of Host', { ...get(), headers: [['X-Forwarded-Host', HOST]] }, 421, 'host-not-allowed'],

    // Where the connection comes from.
    ['a peer in the network', get([], { remoteAddress: '192.168.1.20' }), 403, 'peer-not-local'],
    ['a peer whose name only begins with 127', get([], { remoteAddress: '127.evil' }), 403, 'peer-not-local'],
    ['a mapped peer in the network', get([], { remoteAddress: '::ffff:10.0.0.1' }), 403, 'peer-not-local'],
    ['a peer that has gone', get([], { remoteAddress: undefined }), 403, 'peer-not-local'],

    // Other sites.
    ['another site', get([['Origin', 'https://evil.example']]), 403, 'origin-not-allowed'],
    ['a sandboxed frame or a file', get([['Origin', 'null']]), 403, 'origin-not-allowed'],
    ['our name on another port', get([['Origin', 'http://127.0.0.1:3000']]), 403, 'origin-not-allowed'],
    ['our name over https', get([['Origin', `https://${HOST}`]]), 403, 'origin-not-allowed'],
    ['our origin with a path', get([['Origin', `${ORIGIN}/`]]), 403, 'origin-not-allowed'],
    ['our origin as a prefix', get([['Origin', `${ORIGIN}.evil.com`]]), 403, 'origin-not-allowed'],
    ['our origin with userinfo', get([['Origin', `http://127.0.0.1:7788@evil.com`]]), 403, 'origin-not-allowed'],
    ['localhost as origin of 127.0.0.1', get([['Origin', 'http://localhost:7788']]), 403, 'origin-not-allowed'],
    [
      'two Origins',
      get([
        ['Origin', ORIGIN],
        ['Origin', 'http://evil.com'],
      ]),
      403,
      'origin-not-allowed',
    ],
    ['a list of Origins', get([['Origin', `${ORIGIN} http://evil.com`]]), 403, 'origin-not-allowed'],
    ['an empty Origin', get([['Origin', '']]), 403, 'origin-not-allowed'],
    ['an image of another site', get([['Sec-Fetch-Site', 'cross-site']]), 403, 'cross-site'],
    ['another port of this machine', get([['Sec-Fetch-Site', 'same-site']]), 403, 'cross-site'],
    [
      'two Sec-Fetch-Site',
      get([
        ['Sec-Fetch-Site', 'same-origin'],
        ['Sec-Fetch-Site', 'cross-site'],
      ]),
      403,
      'cross-site',
    ],
    ['an unknown Sec-Fetch-Site', get([['Sec-Fetch-Site', 'sibling']]), 403, 'cross-site'],

    // Session and socket.
    ['a post without Origin', post([]), 403, 'origin-missing'],
    ['a post of another site', post([['Origin', 'https://evil.example']]), 403, 'origin-not-allowed'],
    [
      'a post of a form',
      {
        ...post([['Origin', ORIGIN]]),
        headers: [
          ['Host', HOST],
          ['Origin', ORIGIN],
          ['Content-Type', 'text/plain'],
        ],
      },
      415,
      'content-type-not-json',
    ],
    [
      'a post without a type',
      {
        ...post([['Origin', ORIGIN]]),
        headers: [
          ['Host', HOST],
          ['Origin', ORIGIN],
        ],
      },
      415,
      'content-type-not-json',
    ],
    ['a post for a code without Origin', post([], '/session/code'), 403, 'origin-missing'],
    ['a post elsewhere', post([['Origin', ORIGIN]], '/'), 405, 'method-not-allowed'],
    ['a get of the session', target('/session'), 405, 'method-not-allowed'],
    ['a socket without Origin', upgrade([]), 403, 'origin-missing'],
    ['a socket of another site', upgrade([['Origin', 'http://evil.example']]), 403, 'origin-not-allowed'],
    ['a socket of a null Origin', upgrade([['Origin', 'null']]), 403, 'origin-not-allowed'],
    [
      'a socket with a cross-site mark',
      upgrade([
        ['Origin', ORIGIN],
        ['Sec-Fetch-Site', 'cross-site'],
      ]),
      403,
      'cross-site',
    ],
    ['a socket elsewhere', upgrade([['Origin', ORIGIN]], '/'), 404, 'socket-not-here'],
    ['a socket below the API', upgrade([['Origin', ORIGIN]], '/api/x'), 404, 'socket-not-here'],
    ['a socket by POST', { ...upgrade([['Origin', ORIGIN]]), method: 'POST' }, 404, 'socket-not-here'],
    ['the API without a socket', target('/api?batch=1'), 426, 'socket-expected'],

    // Methods and targets.
    ['PUT', get([], { method: 'PUT' }), 405, 'method-not-allowed'],
    ['DELETE', get([], { method: 'DELETE' }), 405, 'method-not-allowed'],
    ['TRACE', get([], { method: 'TRACE' }), 405, 'method-not-allowed'],
    ['a preflight', get([['Origin', ORIGIN]], { method: 'OPTIONS' }), 405, 'method-not-allowed'],
    ['a method in lower case', get([], { method: 'get' }), 405, 'method-not-allowed'],
    ['CONNECT', get([], { method: 'CONNECT', target: '127.0.0.1:22' }), 400, 'target-not-a-path'],
    ['the asterisk form', get([], { method: 'OPTIONS', target: '*' }), 400, 'target-not-a-path'],
    ['the absolute form', target(`http://${HOST}/`), 400, 'target-not-a-path'],
    ['the absolute form of another host', target('http://evil.com/'), 400, 'target-not-a-path'],
    ['an empty target', target(''), 400, 'target-not-a-path'],
    ['an authority in the path', target('//evil.com/'), 400, 'target-not-a-path'],
    ['traversal', target('/../etc/passwd'), 400, 'target-malformed'],
    ['traversal inside', target('/assets/../../etc/passwd'), 400, 'target-malformed'],
    ['traversal at the end', target('/assets/..'), 400, 'target-malformed'],
    ['encoded traversal', target('/%2e%2e/etc/passwd'), 400, 'target-malformed'],
    ['encoded slashes in traversal', target('/..%2f..%2fetc/passwd'), 400, 'target-malformed'],
    ['traversal encoded twice', target('/%252e%252e%252fetc'), 400, 'target-malformed'],
    ['backslashes', target('/..\\etc'), 400, 'target-malformed'],
    ['encoded backslashes', target('/..%5cetc'), 400, 'target-malformed'],
    ['NUL', target('/index.html%00.png'), 400, 'target-malformed'],
    ['an encoded line break', target('/%0d%0aSet-Cookie:x'), 400, 'target-malformed'],
    ['a bad percent', target('/%zz'), 400, 'target-malformed'],
    ['half of a UTF-8 character', target('/%c3'), 400, 'target-malformed'],
    ['an overlong encoding', target('/%c0%ae%c0%ae/'), 400, 'target-malformed'],
    ['bytes above ASCII', target('/\u00e4'), 400, 'target-malformed'],
    ['a space', target('/a b'), 400, 'target-malformed'],
    ['a fragment', target('/#code=AAAA-BBBB'), 400, 'target-malformed'],
    ['a very long target', target(`/${'a'.repeat(9000)}`), 414, 'target-too-long'],
  ])('%s', (_attack, request, status, code) => {
    expect(decide(request)).toMatchObject({ allow: false, status, code });
  });
});

describe('the request guard lets pass', () => {
  test.each<[what: string, request: GuardedRequest, path: string]>([
    ['the address bar', get([['Sec-Fetch-Site', 'none']]), '/'],
    ['curl, which says nothing', get(), '/'],
    ['localhost', withHost('localhost:7788'), '/'],
    ['IPv6 loopback', withHost('[::1]:7788'), '/'],
    ['a mapped loopback peer', get([], { remoteAddress: '::ffff:127.0.0.1' }), '/'],
    ['an IPv6 loopback peer', get([], { remoteAddress: '::1' }), '/'],
    [
      'an address of the console',
      target('/env/sandbox~shop-platform/traffic?filter=status:5xx%20ms%3E500'),
      '/env/sandbox~shop-platform/traffic',
    ],
    ['an encoded name in an address', target('/env/a~b/services/caf%C3%A9'), '/env/a~b/services/caf%C3%A9'],
    ['two dots inside a name', target('/assets/a..b.js'), '/assets/a..b.js'],
    ['HEAD', get([], { method: 'HEAD' }), '/'],
    [
      'a script of the page',
      get(
        [
          ['Sec-Fetch-Site', 'same-origin'],
          ['Origin', ORIGIN],
        ],
        { target: '/assets/x.js' },
      ),
      '/assets/x.js',
    ],
    [
      'the exchange',
      post([
        ['Origin', ORIGIN],
        ['Sec-Fetch-Site', 'same-origin'],
      ]),
      '/session',
    ],
    ['a new code for the command line', post([['Origin', ORIGIN]], '/session/code'), '/session/code'],
    ['the socket', upgrade([['Origin', ORIGIN]]), '/api'],
    ['the socket with connection parameters', upgrade([['Origin', ORIGIN]], '/api?connectionParams=1'), '/api'],
  ])('%s', (_what, request, path) => {
    expect(decide(request)).toMatchObject({ allow: true, path });
  });

  test('the socket of a page that was opened as localhost', () => {
    const request = {
      ...upgrade([]),
      headers: [
        ['Host', 'localhost:7788'],
        ['Origin', 'http://localhost:7788'],
      ] as Headers,
    };
    expect(decide(request)).toMatchObject({ allow: true, host: 'localhost:7788' });
  });
});
