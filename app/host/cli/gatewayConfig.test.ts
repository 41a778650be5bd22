import { expect, test } from 'vitest';
import type { ConfigHistory, GatewayConfigView } from '../../contract/index.ts';
import { formatHistory, sayConfig, sayProblems } from './gatewayConfig.ts';

const entry = { etag: '"a1"', revision: 'r1', at: 0, origin: 'api' as const, note: null, changes: [] };

test('what differs between replicas, and from the file, is said', () => {
  const config: GatewayConfigView = {
    ...entry,
    text: '',
    patch: null,
    silent: 1,
    lastRefusal: null,
    file: { path: '/etc/gateway.yaml', isInForce: false },
    replicas: [
      { gateway: 'one', etag: '"a1"', revision: 'r1' },
      { gateway: 'two', etag: '"b2"', revision: 'r2' },
    ],
  };
  expect(sayConfig(config)).toEqual([
    'revision r1, ETag "a1", on 1 of 3 replicas',
    'two has another one in force: r2',
    '1 do not answer: nothing can be changed until they do',
    '/etc/gateway.yaml says something else: a restart takes what the file says',
  ]);
});

test('problems are written as compilers write them, and steer no terminal', () => {
  const problems = [
    { line: 3, column: 5, where: 'routes[0].upstream', message: 'there is no upstream "\u001b[2J"' },
    { line: null, column: null, where: '', message: 'no key' },
  ];
  expect(sayProblems('g.yaml', { isValid: false, problems })).toEqual([
    'g.yaml:3:5: routes[0].upstream: there is no upstream "\ufffd[2J"',
    'g.yaml: no key',
  ]);
});

test('the history says which is in force, who made it, and where not all replicas keep one', () => {
  const history: ConfigHistory = [
    {
      ...entry,
      note: 'cli: more',
      changes: ['route a added', 'route b added'],
      isInForce: true,
      keptBy: 2,
      replicas: 2,
    },
    { ...entry, etag: '"b2"', origin: 'start', isInForce: false, keptBy: 1, replicas: 2 },
  ];
  const [, first, second] = formatHistory(history).split('\n');
  expect(first).toMatch(/^● {2}1970-01-01 00:00:00 {2}a1 +r1 +api +cli: more {2}route a added and 1 more$/);
  expect(second).toContain('start, on 1 of 2');
});
