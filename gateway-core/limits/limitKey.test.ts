import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { listTargets } from '../routes/matchRoute.ts';
import { createRouteIndex } from '../routes/routeIndex.ts';
import { silentLog } from '../server/log.ts';
import { type Findings, nobodyAsked, noFindings, type RequestFacts } from '../stages/stage.ts';
import { userLimit } from '../stages/userLimit.ts';
import { toLimitKey } from './limitKey.ts';
import { createLimits } from './limits.ts';

const toConfig = (by: string) =>
  loadConfig(`version: 1
upstreams: { app: { url: http://app:8000 } }
routes: [{ id: app, paths: [/app], upstream: app, limits: [a] }]
limits: { requestsPerUser: 5, policies: { a: { by: ${by}, rate: 2, perSeconds: 3600 } } }`);

const facts: RequestFacts = {
  method: 'GET',
  target: '/app',
  httpVersion: '1.1',
  headers: [['X-Api-Key', 'secret']],
  protocol: 'http',
  client: '2001:db8::1',
};

function keyOf(by: string, findings: Partial<Findings> = {}): string {
  const { limits, routes } = toConfig(by);
  const [policy] = limits.policies;
  if (!policy) throw new Error('no policy');
  return toLimitKey(policy, facts, { ...noFindings, route: routes[0] ?? null, ...findings });
}

const alice = { subject: 'alice', scopes: [], provider: 'main' };

describe('the key of a request', () => {
  test.each<[by: string, key: string]>([
    ['[ip]', 'ip=2001:db8:0:0::/64'],
    ['[user]', 'user=main/alice'],
    ['[route]', 'route=app'],
    ['[global]', 'global'],
    ['[ip, user, route]', 'route=app,user=main/alice,ip=2001:db8:0:0::/64'],
    ['["header:X-Nothing"]', 'no-x-nothing=2001:db8:0:0::/64'],
  ])('by %s is %s', (by, key) => {
    expect(keyOf(by, { identity: alice })).toBe(key);
  });

  test('without a user it is the address', () => {
    expect(keyOf('[user]')).toBe('anonymous=2001:db8:0:0::/64');
  });

  test('what a client or a provider wrote is hashed unless it is harmless, and never ends a part', () => {
    const subjects = ['a,ip=1', 'a/b', 'a=b', 'ü', '', 'a\nb', 'x'.repeat(129), 'sha256:AAAA', 'a b'];
    const keys = subjects.map((subject) => keyOf('[user]', { identity: { ...alice, subject } }));
    for (const key of keys) expect(key).toMatch(/^user=main\/sha256:[\w-]{22}$/);
    expect(new Set(keys).size).toBe(subjects.length);
    expect(keyOf('[user]', { identity: { ...alice, subject: 'auth0|5f@x.example:1' } })).toBe(
      'user=main/auth0|5f@x.example:1',
    );
    expect(keyOf('["header:x-api-key"]')).toMatch(/^header:x-api-key=sha256:[\w-]{22}$/);
  });

  test('two providers may have a user of the same name', () => {
    expect(keyOf('[user]', { identity: alice })).not.toBe(
      keyOf('[user]', { identity: { ...alice, provider: 'other' } }),
    );
  });
});

describe('the stage user-limit', () => {
  const config = toConfig('[user]');
  const routes = createRouteIndex(listTargets(config));
  const findings: Findings = { ...noFindings, route: config.routes[0] ?? null };

  test('counts each user alone, whatever the address', async () => {
    const limits = createLimits({ config: config.limits, target: null, log: silentLog });
    const context = { ...nobodyAsked, routes, config, askLimits: limits.take };
    const decide = async (subject: string, client: string) => {
      const identity = { ...alice, subject };
      return (await userLimit.decide({ ...facts, client }, { ...findings, identity }, context)).outcome;
    };
    expect([
      await decide('alice', '192.0.2.1'),
      await decide('alice', '192.0.2.2'),
      await decide('alice', '192.0.2.3'),
      await decide('bob', '192.0.2.1'),
    ]).toEqual(['pass', 'pass', 'stop', 'pass']);
  });

  test('counts what a user runs at a time, and what it finds is what the exchange gives back', async () => {
    const limits = createLimits({ config: { ...config.limits, requestsPerUser: 1 }, target: null, log: silentLog });
    const capped = { ...config, limits: { ...config.limits, requestsPerUser: 1 } };
    const context = { ...nobodyAsked, routes, config: capped, askLimits: limits.take };
    const decide = () => userLimit.decide(facts, { ...findings, identity: alice }, context);
    const first = await decide();
    expect(first).toMatchObject({ outcome: 'pass', found: { slots: ['user=main/alice'] } });
    expect(await decide()).toMatchObject({ outcome: 'stop', answer: { problem: { code: 'too-many-running' } } });
    limits.caps.leave('user=main/alice');
    expect(await decide()).toMatchObject({ outcome: 'pass' });
  });

  test('says without a running gateway that it is not asked', async () => {
    const decision = await userLimit.decide(facts, findings, { ...nobodyAsked, routes, config });
    expect(decision).toEqual({ outcome: 'skip', sentence: 'The a is not asked: no running gateway was asked.' });
  });
});
