// Who depends on whom in a project, what must be reached first, and whether that can be at all.
import { type GateCondition, GatehouseError } from '../../../contract/index.ts';
import type { Project, Service } from '../compose/project.ts';
import { toTexts } from '../spec/networkSection.ts';

export interface ServiceDependency {
  readonly service: string;
  readonly condition: GateCondition;
  readonly required: boolean;
  /** Made anew or restarted, it takes the dependent with it. */
  readonly restart: boolean;
  /** Its namespaces or volumes are used: when its container is another one, so must the dependent's be. */
  readonly shares: boolean;
}

const conditions: Readonly<Record<string, GateCondition>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

/** depends_on, and what `service:NAME`, volumes_from and links mean without saying it. Those that are not there are left out. */
export function toDependencies(project: Project, name: string): ServiceDependency[] {
  const service = project.services[name];
  if (!service) return [];
  const shared = toShared(service);
  const declared = Object.entries(service.depends_on ?? {}).map(
    ([other, { condition, required, restart }]): ServiceDependency => ({
      service: other,
      condition: conditions[condition] ?? 'started',
      required: required ?? true,
      restart: restart ?? false,
      shares: shared.includes(other),
    }),
  );
  const implied = [...new Set([...shared, ...toLinked(service)])]
    .filter((other) => !declared.some((one) => one.service === other))
    .map(
      (other): ServiceDependency => ({
        service: other,
        condition: 'started',
        required: true,
        restart: shared.includes(other),
        shares: shared.includes(other),
      }),
    );
  return [...declared, ...implied].filter(({ service: other }) => Object.hasOwn(project.services, other));
}

function toShared(service: Service): string[] {
  const namespaces = [service.network_mode, service.ipc, service.pid].flatMap((mode) =>
    typeof mode === 'string' && mode.startsWith('service:') ? [mode.slice('service:'.length)] : [],
  );
  const volumes = toTexts(service.volumes_from).flatMap((text) =>
    text.startsWith('container:') ? [] : [text.split(':')[0] ?? ''],
  );
  return [...namespaces, ...volumes];
}

function toLinked(service: Service): string[] {
  return toTexts(service.links).map((text) => text.split(':')[0] ?? '');
}

/** Throws `compose-invalid` that names the cycle, or the service that is required and not there. */
export function checkDependencies(project: Project): void {
  for (const [name, { depends_on }] of Object.entries(project.services)) {
    for (const [other, { required }] of Object.entries(depends_on ?? {})) {
      if (Object.hasOwn(project.services, other) || required === false) continue;
      throw new GatehouseError({
        code: 'compose-invalid',
        message: `service "${name}" depends on "${other}", which is not in the compose files or not in an active profile.`,
        remedy: `Add "${other}", turn its profile on, or remove the dependency.`,
      });
    }
  }
  const cycle = findCycle(project);
  if (!cycle) return;
  throw new GatehouseError({
    code: 'compose-invalid',
    message: `services wait for each other in a circle: ${cycle.join(' → ')}.`,
    remedy: 'Remove one of these dependencies.',
  });
}

function findCycle(project: Project): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(name);
    if (at !== -1) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    for (const { service } of toDependencies(project, name)) {
      const cycle = visit(service, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(project.services)) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** The chosen services with all that they depend on, dependencies first. Throws `service-unknown`. */
export function selectServices(
  project: Project,
  chosen: readonly string[] | undefined,
  withDependencies: boolean,
): string[] {
  for (const name of chosen ?? []) {
    if (Object.hasOwn(project.services, name)) continue;
    throw new GatehouseError({
      code: 'service-unknown',
      message: `the project "${project.name}" has no service "${name}".`,
      remedy: `It has ${Object.keys(project.services).sort().join(', ') || 'none'}.`,
    });
  }
  const selected: string[] = [];
  const visit = (name: string) => {
    if (selected.includes(name)) return;
    const dependencies = toDependencies(project, name).map(({ service }) => service);
    if (withDependencies) dependencies.sort().forEach(visit);
    selected.push(name);
  };
  (chosen ?? Object.keys(project.services).sort()).forEach(visit);
  return withDependencies ? selected : sortByDependencies(project, selected);
}

function sortByDependencies(project: Project, names: readonly string[]): string[] {
  return selectServices(project, names, true).filter((name) => names.includes(name));
}

/** Whether somebody waits for the end of this service: then it is a job, and `exit 0` is well. */
export function isAwaited(project: Project, name: string): boolean {
  return Object.values(project.services).some(
    ({ depends_on }) => depends_on?.[name]?.condition === 'service_completed_successfully',
  );
}
