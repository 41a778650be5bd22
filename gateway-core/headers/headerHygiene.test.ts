import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReservedFields } from '../auth/reservedFields.ts';
import { formatForwarded } from './forwarded.ts';
import type { HeaderList } from './headerList.ts';
import { resolveForwarding, resolveHeaders } from './headersSection.ts';
import { toUpstreamHeaders } from './requestHeaders.ts';
import { toClientHeaders } from './responseHeaders.ts';
import { findRepeatedField } from './singleFields.ts';
import { toClientTrailers } from './trailers.ts';
import { hasPassed } from './via.ts';

const noRules = { drop: [], put: [] };
const forwarding = resolveForwarding({ via: 'gw' }, 'abcdef012345');

const toUpstream = (headers: HeaderList, rest: Partial<Parameters<typeof toUpstreamHeaders>[0]> = {}) =>
  toUpstreamHeaders({
    headers,
    method: 'GET',
    httpVersion: '1.1',
    upstreamAuthority: 'app:1',
    requestId: 'the-id',
    trace: {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      parentId: null,
      flags: 1,
      sampled: true,
      tracestate: '',
      baggage: '',
      left: null,
    },
    spanId: 'c'.repeat(16),
    identityFields: [['x-user', 'u']],
    isReserved: createReservedFields(['x-user']),
    chain: ['9.9.9.9', '10.0.0.1'],
    peerIsTrusted: false,
    host: 'shop.example',
    localPort: 80,
    bodyBytes: 0,
    forwarding,
    rules: noRules,
    ...rest,
  });
const toClient = (headers: HeaderList, rest: Partial<Parameters<typeof toClientHeaders>[1]> = {}) =>
  toClientHeaders(headers, {
    status: 200,
    method: 'GET',
    httpVersion: '1.1',
    requestId: 'the-id',
    forwarding,
    rules: noRules,
    added: [],
    ...rest,
  });
const namesOf = (headers: HeaderList) => headers.map(([name]) => name.toLowerCase());
const valuesOf = (headers: HeaderList, wanted: string) =>
  headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));

const HOP =
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade http2-settings'.split(
    ' ',
  );
const OURS = 'host x-forwarded-for x-forwarded-proto x-forwarded-host x-forwarded-port x-request-id traceparent'.split(
  ' ',
);

const mixCase = (name: string) =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((ups) => [...name].map((letter, index) => (ups[index] ? letter.toUpperCase() : letter)).join(''));
const OTHERS =
  'x-a x_forwarded_for x.forwarded.for x-gatehouse-identity x-user x_user forwarded x-real-ip x-forwarded-user authorization content-length expect accept via cookie server date'.split(
    ' ',
  );
const anyName = fc.constantFrom(...HOP, ...OURS, ...OTHERS).chain(mixCase);
const anyList = fc.array(fc.tuple(anyName, fc.constantFrom('1', 'chunked', 'close', 'evil')), { maxLength: 12 });
const withConnection = fc
  .tuple(anyList, fc.array(anyName, { maxLength: 6 }), fc.boolean())
  .map(([list, listed, twice]): [string, string][] => {
    const half = twice ? Math.floor(listed.length / 2) : listed.length;
    return [...list, ['Connection', listed.slice(0, half).join(' ,')], ['CONNECTION', listed.slice(half).join(',\t')]];
  });
const listedIn = (headers: HeaderList) =>
  valuesOf(headers, 'connection')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

describe('towards the upstream', () => {
  test('nothing of the hop and nothing that Connection lists passes, and each field of ours stands once, as we say it', () => {
    fc.assert(
      fc.property(withConnection, fc.boolean(), (headers, peerIsTrusted) => {
        const sent = toUpstream(headers, { peerIsTrusted });
        const names = namesOf(sent);
        for (const name of [...HOP, 'content-length', 'expect', 'forwarded']) expect(names).not.toContain(name);
        for (const name of OURS) expect(names.filter((other) => other === name)).toHaveLength(1);
        for (const name of listedIn(headers))
          if (!OURS.includes(name) && name !== 'via' && name !== 'x-user') expect(names).not.toContain(name);
        for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
        expect(names.filter((name) => name.startsWith('x-gatehouse-'))).toEqual([]);
        expect(valuesOf(sent, 'x-forwarded-for')).toEqual(['9.9.9.9, 10.0.0.1']);
        expect(valuesOf(sent, 'host')).toEqual(['app:1']);
        expect(valuesOf(sent, 'x-user')).toEqual(['u']);
        expect(valuesOf(sent, 'via').at(-1)).toBe('1.1 gw');
        if (!peerIsTrusted) for (const name of ['x-real-ip', 'x-forwarded-user']) expect(names).not.toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  test('the framing is ours: a length that is known, or none', () => {
    fc.assert(
      fc.property(withConnection, fc.constantFrom(null, 0, 17), (headers, bodyBytes) => {
        expect(valuesOf(toUpstream(headers, { bodyBytes }), 'content-length')).toEqual(bodyBytes === 17 ? ['17'] : []);
      }),
    );
  });

  test.each(['X_Forwarded_For', 'X.Forwarded.For', 'X_Gatehouse_Identity', 'Content_Length', "X'A", 'X!A'])(
    'a field named %s, which some servers read as another one, is dropped',
    (name) => expect(namesOf(toUpstream([[name, '1']], { peerIsTrusted: true }))).not.toContain(name.toLowerCase()),
  );

  test('rules win over what the client sent, and ours win over rules', () => {
    const { request } = resolveHeaders(
      { request: { set: { 'X-Set': 'default', 'X-Gone': 'default' }, remove: ['X-Secret'] } },
      { request: { set: { 'x-set': 'route' }, add: { 'X-More': 'b' }, remove: ['x-gone'] } },
    );
    const sent = toUpstream(
      [
        ['X-SET', 'client'],
        ['X-More', 'a'],
        ['X-Secret', 's'],
        ['X-Gone', 'client'],
        ['X-Kept', 'k'],
      ],
      { rules: request },
    );
    expect(valuesOf(sent, 'x-set')).toEqual(['route']);
    expect(valuesOf(sent, 'x-more')).toEqual(['a', 'b']);
    expect(valuesOf(sent, 'x-kept')).toEqual(['k']);
    for (const name of ['x-secret', 'x-gone']) expect(valuesOf(sent, name)).toEqual([]);
  });

  test('Via goes on with the version that was received', () => {
    expect(valuesOf(toUpstream([['Via', '1.0 fred, 1.1 p.example (x)']], { httpVersion: '1.0' }), 'via')).toEqual([
      '1.0 fred, 1.1 p.example (x)',
      '1.0 gw',
    ]);
  });

  test('Max-Forwards counts down for OPTIONS and is left alone otherwise', () => {
    expect(valuesOf(toUpstream([['Max-Forwards', '3']], { method: 'OPTIONS' }), 'max-forwards')).toEqual(['2']);
    expect(valuesOf(toUpstream([['Max-Forwards', '3']]), 'max-forwards')).toEqual(['3']);
  });

  test('Forwarded is made anew where it is wanted, and never passed on', () => {
    const claim: HeaderList = [['Forwarded', 'for=6.6.6.6']];
    expect(valuesOf(toUpstream(claim, { peerIsTrusted: true }), 'forwarded')).toEqual([]);
    const wanted = toUpstream(claim, { forwarding: { ...forwarding, forwarded: true }, host: 'shop.example:8443' });
    expect(valuesOf(wanted, 'forwarded')).toEqual([
      'for=9.9.9.9;host="shop.example:8443";proto=http, for=10.0.0.1;by=_gw',
    ]);
  });
});

test.each([
  [{ chain: ['2001:db8::1'], host: '', proto: 'https', by: 'gw' }, 'for="[2001:db8::1]";proto=https;by=_gw'],
  [{ chain: ['1.2.3.4'], host: '[::1]:80', proto: 'http', by: 'gw' }, 'for=1.2.3.4;host="[::1]:80";proto=http;by=_gw'],
  [
    { chain: ['1.2.3.4', 'fd00::2'], host: 'a', proto: 'http', by: 'gw' },
    'for=1.2.3.4;host=a;proto=http, for="[fd00::2]";by=_gw',
  ],
])('Forwarded of %j', (facts, text) => expect(formatForwarded(facts)).toBe(text));

test.each<[field: string, passed: boolean]>([
  ['1.1 gw', true],
  ['1.1 GW', true],
  ['1.0 fred, HTTP/1.1 gw (Gatehouse)', true],
  ['1.1 fred , 1.1\tgw', true],
  ['1.1 gateway', false],
  ['1.1 fred (gw)', false],
  ['gw', false],
  ['', false],
])('Via %j has passed gw: %s', (field, passed) => expect(hasPassed([['Via', field]], 'gw')).toBe(passed));

test('a gateway without a pseudonym has one by its configuration', () => {
  expect(resolveForwarding({}, 'abcdef012345')).toEqual({
    pseudonym: 'gatehouse-abcdef',
    forwarded: false,
    hideServer: true,
  });
});

test.each(['Authorization', 'Content-Type', 'Content-Range', 'Date', 'From', 'If-Modified-Since', 'If-Range', 'If-Unmodified-Since', 'Max-Forwards', 'Origin', 'Proxy-Authorization', 'Range', 'Referer', 'User-Agent', 'Content-Location'])('%s stands once', (name) => {
  expect(findRepeatedField([[name, '1'], ['X-A', '1'], [name.toUpperCase(), '2']])).toBe(name.toLowerCase());
  expect(findRepeatedField([[name, '1'], ['X-A', '1']])).toBeUndefined();
}); // biome-ignore format: a table

test('fields that may stand several times may', () => {
  const twice = ['Accept', 'Cookie', 'Via', 'X-A', 'Cache-Control', 'X-Forwarded-For'].flatMap(
    (name): [string, string][] => [
      [name, '1'],
      [name, '2'],
    ],
  );
  expect(findRepeatedField(twice)).toBeUndefined();
});

describe('towards the client', () => {
  test('nothing of the hop and nothing that Connection lists passes, and everything can be written', () => {
    const odd = fc.array(fc.tuple(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 })), { maxLength: 3 });
    fc.assert(
      fc.property(withConnection, odd, fc.constantFrom(200, 204, 304, 404), (headers, more, status) => {
        const sent = toClient([...headers, ...more], { status });
        const names = namesOf(sent);
        for (const name of HOP) if (name !== 'trailer') expect(names).not.toContain(name);
        for (const name of listedIn(headers))
          if (!['x-request-id', 'via', 'trailer'].includes(name)) expect(names).not.toContain(name);
        expect(valuesOf(sent, 'x-request-id')).toEqual(['the-id']);
        for (const name of ['server', 'x-powered-by']) expect(names).not.toContain(name);
        for (const [name, value] of sent) {
          expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
          expect(value).not.toMatch(/[\r\n\0]/);
        }
        if (names.includes('trailer')) expect(names).not.toContain('content-length');
      }),
      { numRuns: 300 },
    );
  });

  test('a length beside chunks, or where none may be, is dropped', () => {
    const headers: HeaderList = [['Content-Length', '3']];
    expect(valuesOf(toClient(headers), 'content-length')).toEqual(['3']);
    expect(valuesOf(toClient([...headers, ['Transfer-Encoding', 'chunked']]), 'content-length')).toEqual([]);
    expect(valuesOf(toClient(headers, { status: 204 }), 'content-length')).toEqual([]);
    expect(valuesOf(toClient(headers, { status: 304 }), 'content-length')).toEqual(['3']);
  });

  test('trailers are announced only where the answer can have them', () => {
    const headers: HeaderList = [['Trailer', 'X-Sum']];
    const announced = (more: HeaderList, rest: object = {}) =>
      valuesOf(toClient([...headers, ...more], rest), 'trailer');
    expect(announced([])).toEqual(['X-Sum']);
    expect(announced([['Content-Length', '3']])).toEqual([]);
    for (const rest of [{ method: 'HEAD' }, { status: 204 }, { status: 304 }, { httpVersion: '1.0' }])
      expect(announced([], rest)).toEqual([]);
  });

  test('a server may be named where the configuration lets it', () => {
    const named = toClient(
      [
        ['Server', 'x/1'],
        ['X-Powered-By', 'y'],
      ],
      { forwarding: { ...forwarding, hideServer: false } },
    );
    expect(valuesOf(named, 'server')).toEqual(['x/1']);
    expect(valuesOf(named, 'x-powered-by')).toEqual(['y']);
  });

  test.each(['Content-Length', 'Transfer-Encoding', 'Host', 'Set-Cookie', 'Authorization', 'Content-Type', 'Trailer', 'Connection', 'Location', 'X-Request-Id', 'Cache-Control', 'X\r\nA', 'X A'])('%j is no trailer', (name) => {
    expect(toClientTrailers([[name, '1'], ['X-Sum', '2'], ['X-Bad', 'a\r\nb']])).toEqual([['X-Sum', '2']]);
  }); // biome-ignore format: a table
});
