import { expect, test } from 'vitest';
import { collectReplicas, type EngineChoice, parseEngineChoice } from './stackOptions.ts';

test.each<[text: string, choice: EngineChoice]>([
  ['auto', { kind: 'auto' }],
  ['sandbox', { kind: 'sandbox' }],
  ['context:work', { kind: 'settings', settings: { DOCKER_CONTEXT: 'work' } }],
  ['unix:///run/docker.sock', { kind: 'settings', settings: { DOCKER_HOST: 'unix:///run/docker.sock' } }],
  ['tcp://far:2376', { kind: 'settings', settings: { DOCKER_HOST: 'tcp://far:2376' } }],
  ['ssh://me@far', { kind: 'settings', settings: { DOCKER_HOST: 'ssh://me@far' } }],
])('--engine %s', (text, choice) => {
  expect(parseEngineChoice(text)).toEqual(choice);
});

test.each(['', 'podman', 'context:', 'ssh://', '/run/docker.sock', 'file:///run/docker.sock'])(
  '--engine %j is no engine',
  (text) => {
    expect(() => parseEngineChoice(text)).toThrow('write auto, docker');
  },
);

test('replicas are collected by service', () => {
  const replicas = ['search=3', '__proto__=0'].reduce((all, text) => collectReplicas(text, all), {});
  expect(Object.entries(replicas)).toEqual([
    ['search', 3],
    ['__proto__', 0],
  ]);
});

test.each(['search', '=3', 'search=', 'search=-1', 'search=1.5', 'search=101', 'search=1000'])(
  '%j is no number of replicas',
  (text) => {
    expect(() => collectReplicas(text)).toThrow('SERVICE=N');
  },
);

test('a service is named once', () => {
  expect(() => collectReplicas('search=2', { search: 3 })).toThrow('search is named twice');
});
