import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';

const faultOf = (route: object, rest: object = {}): string => {
  const document = { version: 1, upstreams: { app: { url: 'http://app:1' } }, routes: [route], ...rest };
  try {
    loadConfig(JSON.stringify(document));
    return 'fine';
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0]?.replace(/^gateway\.yaml:\d+:\d+: /, '') ?? '') : '';
  }
};
const app = (more: object) => ({ id: 'r', paths: ['/a'], upstream: 'app', ...more });
const away = (redirect: object, paths: unknown[] = ['/old']) => ({ id: 'r', paths, redirect });

test.each<[what: string, route: object, message: RegExp]>([
  ['no upstream and no redirect', { id: 'r', paths: ['/a'] }, /^routes\[0\]: the key "upstream" is missing; add it, or "redirect"/],
  ['an upstream and a redirect', app({ redirect: { to: '/b' } }), /^routes\[0\]\.redirect: route "r" has an upstream and a redirect/],
  ['a rewrite of a redirect', { ...away({ to: '/b' }), rewrite: { prefix: '/' } }, /redirects, so nothing is rewritten/],
  ['a variable that is part of a segment', app({ paths: [{ template: '/u/{id}.json' }] }), /^routes\[0\]\.paths\[0\]\.template: .*a variable is a whole segment/],
  ['a variable twice', app({ paths: [{ template: '/{a}/{a}' }] }), /has the variable \{a\} twice/],
  ['a template without a variable', app({ paths: [{ template: '/a' }] }), /has no variable; write it as \{ exact: "\/a" \}/],
  ['a template with a dot segment', app({ paths: [{ template: '/a/../{b}' }] }), /dot segment/],
  ['an exact path with a variable', app({ paths: [{ exact: '/a/{b}' }] }), /a path with variables is written \{ template/],
  ['a prefix with a variable', app({ paths: ['/a/{b}'] }), /or a path with variables as \{ template/],
  ['two forms at once', app({ paths: [{ exact: '/a', template: '/{a}' }] }), /must NOT have more than 1 properties/],
  ['no form', app({ paths: [{}] }), /must NOT have fewer than 1 properties/],
  ['a regular expression', app({ paths: [{ regex: '^/a' }] }), /unknown key "regex"; known here: exact, template/],
  ['a reserved exact path', app({ paths: [{ exact: '/metrics' }] }), /answered by the gateway itself/],
  ['a prefix to replace where there is none', app({ paths: [{ exact: '/a' }], rewrite: { prefix: '/' } }), /has no prefix to replace; use rewrite\.path/],
  ['a variable that no path gives', app({ paths: [{ template: '/{a}' }, '/b'], rewrite: { path: '/x/{a}' } }), /uses \{a\}, which the path "\/b" does not have/],
  ['a rewrite that is not canonical', app({ rewrite: { path: '/x//y' } }), /would never match; write it as "\/x\/y"/],
  ['a redirect to a host without a scheme', away({ to: '//evil.example/' }), /^routes\[0\]\.redirect\.to: .*would never match/],
  ['a redirect with a user', away({ to: 'https://u:p@shop.example/' }), /carries a name and password/],
  ['a redirect to a port that goes without saying', away({ to: 'https://shop.example:443/' }), /its beginning is written https:\/\/shop\.example/],
  ['a redirect with a variable in the host', away({ to: 'https://{x}/a' }, [{ template: '/{x}' }]), /is not a URL|canonical form/],
  ['a redirect with a query', away({ to: '/new?a=1' }), /is a pattern|not a path/],
  ['a redirect to itself', away({ to: '/old/new' }), /is itself matched by "\/old", so a client would go round in circles/],
  ['a redirect of a template to itself', away({ to: '/b/{x}' }, [{ template: '/{a}/{x}' }]), /round in circles/],
  ['a rest that an exact path does not have', away({ to: '/new', keepRest: true }, [{ exact: '/old' }]), /has no rest to keep/],
  ['another status', away({ to: '/new', status: 200 }), /redirect\.status: 200/],
  ['a match by host as a field', app({ matchHeaders: { Host: { equals: 'x' } } }), /matched by hosts/],
  ['a match by a claim of a proxy', app({ matchHeaders: { 'X-Forwarded-For': { present: true } } }), /gateway's own/],
  ['a match by one field twice', app({ matchHeaders: { 'X-A': { present: true }, 'x-a': { equals: '1' } } }), /are the same field/],
  ['a match in two ways', app({ matchHeaders: { 'X-A': { present: true, equals: '1' } } }), /more than 1 properties/],
  ['a match by a field with an underscore', app({ matchHeaders: { X_A: { present: true } } }), /must match pattern/],
])('refuses %s', (_what, route, message) => expect(faultOf(route)).toMatch(message)); // biome-ignore format: a table

test.each<[name: string, where: string]>([
  ['Host', 'request.set'],
  ['Content-Length', 'response.set'],
  ['Transfer-Encoding', 'request.add'],
  ['Connection', 'response.remove'],
  ['Trailer', 'response.set'],
  ['X-Forwarded-For', 'request.set'],
  ['X-Gatehouse-Identity', 'request.set'],
  ['X-Request-Id', 'response.remove'],
  ['Via', 'request.remove'],
])('a header rule may not name %s under %s', (name, where) => {
  const [direction = '', verb = ''] = where.split('.');
  const rules = { [direction]: { [verb]: verb === 'remove' ? [name] : { [name]: 'x' } } };
  const expected = new RegExp(`${direction}\\.${verb}.*: the field "${name}" is the gateway's own to write`);
  expect(faultOf(app({ headers: rules }))).toMatch(expected);
  expect(faultOf(app({}), { defaults: { headers: rules } })).toMatch(expected);
});

test.each([['a\r\nX-Evil: 1'], ['a\nb'], ['a\0b'], [' a'], ['a '], ['ä']])('a header value %j is refused', (value) => {
  expect(faultOf(app({ headers: { response: { set: { 'X-A': value } } } }))).toMatch(/must match pattern/);
});

test('a field has one rule in a direction', () => {
  const rules = { request: { set: { 'X-A': '1' }, remove: ['x-a'] } };
  expect(faultOf(app({ headers: rules }))).toMatch(
    /^routes\[0\]\.headers\.request\.remove\[0\]: the field "x-a" has another rule/,
  );
});

test('timeouts of the server have to hold together', () => {
  expect(faultOf(app({}), { server: { headersTimeoutMs: 5_000, requestTimeoutMs: 1_000 } })).toMatch(
    /^server\.headersTimeoutMs: .*is longer than/,
  );
  expect(faultOf(app({}), { server: { headersTimeoutMs: 5_000, requestTimeoutMs: 0 } })).toBe('fine');
});
