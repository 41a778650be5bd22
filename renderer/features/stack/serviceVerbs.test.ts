import { expect, test } from 'vitest';
import type { Container } from '../../../app/contract/index.ts';
import { sampleContainer } from '../services/serviceSample.ts';
import { findServiceVerbs } from './serviceVerbs.ts';

const verbsOf = (...states: Container['state'][]) =>
  findServiceVerbs({ name: 'search', containers: states.map((state) => sampleContainer({ state })) }).map(
    ({ wish }) => wish.verb,
  );

test.each([
  [[], ['up']],
  [['running'], ['restart', 'scale', 'pause', 'stop', 'kill']],
  [['exited'], ['start', 'restart', 'scale']],
  [['created'], ['start', 'scale']],
  [['paused'], ['unpause', 'scale', 'stop', 'kill']],
  [
    ['running', 'exited'],
    ['start', 'restart', 'scale', 'pause', 'stop', 'kill'],
  ],
] as [Container['state'][], string[]][])('%j: %j', (states, verbs) => {
  expect(verbsOf(...states)).toEqual(verbs);
});

test('scaling starts from as many as there are', () => {
  const containers = [sampleContainer(), sampleContainer()];
  const scale = findServiceVerbs({ name: 'search', containers }).find(({ wish }) => wish.verb === 'scale');
  expect(scale?.wish.scale).toEqual({ search: 2 });
});
