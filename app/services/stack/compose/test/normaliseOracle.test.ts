import { expect, test } from 'vitest';
import type { Project } from '../project.ts';
import { toComposeForm, toOurForm } from './normaliseOracle.ts';

const service = { command: null, entrypoint: null };

test.each<[string, object, object]>([
  ['a dollar sign is doubled', { labels: { a: '$b' } }, { labels: { a: '$$b' } }],
  [
    'an extension below the top is left out',
    { 'x-own': 1, build: { context: '/', 'x-a': 1 } },
    { build: { context: '/' } },
  ],
  ['a label that looks like an extension stays', { labels: { 'x-a': '1' } }, { labels: { 'x-a': '1' } }],
  ['the priority of a gateway is left out', { networks: { a: { gw_priority: 1 } } }, { networks: { a: {} } }],
])('of ours, %s', (_, ours, theirs) => {
  const project = { name: 'p', services: { api: { ...service, ...ours } } } as Project;
  expect(toComposeForm(project)).toEqual({ name: 'p', services: { api: { ...service, ...theirs } } });
});

test('of ours, options of an address pool are left out, and extensions at the top stay', () => {
  const project = {
    name: 'p',
    services: {},
    networks: { a: { name: 'a', ipam: { options: { x: 'y' } } } },
    'x-a': { 'x-b': 1 },
  };
  expect(toComposeForm(project)).toEqual({
    name: 'p',
    services: {},
    networks: { a: { name: 'a', ipam: {} } },
    'x-a': { 'x-b': 1 },
  });
});

test('of theirs, Go names become those of the specification, and what YAML leaves out is put back', () => {
  const printed = {
    services: {
      api: { blkio_config: { weight_device: [{ Path: '/a', Weight: 1 }] }, build: { ssh: ['key: /id', 'default'] } },
    },
    networks: { default: { name: 'p_default' } },
  };
  expect(toOurForm(printed)).toEqual({
    services: {
      api: {
        ...service,
        blkio_config: { weight_device: [{ path: '/a', weight: 1 }] },
        build: { ssh: ['default', 'key=/id'] },
      },
    },
    networks: { default: { name: 'p_default', ipam: {} } },
  });
});

test('nothing else is touched', () => {
  const project = { name: 'p', services: { api: { ...service, ports: [{ target: 80, published: '80' }], scale: 0 } } };
  expect(toComposeForm(project)).toEqual(project);
  expect(toOurForm(project)).toEqual(project);
});
