// Which volumes are made, kept and removed, how large they are and which mode wrote them last.
import type { PlanVolume } from '../../../contract/index.ts';
import type { StackVolume } from '../../docker/stackParts.ts';
import type { Project } from '../compose/project.ts';
import { toVolumeName } from '../spec/names.ts';
import { type Draft, toPartStep } from './draft.ts';
import { findLastMode } from './modes.ts';
import type { ObservedStack } from './observedStack.ts';

export function planVolumes(
  project: Project,
  services: readonly string[],
  observed: ObservedStack,
  draft: Draft,
): PlanVolume[] {
  return toUsedVolumes(project, services).map(({ key, users }) => {
    const name = toVolumeName(project, key);
    const declared = project.volumes?.[key];
    const existing = observed.volumes[name];
    if (declared?.external && !existing) {
      draft.blockers.push({
        code: 'volume-missing',
        subject: name,
        message: `volume "${name}" is declared as external, and the engine has none of this name.`,
        remedy: `Create it (docker volume create ${name}), or remove \`external: true\`.`,
      });
    } else if (!existing) {
      draft.steps.push(toPartStep({ resource: 'volume', action: 'create', name, key, reason: 'not created yet' }));
    } else if (declared && !declared.external) noteDifferences(existing, declared, project.name, draft);
    return toPlanVolume({ name, key, services: users, fate: existing ? 'kept' : 'created' }, observed);
  });
}

type Named = Pick<PlanVolume, 'name' | 'key' | 'services' | 'fate'>;

export function toPlanVolume(named: Named, observed: ObservedStack): PlanVolume {
  const sizeBytes = observed.volumes[named.name]?.sizeBytes ?? null;
  return { ...named, sizeBytes, ...findLastMode(observed, named.name) };
}

/** Named volumes of the chosen services, with the services that use each. */
export function toUsedVolumes(project: Project, services: readonly string[]): { key: string; users: string[] }[] {
  const users = new Map<string, string[]>();
  for (const service of services) {
    for (const { type, source } of project.services[service]?.volumes ?? []) {
      if (type !== 'volume' || !source) continue;
      users.set(source, [...new Set([...(users.get(source) ?? []), service])]);
    }
  }
  return [...users].map(([key, names]) => ({ key, users: names })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A volume cannot be changed, and making it anew would lose what is in it: that is for the operator to decide. */
function noteDifferences(
  existing: StackVolume,
  declared: NonNullable<Project['volumes']>[string],
  project: string,
  { warnings }: Draft,
): void {
  const owner = existing.labels['com.docker.compose.project'];
  if (owner !== project) {
    warnings.push({
      code: 'volume-foreign',
      subject: existing.name,
      message: `volume "${existing.name}" is there already and belongs to ${owner ? `the project "${owner}"` : 'no project'}; it is used as it is.`,
      remedy: 'Say `external: true` when that is meant, else give the volume another name.',
    });
  }
  const driver = declared.driver || 'local';
  const differing = Object.entries(declared.driver_opts ?? {}).filter(
    ([option, value]) => existing.options[option] !== String(value),
  );
  if (driver === existing.driver && differing.length === 0) return;
  warnings.push({
    code: 'volume-differs',
    subject: existing.name,
    message: `volume "${existing.name}" was made with other settings (${[driver === existing.driver ? '' : `driver ${existing.driver}, now ${driver}`, ...differing.map(([option]) => option)].filter(Boolean).join(', ')}); it stays as it is.`,
    remedy: 'Its settings can only change by removing it, which loses its data; keep a copy first.',
  });
}
