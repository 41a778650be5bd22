import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createRouteIndex } from '../routes/routeIndex.ts';
import { authorise } from './authorise.ts';
import { type Findings, nobodyAsked, noFindings } from './stage.ts';

const config = loadConfig(`version: 1
upstreams: { app: { url: "http://app" } }
routes: [{ id: app, paths: [/app], upstream: app, auth: { provider: login, scopes: { all: [read] } } }]
auth: { providers: { login: { issuer: i, algorithms: [HS256], keys: { secretEnv: A } } } }`);
const [route = null] = config.routes;
const request = {
  method: 'GET',
  target: '/app',
  httpVersion: '1.1',
  headers: [],
  protocol: 'http',
  client: '::1',
} as const;
const decide = (findings: Partial<Findings>) =>
  authorise.decide(
    request,
    { ...noFindings, route, ...findings },
    { config, routes: createRouteIndex([]), ...nobodyAsked },
  );

test('a caller that nobody has looked at does not get in', () => {
  expect(decide({})).toMatchObject({ outcome: 'stop', answer: { problem: { code: 'internal' } } });
  expect(decide({ caller: 'known' })).toMatchObject({ outcome: 'stop' });
});

test('one who was let in without a token is not asked for scopes', () => {
  expect(decide({ caller: 'anonymous' })).toMatchObject({ outcome: 'skip' });
});

test('a scope is no part of another', () => {
  const identity = { provider: 'login', subject: 's', scopes: ['readx', 'xread', 'READ'] };
  expect(decide({ caller: 'known', identity, claims: {} })).toMatchObject({ outcome: 'stop' });
});
