import { expect, test, vi } from 'vitest';
import { sampleContainer, sampleService } from '../features/services/serviceSample.ts';
import { isComplete, parseWish } from '../features/stack/planWish.ts';
import { toStackVerbs } from './stackVerbs.ts';

const services = [
  sampleService({ name: 'search' }),
  sampleService({ name: 'mail', containers: [sampleContainer({ state: 'exited' })] }),
  sampleService({ name: 'new', containers: [] }),
];

test('every verb opens a plan that says enough to be made', () => {
  const open = vi.fn();
  const verbs = toStackVerbs('dev', services, open);
  for (const { onClick } of verbs) onClick();
  const wishes = open.mock.calls.map(([search]) => parseWish(search));
  expect(wishes.every((wish) => wish !== null && isComplete(wish))).toBe(true);
  expect(new Set(verbs.map(({ id }) => id)).size).toBe(verbs.length);
});

test('a service has the verbs that make sense for it', () => {
  const labels = toStackVerbs('prod', services, () => {}).map(({ label }) => label);
  expect(labels).toEqual([
    'Bring the stack up…',
    'Take the stack down…',
    'Restart the stack…',
    'Switch to dev…',
    'Restart search…',
    'Stop search…',
    'Scale search…',
    'Start mail…',
    'Start new…',
  ]);
});

test('where nothing is known to run there is no switch', () => {
  expect(toStackVerbs('unknown', [], () => {}).map(({ label }) => label)).not.toContain('Switch to prod…');
});
