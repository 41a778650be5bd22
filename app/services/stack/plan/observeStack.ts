// The effect before every plan: one look at the engine and at the files of this machine.
import { stat } from 'node:fs/promises';
import type { Engine } from '../../docker/engine.ts';
import type { NeighbourContainer, StackVolume } from '../../docker/stackParts.ts';
import type { Project } from '../compose/project.ts';
import { toImageReference, toNetworkName, toVolumeName } from '../spec/names.ts';
import type { FileFact, ObservedStack } from './observedStack.ts';

export interface ObserveOptions {
  /** Whose images, external networks and volumes, and files are looked at as well. */
  readonly project?: Project | null | undefined;
  /** The engine walks all files of all volumes for this; it gets five seconds. */
  readonly withVolumeSizes?: boolean | undefined;
  /** false: the engine is not this machine, and its files cannot be seen from here. */
  readonly readsFiles?: boolean | undefined;
  readonly now?: (() => number) | undefined;
}

const sizeTimeoutMs = 5000;

/** Looks, and changes nothing. Throws `engine-unreachable`. */
export async function observeStack(
  engine: Engine,
  projectName: string,
  options: ObserveOptions = {},
): Promise<ObservedStack> {
  const { project = null } = options;
  const { stack } = engine;
  const [identity, defaults, everybody, networkNames, volumeNames, images, sizes, files] = await Promise.all([
    engine.info(),
    stack.findDefaults(),
    stack.containers.listNeighbours(),
    stack.networks.listNames(projectName),
    stack.volumes.listNames(projectName),
    lookUp(project ? findReferences(project) : [], async (name) => (await stack.images.inspect(name)) ?? null),
    options.withVolumeSizes ? stack.volumes.measure(sizeTimeoutMs) : new Map<string, number>(),
    project && options.readsFiles !== false ? observeFiles(project) : {},
  ]);
  const own = everybody.filter((one) => one.project === projectName);
  const [containers, networks, volumes] = await Promise.all([
    Promise.all(own.map(({ id }) => stack.containers.inspect(id))),
    lookUp([...networkNames, ...findNetworkNames(project)], stack.networks.inspect),
    lookUp([...volumeNames, ...findVolumeNames(project)], stack.volumes.inspect),
  ]);
  return {
    at: (options.now ?? Date.now)(),
    project: projectName,
    engine: identity,
    defaults,
    containers: containers
      .filter((one) => one !== undefined)
      // One that was removed and whose name was taken by another project meanwhile.
      .filter((one) => one.labels['com.docker.compose.project'] === projectName)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    networks: withoutMissing(networks),
    volumes: withSizes(withoutMissing(volumes), sizes),
    images,
    ...toNeighbours(everybody, projectName),
    files,
    readsFiles: options.readsFiles !== false,
  };
}

async function lookUp<T>(names: readonly string[], look: (name: string) => Promise<T>): Promise<Record<string, T>> {
  const unique = [...new Set(names)];
  return Object.fromEntries(await Promise.all(unique.map(async (name) => [name, await look(name)] as const)));
}

function withoutMissing<T>(found: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function withSizes(volumes: Readonly<Record<string, StackVolume>>, sizes: ReadonlyMap<string, number>) {
  return Object.fromEntries(
    Object.entries(volumes).map(([name, volume]) => [name, { ...volume, sizeBytes: sizes.get(name) ?? null }]),
  );
}

const findReferences = (project: Project) =>
  Object.keys(project.services).map((name) => toImageReference(project, name));
const findNetworkNames = (project: Project | null) =>
  project ? Object.keys(project.networks ?? {}).map((key) => toNetworkName(project, key)) : [];
const findVolumeNames = (project: Project | null) =>
  project ? Object.keys(project.volumes ?? {}).map((key) => toVolumeName(project, key)) : [];

function toNeighbours(everybody: readonly NeighbourContainer[], projectName: string) {
  const others = everybody.filter((one) => one.project !== projectName);
  return {
    takenPorts: others.flatMap(({ ports }) => ports),
    neighbours: Object.fromEntries(others.map(({ id, name, project }) => [name, { id, project }])),
  };
}

async function observeFiles(project: Project): Promise<Record<string, FileFact>> {
  const binds = Object.values(project.services).flatMap(({ volumes }) =>
    (volumes ?? []).flatMap(({ type, source }) => (type === 'bind' && source ? [source] : [])),
  );
  const objects = [...Object.values(project.secrets ?? {}), ...Object.values(project.configs ?? {})];
  return lookUp([...binds, ...objects.flatMap(({ file }) => file ?? [])], findFact);
}

async function findFact(path: string): Promise<FileFact> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}
