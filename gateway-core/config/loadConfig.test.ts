import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError } from './configError.ts';
import { loadConfig } from './loadConfig.ts';

const base = `version: 1
upstreams:
  app: { url: http://app:8000 }
routes:
  - id: app
    paths: [/app]
    upstream: app
`;

function problemsOf(text: string): string[] {
  try {
    loadConfig(text, 'g.yaml');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

describe('loadConfig', () => {
  test('fills in every default', () => {
    const config = loadConfig(base);
    expect(config.listen).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(config.routes[0]).toMatchObject({ bodyLimitBytes: 10_485_760, rewritePrefix: null, methods: null });
    expect(config.upstreams[0]).toMatchObject({ authority: 'app:8000', breaker: { openMs: 10_000 } });
    expect(config.revision).toMatch(/^[0-9a-f]{12}$/);
  });

  test('lets the narrower setting win', () => {
    const config = loadConfig(
      `${base.replace('http://app:8000 }', 'http://app:8000, timeouts: { totalMs: 2 } }')}    timeouts: { totalMs: 3 }\n  - { id: b, paths: [/b], upstream: app }\ndefaults: { timeouts: { totalMs: 1, idleMs: 9 } }\n`,
    );
    expect(config.routes.map((route) => route.timeouts)).toMatchObject([
      { totalMs: 3, idleMs: 9 },
      { totalMs: 2, idleMs: 9 },
    ]);
  });

  test('gives the same revision for the same meaning only', () => {
    expect(loadConfig(`# a comment\n${base}`).revision).toBe(loadConfig(base).revision);
    expect(loadConfig(base.replace('8000', '8001')).revision).not.toBe(loadConfig(base).revision);
  });

  test.each<[what: string, text: string, message: RegExp]>([
    ['bad YAML', 'version: 1\n  upstreams: [', /^g\.yaml:1:10: Nested mappings/],
    ['a key twice', `${base}version: 1\n`, /^g\.yaml:8:1: .*unique/],
    ['nothing', '', /^g\.yaml.*null must be object/],
    [
      'an unknown key',
      `${base}listn: { port: 1 }\n`,
      /^g\.yaml:8:1: listn: unknown key "listn"; known here: version, listen/,
    ],
    [
      'a missing key',
      base.replace('    upstream: app\n', ''),
      /^g\.yaml:5:\d+: routes\[0\]: the key "upstream" is missing/,
    ],
    [
      'a wrong version',
      base.replace('version: 1', 'version: 2'),
      /^g\.yaml:1:1: version: 2 must be equal to constant \(1\)/,
    ],
    ['a wrong type', `${base}listen: { port: "80" }\n`, /^g\.yaml:8:11: listen\.port: "80" must be integer/],
    [
      'an unknown upstream',
      base.replace('upstream: app', 'upstream: ap'),
      /^g\.yaml:7:5: routes\[0\]\.upstream: route "app" names the upstream "ap", .*known are app/,
    ],
    [
      'an upstream from the prototype',
      base.replace('upstream: app', 'upstream: constructor'),
      /names the upstream "constructor"/,
    ],
    [
      'a route id twice',
      `${base}  - { id: app, paths: [/b], upstream: app }\n`,
      /^g\.yaml:8:7: routes\[1\]\.id: the id "app" is taken by routes\[0\]/,
    ],
    [
      'a path twice',
      `${base}  - { id: b, paths: [/app/], upstream: app }\n`,
      /^g\.yaml:8:\d+: routes\[1\]\.paths\[0\]: the path "\/app" of "b" is taken by route "app"/,
    ],
    ['a pattern as path', base.replace('[/app]', '["/app/*"]'), /is a pattern; write the prefix alone/],
    ['a path that cannot match', base.replace('[/app]', '[/a/../b]'), /dot segment/],
    ['a path that is not canonical', base.replace('[/app]', '[/%61pp]'), /would never match; write it as "\/app"/],
    ['a reserved path', base.replace('[/app]', '[/health]'), /answered by the gateway itself/],
    [
      'an upstream with a path',
      base.replace('app:8000', 'app:8000/x'),
      /^g\.yaml:3:10: upstreams\.app\.url: .*only an address/,
    ],
    ['another scheme', base.replace('http://app', 'ftp://app'), /scheme ftp/],
    ['no URL', base.replace('http://app:8000', 'app'), /is not a URL/],
    [
      'a proxy that is no range',
      `${base}trustedProxies: [10.0.0.0/8, shop]\n`,
      /^g\.yaml:8:30: trustedProxies\[1\]: "shop" is not an address/,
    ],
    ['a failure share of 0', `${base}defaults: { breaker: { failureShare: 0 } }\n`, /must be > 0/],
  ])('refuses %s and says where', (_what, text, message) => {
    expect(problemsOf(text)[0]).toMatch(message);
  });

  test('reports all problems at once', () => {
    expect(problemsOf(base.replace('upstream: app', 'upstream: x').replace('http://app:8000', 'app'))).toHaveLength(2);
  });

  test('does not blow up on aliases', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${String.fromCharCode(97 + index)}`)
            .join(',')}]`,
      )
      .join('\n')}\n`;
    expect(problemsOf(bomb)[0]).toMatch(/alias/i);
  });

  test("the platform's own configuration is valid", () => {
    const text = readFileSync(new URL('../../resources/platform/gateway.yaml', import.meta.url), 'utf8');
    const config = loadConfig(text);
    expect(config.routes.map((route) => route.id)).toEqual([
      ...['auth', 'orders', 'cart', 'admin', 'backend', 'ai-recommender-shelf'],
      ...['recommender', 'search', 'pricing', 'chatbot', 'fraud', 'forecasting', 'vision'].map((name) => `ai-${name}`),
    ]);
  });
});
