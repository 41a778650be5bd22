// Compose files → a project as `docker compose config` reads it. A list of passes, one file each; nothing is written.

import { chooseFiles } from './chooseFiles.ts';
import { checkConsistency } from './consistency.ts';
import { findCutCommands } from './doubts.ts';
import { type Environment, lookupIn, withDotenv } from './environment.ts';
import { type FileReader, unreadable } from './fileReader.ts';
import type { Lookup } from './interpolate.ts';
import {
  entriesOf,
  find,
  findMap,
  findText,
  isMap,
  itemsOf,
  type MapNode,
  type Node,
  withEntries,
  withEntry,
} from './node.ts';
import { normalise } from './normalise.ts';
import type { Warning } from './problem.ts';
import { findDisabled, toProfiles } from './profiles.ts';
import type { Project } from './project.ts';
import { requireProjectName, toProjectName } from './projectName.ts';
import { readEnvFiles } from './readEnvFiles.ts';
import { readModel } from './readModel.ts';
import { compose } from './schema/compose.ts';
import { type LoadSession, warn } from './session.ts';
import { toValue } from './toValue.ts';

export interface LoadOptions {
  /** The project's folder: relative paths start there, and default files are looked for there (not in its parents). */
  readonly folder: string;
  /** Later ones over earlier ones; without them COMPOSE_FILE, else compose's default names. */
  readonly files?: readonly string[] | undefined;
  /** `*` for all; without them COMPOSE_PROFILES. */
  readonly profiles?: readonly string[] | undefined;
  /** Wins over the folder's .env. */
  readonly environment: Environment;
  readonly projectName?: string | undefined;
  readonly reader: FileReader;
}

export interface LoadedProject {
  readonly project: Project;
  /** Absolute path of every file that was read → SHA-256 of its text. */
  readonly sources: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
  /** By key: what secrets and configs with `environment:` hold. Not part of the project, which is printed and logged. */
  readonly variableValues: Readonly<Record<'secrets' | 'configs', Readonly<Record<string, string>>>>;
  readonly folder: string;
  /** The compose files as chosen, absolute, the main one first. */
  readonly files: readonly string[];
  /** Services whose profile is not on: not part of the project, but no strangers to it either. */
  readonly disabled: readonly string[];
}

/**
 * Throws `folder-unreadable` for files that are not there or cannot be read, and `compose-invalid` with
 * `file:line:column`, the thing and the remedy for everything else.
 */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  const { reader } = options;
  const folder = reader.path.resolve(options.folder);
  if (!(await reader.isFolder(folder))) {
    throw unreadable(`${folder} is no folder that can be read.`, 'Give the folder that holds the compose file.');
  }
  const session: LoadSession = { reader, folder, sources: new Map(), warnings: [] };
  const outer = await withDotenv(options.environment, folder, session);
  const files = await chooseFiles(options.files, outer, session);
  const given = options.projectName ?? (lookupIn(outer)('COMPOSE_PROJECT_NAME') || undefined);
  if (given !== undefined) requireProjectName(given);
  const name = given ?? (await toProjectName(files, outer, session));
  const environment = { ...outer, COMPOSE_PROJECT_NAME: name };
  const read = await readModel({ files, folder, environment, includedBy: [] }, session);
  const model = normalise(read, { name, lookup: lookupIn(environment), folder });
  const disabled = findDisabled(model, toProfiles(options.profiles, outer));
  checkConsistency({ model, disabled });
  for (const { place, message } of findCutCommands(find(model, 'services'))) warn(session, place, message);
  const active = await toActive(model, disabled, { environment, session });
  const used = withoutUnused(active);
  const lookup = lookupIn(environment);
  return {
    project: toValue(compose, used) as Project,
    variableValues: {
      secrets: toVariableValues(find(used, 'secrets'), lookup),
      configs: toVariableValues(find(used, 'configs'), lookup),
    },
    sources: Object.fromEntries(session.sources),
    warnings: session.warnings,
    folder,
    files,
    disabled: [...disabled],
  };
}

interface Outer {
  readonly environment: Environment;
  readonly session: LoadSession;
}

/** Without the disabled services; what the others take from files is read. */
async function toActive(
  model: MapNode,
  disabled: ReadonlySet<string>,
  { environment, session }: Outer,
): Promise<MapNode> {
  const services = findMap(model, 'services');
  if (!services) return model;
  const active: [string, Node][] = [];
  for (const [name, service] of services.entries) {
    if (disabled.has(name) || !isMap(service)) continue;
    active.push([name, await readEnvFiles(service, environment, session)]);
  }
  return withEntry(model, 'services', withEntries(services, active));
}

/** The values of secrets or configs that are variables. */
function toVariableValues(section: Node | undefined, lookup: Lookup): Record<string, string> {
  const values = entriesOf(section).flatMap(([name, node]) => {
    const value = lookup(findText(node, 'environment') ?? '');
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

/** What no service of the project uses is not created, so it is no part of it. */
function withoutUnused(model: MapNode): MapNode {
  const services = entriesOf(find(model, 'services')).map(([, service]) => service);
  const named = (...path: string[]) => services.flatMap((service) => itemsOf(find(service, ...path)));
  const sources = (items: readonly Node[]) => items.flatMap((item) => findText(item, 'source') ?? []);
  const used = {
    networks: services.flatMap((service) => entriesOf(find(service, 'networks')).map(([name]) => name)),
    volumes: sources(named('volumes').filter((mount) => findText(mount, 'type') === 'volume')),
    secrets: sources([...named('secrets'), ...named('build', 'secrets')]),
    configs: sources(named('configs')),
  };
  let rest = model;
  for (const [section, names] of Object.entries(used)) {
    const declared = findMap(model, section);
    if (!declared) continue;
    const entries = [...declared.entries].filter(([name]) => names.includes(name));
    rest = withEntry(rest, section, entries.length > 0 ? withEntries(declared, entries) : undefined);
  }
  return rest;
}
