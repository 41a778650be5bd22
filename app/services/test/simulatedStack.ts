// An engine as plain data: what a plan would leave behind, for tests that need no engine.
import type { PlanStep } from '../../contract/index.ts';
import type { StackContainer } from '../docker/stackContainer.ts';
import type { StackImage, StackNetwork } from '../docker/stackParts.ts';
import type { Project, Service } from '../stack/compose/project.ts';
import { findFirst } from '../stack/plan/containerSteps.ts';
import type { ObservedStack } from '../stack/plan/observedStack.ts';
import type { PreparedPlan } from '../stack/plan/preparedPlan.ts';
import { type ContainerSpec, toContainerSpec } from '../stack/spec/containerSpec.ts';
import { toImageReference } from '../stack/spec/names.ts';
import { readMap, readMaps, readText, readTexts } from '../stack/spec/rawValues.ts';

export const at = Date.parse('2026-03-01T12:00:00Z');

export function toService(given: Partial<Service> = {}): Service {
  return { image: 'shop/app:1', command: null, entrypoint: null, networks: { default: null }, ...given };
}

export function toProject(services: Record<string, Partial<Service>>, given: Partial<Project> = {}): Project {
  return {
    name: 'shop',
    services: Object.fromEntries(Object.entries(services).map(([name, service]) => [name, toService(service)])),
    networks: { default: { name: 'shop_default' } },
    ...given,
  };
}

export function toImage(given: Record<string, unknown> = {}, id = 'sha256:aaaaaaaaaaaa1'): StackImage {
  return {
    id,
    config: { Env: ['PATH=/usr/bin'], Cmd: ['serve'], Labels: { maker: 'them' }, ...given },
    digests: [],
    createdAt: null,
    sizeBytes: null,
    platform: 'linux/amd64',
  };
}

export function toEmptyStack(project: Project, given: Partial<ObservedStack> = {}): ObservedStack {
  const references = Object.keys(project.services).map((name) => toImageReference(project, name));
  return {
    at,
    project: project.name,
    engine: { name: 'engine', version: '28.2', isSandbox: false },
    defaults: { loggingDriver: 'json-file', runtime: 'runc', cgroupVersion: '2', apiVersion: '1.48' },
    containers: [],
    networks: {},
    volumes: {},
    images: Object.fromEntries(references.map((reference) => [reference, toImage()])),
    takenPorts: [],
    neighbours: {},
    files: {},
    readsFiles: true,
    ...given,
  };
}

let created = 0;

/** What an inspection would show of a container that was made by a spec and runs. */
export function toContainer(
  spec: ContainerSpec,
  image: StackImage,
  given: Partial<StackContainer> = {},
): StackContainer {
  created += 1;
  const id = created.toString(16).padStart(12, '0').padEnd(64, 'f');
  const { config, hostConfig } = spec;
  const labels = { ...readMap(image.config.Labels), ...readMap(config.Labels) } as Record<string, string>;
  const asked = new Set(readTexts(config.Env).map((text) => text.split('=')[0]));
  const hasHealth = readTexts(readMap(config.Healthcheck).Test).length > 0;
  return {
    id,
    name: spec.name,
    service: spec.service,
    replica: spec.replica,
    oneOff: false,
    state: 'running',
    health: hasHealth ? 'healthy' : 'none',
    exitCode: 0,
    outOfMemory: false,
    error: '',
    restarts: 0,
    createdAt: at - 60_000,
    startedAt: at - 50_000,
    finishedAt: null,
    healthyAt: hasHealth ? at - 40_000 : null,
    probeOutput: null,
    imageId: image.id,
    ports: [],
    labels,
    inspected: {
      config: {
        ...config,
        Hostname: config.Hostname ?? id.slice(0, 12),
        Cmd: config.Cmd ?? (readTexts(config.Entrypoint).length > 0 ? null : image.config.Cmd),
        Entrypoint: config.Entrypoint ?? image.config.Entrypoint ?? null,
        User: config.User ?? image.config.User ?? '',
        Env: [
          ...readTexts(image.config.Env).filter((text) => !asked.has(text.split('=')[0])),
          ...readTexts(config.Env),
        ],
        ExposedPorts: { ...readMap(image.config.ExposedPorts), ...readMap(config.ExposedPorts) },
        Volumes: image.config.Volumes ?? null,
        Healthcheck: config.Healthcheck ?? image.config.Healthcheck,
        Labels: labels,
      },
      hostConfig: { ShmSize: 67_108_864, IpcMode: 'private', Runtime: 'runc', CgroupnsMode: 'private', ...hostConfig },
      mounts: toMounts(hostConfig, image),
      networks: Object.fromEntries(
        spec.endpoints.map(({ network, settings }) => [
          network,
          {
            networkId: `id-${network}`,
            aliases: [...readTexts(settings.Aliases), id.slice(0, 12)],
            links: readTexts(settings.Links),
            ipv4Address: readText(readMap(settings.IPAMConfig).IPv4Address) || null,
            ipv6Address: null,
          },
        ]),
      ),
    },
    ...given,
  };
}

function toMounts(hostConfig: ContainerSpec['hostConfig'], image: StackImage): StackContainer['inspected']['mounts'] {
  const named = readMaps(hostConfig.Mounts).map(({ Type, Source, Target, ReadOnly }) => ({
    type: readText(Type),
    name: Type === 'volume' ? readText(Source) || 'a'.repeat(64) : null,
    source: readText(Source),
    target: readText(Target),
    readOnly: ReadOnly === true,
  }));
  const bare = Object.keys(readMap(image.config.Volumes))
    .filter((target) => named.every((mount) => mount.target !== target))
    .map((target) => ({ type: 'volume', name: 'b'.repeat(64), source: '', target, readOnly: false }));
  return [...named, ...bare];
}

/** The stack after every step of the plan. Jobs that are waited for have ended well. */
export function simulate(prepared: PreparedPlan): ObservedStack {
  return prepared.plan.steps.reduce((stack, step) => simulateStep(stack, step, prepared), prepared.observed);
}

export function simulateStep(stack: ObservedStack, step: PlanStep, prepared: PreparedPlan): ObservedStack {
  switch (step.resource) {
    case 'network':
      return { ...stack, networks: change(stack.networks, step, () => toNetwork(step, prepared)) };
    case 'volume':
      return {
        ...stack,
        volumes: change(stack.volumes, step, () => ({
          name: step.name,
          driver: 'local',
          options: {},
          labels: {
            'com.docker.compose.project': stack.project,
            'com.docker.compose.volume': step.key ?? '',
            ...(prepared.options.mode ? { 'gatehouse.mode': prepared.options.mode } : {}),
          },
          sizeBytes: null,
        })),
      };
    case 'image':
      return { ...stack, images: { ...stack.images, [step.name]: toImage({}, `sha256:${step.action}ed0000000000`) } };
    case 'container':
      return { ...stack, containers: simulateContainer(stack, step, prepared) };
  }
}

function change<T>(parts: Readonly<Record<string, T>>, step: PlanStep, make: () => T): Record<string, T> {
  const others = Object.fromEntries(Object.entries(parts).filter(([name]) => name !== step.name));
  return step.action === 'remove' ? others : { ...others, [step.name]: make() };
}

export function toNetwork(step: Pick<PlanStep, 'name' | 'key'>, { project, observed }: PreparedPlan): StackNetwork {
  const declared = project?.networks?.[step.key ?? ''];
  return {
    id: `id-${step.name}`,
    name: step.name,
    driver: declared?.driver ?? 'bridge',
    internal: declared?.internal ?? false,
    attachable: declared?.attachable ?? false,
    enableIpv6: declared?.enable_ipv6 ?? false,
    options: declared?.driver_opts ?? {},
    ipam: { driver: 'default', pools: [] },
    labels: { 'com.docker.compose.project': observed.project, 'com.docker.compose.network': step.key ?? '' },
    members: [],
    doubles: [],
  };
}

function simulateContainer(stack: ObservedStack, step: PlanStep, prepared: PreparedPlan): StackContainer[] {
  const others = stack.containers.filter(({ id }) => id !== step.target);
  const existing = stack.containers.find(({ id }) => id === step.target);
  const { project, options } = prepared;
  if (step.action === 'remove') return others;
  if (step.action === 'stop') return existing ? [...others, { ...existing, state: 'exited' }] : others;
  if (existing && !['create', 'recreate'].includes(step.action)) {
    return [...others, { ...existing, state: 'running', startedAt: at }];
  }
  if (!project || step.key === null) return others;
  const image = stack.images[toImageReference(project, step.key)] ?? toImage();
  const spec = toContainerSpec(project, step.key, step.replica ?? 1, {
    image,
    mode: options.mode,
    findContainer: (name) => findFirst({ ...stack, containers: others }, name)?.id,
    replaces: existing,
  });
  const isJob = Object.values(project.services).some(
    ({ depends_on }) => depends_on?.[step.key ?? '']?.condition === 'service_completed_successfully',
  );
  return [...others, toContainer(spec, image, isJob ? { state: 'exited', finishedAt: at } : {})];
}
