import { expect, test } from 'vitest';
import { toConsequences } from './configConsequences.ts';
import type { ConfigDiff } from './shapes/gatewayConfig.ts';

const none = { added: [], removed: [], changed: [] };
const diff = (parts: Partial<ConfigDiff>): ConfigDiff => ({
  isSame: false,
  lines: [],
  from: 'a',
  to: 'b',
  routes: { ...none, reordered: false },
  upstreams: none,
  settings: [],
  needsRestart: [],
  ...parts,
});

test('nothing follows from a comment', () => {
  expect(toConsequences(diff({ isSame: true }))).toEqual([]);
});

test.each<[what: string, parts: Partial<ConfigDiff>, weight: string, text: string]>([
  ['a route that goes', { routes: { ...none, removed: ['search'], reordered: false } }, 'grave', '404 no-route'],
  ['another order', { routes: { ...none, reordered: true } }, 'grave', 'in another order'],
  [
    'who may ask',
    { routes: { ...none, reordered: false, changed: [{ id: 'a', fields: [{ path: 'auth.provider', from: 'x' }] }] } },
    'grave',
    'auth.provider x → none',
  ],
  [
    'a timeout',
    {
      routes: {
        ...none,
        reordered: false,
        changed: [{ id: 'a', fields: [{ path: 'timeouts.totalMs', from: 1, to: 2 }] }],
      },
    },
    'plain',
    'timeouts.totalMs 1 → 2',
  ],
  ['a limit', { settings: [{ path: 'limits.keys', from: 1, to: 2 }] }, 'grave', 'limits.keys: 1 → 2'],
  [
    'what is read at a start',
    { settings: [{ path: 'listen.port', from: 1, to: 2 }], needsRestart: ['listen.port'] },
    'plain',
    'no effect before the gateway restarts',
  ],
])('%s', (_what, parts, weight, text) => {
  expect(toConsequences(diff(parts))).toEqual([{ weight, text: expect.stringContaining(text) }]);
});

test('what callers notice stands first, and many fields are counted', () => {
  const fields = Array.from({ length: 6 }, (_, index) => ({ path: `retry.f${index}`, from: 0, to: 1 }));
  const [first, second] = toConsequences(
    diff({ routes: { added: ['new'], removed: [], changed: [{ id: 'a', fields }], reordered: false } }),
  );
  expect(first?.text).toContain('Route new is new');
  expect(second?.text).toMatch(/and 2 more\.$/);
});
