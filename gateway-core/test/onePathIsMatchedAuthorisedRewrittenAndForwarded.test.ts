import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { canonicalisePath } from '../path/canonicalPath.ts';
import { listTargets } from '../routes/matchRoute.ts';
import { createRouteIndex } from '../routes/routeIndex.ts';
import { runStages, type StageRun } from '../stages/runStages.ts';
import { nobodyAsked } from '../stages/stage.ts';
import { startGateway } from './fixture.ts';
import { exchangeRaw } from './rawSocket.ts';
import { startStrictUpstream } from './strictUpstream.ts';

/** /secret stands for whatever asks for a token; everything else goes to somebody who does not look. */
const toRoutes = (secret: string) => `
  - { id: secret, paths: [/open/secret, /base/secret], upstream: ${secret}, rewrite: { prefix: /secret } }
  - { id: strip, paths: [/open], upstream: app, rewrite: { prefix: / } }
  - { id: base, paths: [/base], upstream: app, rewrite: { prefix: /inner/api } }
  - { id: keep, paths: [/keep], upstream: app }
  - { id: template, paths: [{ template: "/t/{first}/to/{second}" }], upstream: app, rewrite: { path: "/{second}/x/{first}" } }
  - { id: away, paths: [/away], redirect: { to: "https://elsewhere.example/new", keepRest: true } }
`;
const config = loadConfig(`
version: 1
upstreams: { app: { url: http://app:1 }, secret: { url: http://secret:1 } }
routes: ${toRoutes('secret')}`);

function run(target: string): StageRun {
  const request = {
    method: 'GET',
    target,
    httpVersion: '1.1',
    headers: [['host', 'shop']],
    protocol: 'http',
    client: '127.0.0.1',
  } as const;
  const routes = createRouteIndex(listTargets(config));
  const done = runStages(request, { ...nobodyAsked, config, routes }, () => 0);
  if (done instanceof Promise) throw new Error('a stage answered later');
  return done;
}

/** How servers behind a gateway have been seen to read a path: each in its own wrong way. */
function readLeniently(path: string): string[] {
  const decoded = decodeURIComponent(path);
  const withoutParameters = decoded.replace(/;[^/]*/g, '');
  const withSlashes = decoded.replaceAll('\\', '/');
  const readings = [path, decoded, withoutParameters, withSlashes, decoded.split('\0')[0] ?? ''];
  return readings.flatMap((reading) => [
    reading.replace(/\/{2,}/g, '/'),
    new URL(`http://h${encodeURI(reading).replace(/^\/{2,}/, '/')}`).pathname,
  ]);
}

/** What a client may put where the dots are, and what becomes of it; null is refused. */
const payloads: [payload: string, canonical: string | null][] = [
  ['x', 'x'],
  ['x/', 'x/'],
  ['./secret', null],
  ['../secret', null],
  ['x/../secret', null],
  ['x/..', null],
  ['%2e%2e/secret', null],
  ['%2E%2e%2Fsecret', null],
  ['.%2e/secret', null],
  ['%2e/secret', null],
  ['x/%2e%2e/secret', null],
  ['..;/secret', null],
  ['..;a=b/secret', null],
  ['..%3b/secret', null],
  ['.;/secret', null],
  ['..%2fsecret', null],
  ['..%2Fsecret', null],
  ['x%2fy', null],
  ['x%2Fy', null],
  ['..\\secret', null],
  ['..%5csecret', null],
  ['..%5Csecret', null],
  ['x\\..\\secret', null],
  ['x\0', null],
  ['x%00', null],
  ['secret%00.png', null],
  ['..%00/secret', null],
  ['%0d%0aX-Evil:1', null],
  ['x%0a', null],
  ['x%09', null],
  ['x%7f', null],
  ['%c0%ae%c0%ae/secret', null],
  ['%c0%af..%c0%afsecret', null],
  ['%e0%80%ae/secret', null],
  ['%ff', null],
  ['%u002e%u002e/secret', null],
  ['%', null],
  ['%2', null],
  ['%zz', null],
  ['x;p=1', 'x;p=1'],
  ['x;p=1/y;q', 'x;p=1/y;q'],
  ['x%3Bp', 'x%3Bp'],
  // Text for us; whoever decodes twice, strips dots or spaces, or folds widths does it himself.
  ['%252e%252e/x', '%252e%252e/x'],
  ['%252fx', '%252fx'],
  ['..%252fx', '..%252fx'],
  ['x.', 'x.'],
  ['x./y', 'x./y'],
  ['.../x', '.../x'],
  ['..x/y', '..x/y'],
  ['x%20', 'x%20'],
  ['%EF%BC%8E%EF%BC%8E/x', '%EF%BC%8E%EF%BC%8E/x'],
  // Spellings of one path are one path.
  ['/x', 'x'],
  ['///x//y', 'x/y'],
  ['%78', 'x'],
  ['%7ex', '~x'],
  ['%c3%a9', '%C3%A9'],
  ['x|y', 'x%7Cy'],
];

const prefixes: [prefix: string, rewritten: string][] = [
  ['/open/', '/'],
  ['/base/', '/inner/api/'],
  ['/keep/', '/keep/'],
];

describe('every payload behind every prefix', () => {
  const table = prefixes.flatMap(([prefix, rewritten]) =>
    payloads.map(([payload, canonical]) => ({ prefix, rewritten, payload, canonical })),
  );

  test('is refused, or reaches the upstream as the one path that was matched', async () => {
    const [app, secret] = [await startStrictUpstream(), await startStrictUpstream()];
    const { port, admin } = await startGateway({
      upstreamPort: app.port,
      upstreams: `  secret: { url: "http://127.0.0.1:${secret.port}" }`,
      yaml: toRoutes('secret'),
    });
    for (const { prefix, rewritten, payload, canonical } of table) {
      app.requests.length = 0;
      const target = prefix + payload;
      const answer = await exchangeRaw(
        port,
        Buffer.from(`GET ${target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`, 'latin1'),
      );
      const label = JSON.stringify(target);
      if (canonical === null) {
        expect(answer, label).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"bad-(path|request)"/);
        expect(app.requests, label).toEqual([]);
        continue;
      }
      expect(answer, label).toMatch(/^HTTP\/1\.1 200 /);
      const id = /x-request-id: (\S+)/.exec(answer)?.[1];
      const exchange = await admin<{ canonicalPath: string; forwardedPath: string }>(`/exchanges/${id}`);
      expect(exchange.canonicalPath, label).toBe(prefix + canonical);
      expect(exchange.forwardedPath, label).toBe(rewritten + canonical);
      expect(
        app.requests.map((request) => request.target),
        label,
      ).toEqual([exchange.forwardedPath]);
    }
    expect([...app.faults, ...secret.faults, ...secret.requests]).toEqual([]);
  });
});

test.each([
  ['/open/secret', 'secret'],
  ['/open/secret/x', 'secret'],
  ['/open//secret', 'secret'],
  ['/open/%73ecret', 'secret'],
  ['/open/secret;x=1', null],
  ['/open/secret%3Bx/y', null],
  ['/open;v=1/secret', null],
  ['/open/x;v=1/secret', 'strip'],
  ['/open/;/secret', null],
  ['/open/secretly', 'strip'],
])('%s goes by %s: a reading without ;parameters never ends behind another check', (target, id) => {
  const { findings, answer } = run(target);
  expect(answer === null ? findings.route?.id : null).toBe(id);
});

test.each([
  ['/t/a/to/b', '/b/x/a'],
  ['/t/a%2Cb/to/%63', '/c/x/a%2Cb'],
  ['/t/../to/b', null],
  ['/t/%2e%2e/to/b', null],
  ['/t/a/to/..', null],
  ['/t/a/to/%2e', null],
  ['/t/a%2fb/to/c', null],
  ['/t//to/b', null],
])('a template fills in what the path says: %s → %s', (target, forwarded) => {
  expect(run(target).findings.forwardedPath).toBe(forwarded);
});

test.each([
  ['/away', 'https://elsewhere.example/new'],
  ['/away/', 'https://elsewhere.example/new/'],
  ['/away/x?y=1', 'https://elsewhere.example/new/x?y=1'],
  ['/away//evil.example', 'https://elsewhere.example/new/evil.example'],
  ['/away/\\evil.example', null],
  ['/away/%2f%2fevil.example', null],
  ['/away/x?<é>"', 'https://elsewhere.example/new/x?%3C%E9%3E%22'],
  ['/away/x?a\r\nX-Evil: 1', null],
])('a redirect points where the configuration says: %j → %s', (target, location) => {
  const { answer } = run(target);
  const headers = answer?.kind === 'reply' ? Object.fromEntries(answer.headers) : {};
  expect(headers.location ?? null).toBe(location);
});

const PIECES = '/ / . .. %2e %2F %5C \\ %00 %25 2e ; %3b a secret open base to t ~ %73 %c3%a9';
const piece = fc.constantFrom(...PIECES.split(' '));
const anyPath = fc
  .tuple(fc.constantFrom('/open/', '/base/', '/keep/', '/t/', '/'), fc.array(piece, { maxLength: 10 }))
  .map(([start, pieces]) => start + pieces.join(''));

test('whatever is forwarded is what was authorised, rewritten as its route says, and canonical', () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const { findings } = run(`${path}?q`);
      const { route, canonicalPath, forwardedPath } = findings;
      if (!route || canonicalPath === null || forwardedPath === null) return;
      expect(canonicalisePath(canonicalPath)).toEqual({ ok: true, path: canonicalPath });
      const forwarded = forwardedPath.slice(0, -2);
      expect(canonicalisePath(forwarded)).toEqual({ ok: true, path: forwarded });
      const prefix = route.paths.find(({ path: own }) => canonicalPath === own || canonicalPath.startsWith(`${own}/`));
      if (route.id === 'keep') expect(forwarded).toBe(canonicalPath);
      if (route.rewritePrefix !== null && prefix) {
        const rest = canonicalPath.slice(prefix.path.length);
        expect(forwarded).toBe(route.rewritePrefix === '/' ? rest || '/' : route.rewritePrefix + rest);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('no lenient reading of what the open routes forward ends at what the closed one guards', () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const { findings, answer } = run(path);
      if (answer !== null || findings.route?.id === 'secret' || findings.route?.id === 'template') return;
      const guarded =
        findings.route?.id === 'strip' ? '/secret' : findings.route?.id === 'base' ? '/inner/api/secret' : '/nowhere';
      for (const reading of readLeniently(findings.forwardedPath ?? '')) {
        expect(reading === guarded || reading.startsWith(`${guarded}/`)).toBe(false);
      }
    }),
    { numRuns: 3_000 },
  );
});
