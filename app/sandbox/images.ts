// The images that the sandbox can make a container of. Any other name works too, as a stand-in without known ports,
// so inspect answers for every name and the list has those that are known by heart and those in use.
import { OWN_IMAGES, toExposedPorts, toRepository, toWorkload } from './containers/programs.ts';
import { toImageId } from './containers/view.ts';

const KNOWN_IMAGES = [
  `${OWN_IMAGES.gateway}:0.1.0`,
  `${OWN_IMAGES.service}:0.1.0`,
  'nginx:stand-in',
  'postgres:stand-in',
  'pgbouncer:stand-in',
  'redis:stand-in',
  'elasticsearch:stand-in',
  'rabbitmq:stand-in',
  'qdrant:stand-in',
  'prometheus:stand-in',
  'grafana:stand-in',
  'jaeger:stand-in',
];

export function listImages(inUse: readonly string[], startedAt: number) {
  const names = [...new Set([...KNOWN_IMAGES, ...inUse])];
  return names.map((name) => ({
    Id: toImageId(name),
    ParentId: '',
    RepoTags: [withTag(name)],
    RepoDigests: [],
    Created: Math.floor(startedAt / 1_000),
    Size: 0,
    SharedSize: -1,
    Labels: toLabels(name),
    Containers: inUse.filter((one) => one === name).length,
  }));
}

export function inspectImage(name: string, startedAt: number) {
  return {
    Id: toImageId(name),
    RepoTags: [withTag(name)],
    RepoDigests: [],
    Parent: '',
    Comment: 'The Gatehouse sandbox runs a program of its own in its place',
    Created: new Date(startedAt).toISOString(),
    Architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    Os: 'linux',
    Size: 0,
    Config: { Labels: toLabels(name), Env: [], Cmd: null, Entrypoint: null, ExposedPorts: toExposedPorts(name) },
    RootFS: { Type: 'layers', Layers: [] },
    GraphDriver: { Data: null, Name: 'none' },
    Metadata: {},
  };
}

function toLabels(name: string): Record<string, string> {
  const workload = toWorkload(name, []);
  return workload.kind === 'standIn' ? { 'gatehouse.stand-in': workload.product } : {};
}

function withTag(name: string): string {
  return toRepository(name) === name ? `${name}:latest` : name;
}
