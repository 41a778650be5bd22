import { expect, test } from 'vitest';
import { type FoundProject, type StartView, stackFilesSchema } from '../../contract/index.ts';
import { choosePlace, toVariables } from './stackSession.ts';

function project(environment: string, running: number): FoundProject {
  const [engine = '', name = ''] = environment.split('~');
  const engineKind = engine === 'sandbox' ? 'sandbox' : 'docker';
  const containers = { running, stopped: 0, unhealthy: 0 };
  return {
    environment,
    engine,
    engineKind,
    name,
    containers,
    services: 1,
    files: [],
    folder: null,
    origin: 'folder',
    hasGateway: true,
  };
}

const view = (...projects: FoundProject[]): StartView => ({ engines: [], projects });
const opened = project('docker~shop', 0);

test.each<[what: string, view: StartView | undefined, place: string]>([
  ['where nothing is known', undefined, 'docker~shop'],
  ['where it does not run', view(opened, project('sandbox~other', 3)), 'docker~shop'],
  ['where it runs elsewhere', view(opened, project('sandbox~shop', 3)), 'sandbox~shop'],
  [
    'where it runs here, and stands still elsewhere',
    view(project('docker~shop', 1), project('sandbox~shop', 0)),
    'docker~shop',
  ],
])('the place of a project %s', (_what, seen, place) => {
  expect(choosePlace(opened, seen)).toBe(place);
});

test('a project that runs in two places is not guessed', () => {
  expect(() => choosePlace(opened, view(project('docker~shop', 1), project('sandbox~shop', 1)))).toThrow(
    'choose one with --engine: docker, sandbox',
  );
});

test('whatever stands in a shell, the contract takes what is sent of it', () => {
  const shell = {
    TAG: '1.2',
    HUGE: 'x'.repeat(40_000),
    [`${'N'.repeat(300)}`]: 'long name',
    ...Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`V${index}`, 'x'.repeat(1000)])),
  };
  const variables = toVariables(shell);
  expect(variables).toMatchObject({ TAG: '1.2', V0: expect.any(String) });
  expect(variables).not.toHaveProperty('HUGE');
  expect(stackFilesSchema.safeParse({ environment: 'docker~shop', variables }).success).toBe(true);
  // The host takes a megabyte in one message.
  expect(JSON.stringify(variables).length).toBeLessThan(1024 * 1024);
});
