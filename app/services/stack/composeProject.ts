// The content of a compose file as a project: short and long forms made one, unknown keys collected as notes.
import { GatehouseError } from '../../contract/index.ts';
import {
  parseDependsOn,
  parseHealthCheck,
  parseNetworks,
  parsePorts,
  parseVolumes,
  toMap,
  toTexts,
} from './composeValues.ts';

export interface Note {
  /** For example `services.api.deploy`. */
  path: string;
  message: string;
}

export interface ComposeHealthCheck {
  /** As the engine wants it: ["CMD", …], ["CMD-SHELL", …] or ["NONE"]. */
  test: string[];
  intervalMs: number | null;
  timeoutMs: number | null;
  startPeriodMs: number | null;
  retries: number | null;
}

export interface ComposePort {
  containerPort: number;
  protocol: 'tcp' | 'udp';
  hostIp: string | null;
  hostPort: number | null;
}

export interface ComposeVolume {
  /** A path of the host (bind), a volume's name, or null (anonymous). */
  source: string | null;
  target: string;
  readOnly: boolean;
}

export type DependencyCondition = 'started' | 'healthy' | 'completed';

export interface ComposeService {
  name: string;
  image: string;
  command: string[] | null;
  environment: Record<string, string>;
  networks: { name: string; aliases: string[] }[];
  ports: ComposePort[];
  expose: number[];
  dependsOn: { service: string; condition: DependencyCondition }[];
  healthCheck: ComposeHealthCheck | null;
  restart: string;
  volumes: ComposeVolume[];
  labels: Record<string, string>;
}

export interface ComposeProject {
  name: string;
  file: string;
  services: ComposeService[];
  networks: { name: string; internal: boolean; external: boolean }[];
  volumes: string[];
  /** What was not understood or is not supported yet. */
  notes: Note[];
}

export interface ComposeContext {
  file: string;
  folderName: string;
  notes: Note[];
  /** `file:line:column` of a key. */
  placeOf(path: readonly string[]): string;
}

const topKeys = new Set(['name', 'version', 'services', 'networks', 'volumes']);
const serviceKeys = new Set([
  'image',
  'command',
  'environment',
  'networks',
  'ports',
  'expose',
  'depends_on',
  'healthcheck',
  'restart',
  'volumes',
  'labels',
]);

/** Throws `compose-invalid` with the place of what cannot be a compose project. */
export function toComposeProject(content: unknown, context: ComposeContext): ComposeProject {
  const top = asMap(content, [], context);
  noteUnknown(top, topKeys, '', context);
  const services = Object.entries(asMap(top.services ?? {}, ['services'], context)).map(([name, value]) =>
    toService(name, asMap(value ?? {}, ['services', name], context), context),
  );
  const project: ComposeProject = {
    name: toProjectName(typeof top.name === 'string' ? top.name : context.folderName),
    file: context.file,
    services,
    networks: toNetworks(top, services, context),
    volumes: Object.keys(asMap(top.volumes ?? {}, ['volumes'], context)),
    notes: context.notes,
  };
  checkDependencies(project, context);
  return project;
}

/** As compose does it: lower case, and only letters, digits, dashes and underscores, beginning with a letter or digit. */
export function toProjectName(name: string): string {
  const normal = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return normal || 'default';
}

function toService(name: string, map: Record<string, unknown>, context: ComposeContext): ComposeService {
  const path = `services.${name}`;
  noteUnknown(map, serviceKeys, path, context);
  const at = (key: string) => ({
    fail: (message: string): never => fail(`${path}.${key}: ${message}`, ['services', name, key], context),
    note: (message: string) => context.notes.push({ path: `${path}.${key}`, message }),
  });
  return {
    name,
    image: typeof map.image === 'string' ? map.image : '',
    command: toTexts(map.command, at('command')),
    environment: toMap(map.environment, at('environment')),
    networks: parseNetworks(map.networks, at('networks')),
    ports: parsePorts(map.ports, at('ports')),
    expose: (toTexts(map.expose, at('expose')) ?? []).map(Number).filter((port) => port > 0 && port < 65_536),
    dependsOn: parseDependsOn(map.depends_on, at('depends_on')),
    healthCheck: parseHealthCheck(map.healthcheck, at('healthcheck')),
    restart: typeof map.restart === 'string' ? map.restart : 'no',
    volumes: parseVolumes(map.volumes, at('volumes')),
    labels: toMap(map.labels, at('labels')),
  };
}

/** Compose adds a network `default` for services that name none. */
function toNetworks(top: Record<string, unknown>, services: ComposeService[], context: ComposeContext) {
  const declared = Object.entries(asMap(top.networks ?? {}, ['networks'], context)).map(([name, value]) => {
    const map = asMap(value ?? {}, ['networks', name], context);
    return { name, internal: map.internal === true, external: Boolean(map.external) };
  });
  const names = new Set(declared.map(({ name }) => name));
  for (const service of services) {
    for (const { name } of service.networks) {
      if (names.has(name)) continue;
      if (name !== 'default') {
        fail(
          `service "${service.name}" joins network "${name}", which is not declared; add it under networks:`,
          ['services', service.name, 'networks'],
          context,
        );
      }
      names.add(name);
      declared.push({ name, internal: false, external: false });
    }
  }
  return declared;
}

function checkDependencies(project: ComposeProject, context: ComposeContext): void {
  const names = new Set(project.services.map(({ name }) => name));
  for (const service of project.services) {
    for (const { service: target } of service.dependsOn) {
      if (names.has(target)) continue;
      fail(
        `service "${service.name}" depends on "${target}", which is not in the compose file; add it or remove the dependency`,
        ['services', service.name, 'depends_on'],
        context,
      );
    }
  }
}

function noteUnknown(map: Record<string, unknown>, known: Set<string>, path: string, context: ComposeContext): void {
  for (const key of Object.keys(map)) {
    if (known.has(key) || key.startsWith('x-')) continue;
    context.notes.push({
      path: path ? `${path}.${key}` : key,
      message: `"${key}" is not read in this version; the engine may do more than is shown`,
    });
  }
}

function asMap(value: unknown, path: string[], context: ComposeContext): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(`${path.join('.') || 'the file'} is not a mapping`, path, context);
}

function fail(message: string, path: string[], context: ComposeContext): never {
  throw new GatehouseError({
    code: 'compose-invalid',
    message: `${context.placeOf(path)}: ${message}`,
    remedy: 'Correct the compose file at this place and open the folder again.',
  });
}
