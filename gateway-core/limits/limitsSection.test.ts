import { describe, expect, test } from 'vitest';
import { ConfigError } from '../config/configError.ts';
import { loadConfig } from '../config/loadConfig.ts';

const base = `version: 1
upstreams: { app: { url: http://app:8000 } }
routes:
  - { id: app, paths: [/app], upstream: app, limits: [a] }
limits:
  policies:
    a: { by: [ip], rate: 5 }
`;

function problemOf(text: string): string {
  try {
    loadConfig(text, 'g.yaml');
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const withPolicy = (policy: string) => base.replace('{ by: [ip], rate: 5 }', policy);
const policyOf = (policy: string) => loadConfig(withPolicy(policy)).limits.policies[0];

describe('the section limits', () => {
  test('fills in every default', () => {
    expect(loadConfig(base).limits).toEqual({
      policies: [
        {
          name: 'a',
          by: ['ip'],
          stage: 'ip',
          rate: 5,
          perSeconds: 1,
          burst: 5,
          cost: 1,
          ipv6PrefixLength: 64,
          cells: { intervalUs: 200_000, incrementUs: 200_000, capacityUs: 1_000_000 },
          field: '"a";q=5;w=1',
        },
      ],
      keys: 100_000,
      redis: null,
      ipv6PrefixLength: 64,
      connectionsPerIp: null,
      requestsPerIp: null,
      requestsPerUser: null,
    });
  });

  test('a configuration without it limits nothing', () => {
    const config = loadConfig(base.replace(', limits: [a]', '').replace(/limits:\n[\s\S]*/, ''));
    expect([config.limits.policies, config.routes[0]?.limits]).toEqual([[], { ip: [], user: [] }]);
  });

  test('a rate that does not divide a second is rounded so that the bound holds', () => {
    expect(policyOf('{ by: [ip], rate: 3, burst: 2, cost: 2 }')?.cells).toEqual({
      intervalUs: 333_334,
      incrementUs: 666_668,
      capacityUs: 666_668,
    });
  });

  test.each<[by: string, stage: string]>([
    ['[ip]', 'ip'],
    ['[header:X-Api-Key]', 'ip'],
    ['[ip, route]', 'ip'],
    ['[user]', 'user'],
    ['[ip, user]', 'user'],
    ['[route]', 'user'],
    ['[global]', 'user'],
  ])('by %s is asked in the stage of the %s', (by, stage) => {
    expect(policyOf(`{ by: ${by}, rate: 5 }`)?.stage).toBe(stage);
  });

  test('the same parts in another order are the same key', () => {
    expect(policyOf('{ by: [ip, user, "header:X-B", route, "header:A"], rate: 5 }')?.by).toEqual(
      policyOf('{ by: ["header:a", route, "header:x-b", user, ip], rate: 5 }')?.by,
    );
  });

  test('a list of a route replaces the one in defaults', () => {
    const text = `${base}    b: { by: [user], rate: 1 }
defaults: { limits: [b] }
`.replace(
      'limits: [a] }',
      'limits: [a] }\n  - { id: b, paths: [/b], upstream: app }\n  - { id: c, paths: [/c], upstream: app, limits: [] }',
    );
    const names = loadConfig(text).routes.map(({ id, limits }) => [
      id,
      [...limits.ip, ...limits.user].map(({ name }) => name),
    ]);
    expect(Object.fromEntries(names)).toEqual({ app: ['a'], b: ['b'], c: [] });
  });

  test.each<[what: string, text: string, message: RegExp]>([
    [
      'an unknown policy',
      base.replace('[a]', '[b]'),
      /^g\.yaml:4:55: routes\[0\]\.limits\[0\]: the limit "b" is not under limits\.policies; known are a/,
    ],
    ['a policy twice', base.replace('[a]', '[a, a]'), /limits\[1\]: the limit "a" stands here twice/],
    ['an unknown part', withPolicy('{ by: [cookie], rate: 5 }'), /by\[0\]: "cookie" must match pattern/],
    ['a part twice', withPolicy('{ by: [ip, ip], rate: 5 }'), /names a part twice/],
    ['a global part beside others', withPolicy('{ by: [global, ip], rate: 5 }'), /is global, so nothing else/],
    [
      'a cost above the burst',
      withPolicy('{ by: [ip], rate: 5, cost: 6 }'),
      /^g\.yaml:7:\d+: limits\.policies\.a\.cost: policy "a" would admit nothing/,
    ],
    ['a rate that cannot be counted', withPolicy('{ by: [ip], rate: 100001 }'), /more than 100000 a second/],
    [
      'a bucket that takes years',
      withPolicy('{ by: [ip], rate: 1, perSeconds: 2678400, burst: 100 }'),
      /more than a year/,
    ],
    ['a rate of nothing', withPolicy('{ by: [ip], rate: 0 }'), /rate: 0 must be >= 1/],
    ['a prefix that is none', withPolicy('{ by: [ip], rate: 1, ipv6PrefixLength: 129 }'), /must be <= 128/],
    [
      'a Redis with a password in its address',
      `${base}  redis: { url: "redis://:secret@redis:6379/0" }`,
      /redis\.url: the address of redis:6379 carries a name or password; use username and passwordFile/,
    ],
    ['another scheme', `${base}  redis: { url: "http://redis:6379" }`, /"http:" is not the address of a Redis/],
    ['a database that is no number', `${base}  redis: { url: "redis://redis:6379/main" }`, /names no database/],
    [
      'a relative password file',
      `${base}  redis: { url: "redis://redis", passwordFile: secret }`,
      /passwordFile: "secret" must match/,
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(problemOf(text)).toMatch(message);
  });

  test('no message shows a password', () => {
    expect(problemOf(`${base}  redis: { url: "redis://:hunter2@redis:6379/0" }`)).not.toContain('hunter2');
  });
});
