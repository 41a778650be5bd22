import { expect, test } from 'vitest';
import type { ListedContainer } from '../docker/observed.ts';
import { loadText } from '../stack/compose/test/loadText.ts';
import type { ProbedEngine } from './engineProbe.ts';
import { toFolderProject, toFoundProjects, withFolders } from './foundProjects.ts';
import { findMode } from './frame.ts';

const listed = (project: string, service: string, given: Partial<ListedContainer> = {}): ListedContainer => ({
  id: `${project}-${service}`,
  image: 'x',
  state: 'running',
  unhealthy: false,
  endedWell: false,
  labels: {
    'com.docker.compose.project': project,
    'com.docker.compose.service': service,
    'com.docker.compose.project.config_files': '/srv/a.yaml,/srv/b.yaml',
    'com.docker.compose.project.working_dir': '/srv',
  },
  ...given,
});

const engine = (containers: ListedContainer[]): ProbedEngine => ({
  view: {
    id: 'docker',
    kind: 'docker',
    place: 'this machine',
    address: 'unix:///x',
    origin: 'default socket',
    state: 'reachable',
    version: '28',
    problem: null,
  },
  containers,
});

test('containers group into projects, counted by state', () => {
  const containers = [
    listed('shop', 'api', { image: 'gatehouse/api-gateway:1' }),
    listed('shop', 'db', { unhealthy: true }),
    listed('shop', 'job', { state: 'exited' }),
    listed('blog', 'web'),
  ];
  expect(toFoundProjects(engine(containers))).toMatchObject([
    { environment: 'docker~blog', hasGateway: false },
    {
      environment: 'docker~shop',
      services: 3,
      containers: { running: 2, stopped: 1, unhealthy: 1 },
      files: ['/srv/a.yaml', '/srv/b.yaml'],
      folder: '/srv',
      hasGateway: true,
      origin: 'engine',
    },
  ]);
});

test('a job that ended well is not stopped where others wait for its end', () => {
  const waits = (on: string) => ({
    labels: {
      ...listed('shop', 'api').labels,
      'com.docker.compose.depends_on': `${on}:service_completed_successfully:false`,
    },
  });
  const count = (awaited: string, endedWell: boolean) =>
    toFoundProjects(
      engine([listed('shop', 'api', waits(awaited)), listed('shop', 'keys', { state: 'exited', endedWell })]),
    )[0]?.containers.stopped;
  expect([count('keys', true), count('keys', false), count('another', true)]).toEqual([0, 1, 1]);
});

test.each(['', '../etc', 'a b', 'A~B', '<script>'])('a label %j is no project', (name) => {
  expect(toFoundProjects(engine([listed(name, 'x')]))).toEqual([]);
});

test('a folder whose project runs is shown once, as it runs', async () => {
  const loaded = await loadText('name: shop\nservices: { api: { image: x } }');
  const folder = { folder: '/srv', engine: 'docker', engineKind: 'docker' as const, loaded };
  const running = toFoundProjects(engine([listed('shop', 'api')]));
  expect(withFolders(running, [folder])).toEqual(running);
  expect(withFolders([], [folder])).toEqual([toFolderProject(folder)]);
});

test.each([
  [['/srv/docker-compose.yaml'], 'dev'],
  [['/srv/compose.yml', '/srv/compose.override.yml'], 'dev'],
  [['/srv/docker-compose.prod.yaml'], 'prod'],
  [['/srv/docker-compose.yaml', '/srv/production.yml'], 'prod'],
  [['/prod/stack.yaml'], 'unknown'],
  [['C:\\srv\\docker-compose.yaml'], 'dev'],
  [[], 'unknown'],
])('%j is %s', (files, mode) => {
  expect(findMode(files)).toBe(mode);
});
