import { expect, test } from 'vitest';
import type { FoundProject } from '../../contract/index.ts';
import { chooseEnvironment } from './environmentChoice.ts';

function project(environment: string, running: number): FoundProject {
  const engineKind = environment.startsWith('sandbox') ? 'sandbox' : 'docker';
  return {
    environment,
    engine: engineKind,
    engineKind,
    name: environment,
    containers: { running, stopped: 0, unhealthy: 0 },
    services: 1,
    files: [],
    folder: null,
    origin: 'engine',
    hasGateway: true,
  };
}

test.each<[what: string, projects: FoundProject[], chosen: string | undefined]>([
  ['nothing', [], undefined],
  ['the running sandbox', [project('docker~shop', 3), project('sandbox~shop-platform', 22)], 'sandbox~shop-platform'],
  ['the only one that runs', [project('docker~a', 0), project('docker~b', 3)], 'docker~b'],
  ['the only one', [project('docker~a', 0)], 'docker~a'],
])('chosen without a name: %s', (_what, projects, chosen) => {
  expect(chooseEnvironment(projects)).toBe(chosen);
});

test('of several that run one must be named', () => {
  const projects = [project('docker~a', 1), project('docker~b', 1)];
  expect(() => chooseEnvironment(projects)).toThrow('choose one with --environment: docker~a, docker~b');
});
