import { expect, test } from 'vitest';
import { container, now, observed } from '../test/samples.ts';
import { type ObservedDelta, reduceObserved } from './reducer.ts';

const a = container({ id: 'a' });
const before = observed([a]);

test('deltas before the first list change nothing: an empty list would be a lie', () => {
  expect(reduceObserved(undefined, { type: 'containerSeen', at: now, container: a })).toBeUndefined();
  expect(reduceObserved(undefined, { type: 'networksSeen', at: now, networks: [] })).toBeUndefined();
});

test('a list replaces all: what went during a loss of the connection is gone', () => {
  const { engine } = before;
  const delta: ObservedDelta = {
    type: 'listed',
    at: now + 1,
    engine,
    containers: [container({ id: 'b' })],
    networks: [],
  };
  expect([...(reduceObserved(before, delta)?.containers.keys() ?? [])]).toEqual(['b']);
});

test('a container is taken in, replaced and removed, without a change of what was there before', () => {
  const seen = reduceObserved(before, { type: 'containerSeen', at: now + 1, container: { ...a, state: 'exited' } });
  expect(seen?.containers.get('a')?.state).toBe('exited');
  expect(before.containers.get('a')?.state).toBe('running');
  expect(reduceObserved(before, { type: 'containerGone', at: now + 1, id: 'a' })?.containers.size).toBe(0);
  expect(reduceObserved(before, { type: 'containerGone', at: now + 1, id: 'unknown' })).toBe(before);
});
