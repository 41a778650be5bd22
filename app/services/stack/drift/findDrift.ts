// In which way what runs differs from the files: field by field, and by the content of what is mounted.
import type { Drift, PlanStep } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { planUp } from '../plan/planUp.ts';
import type { PlanOptions } from '../plan/preparedPlan.ts';
import { findFileDrift } from './fileDrift.ts';

export interface DriftOptions extends PlanOptions {
  /** Values of secrets and configs that come from variables; the process's own when not given. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
}

type Entry = Drift['services'][number];

/** Changes nothing. Where a mounted file is younger than its container, it is read inside the container with `cat`. */
export async function findDrift(
  engine: Engine,
  project: Project,
  observed: ObservedStack,
  options: DriftOptions = {},
): Promise<Drift> {
  const files = await findFileDrift(engine, project, observed, options.variables ?? process.env);
  return {
    schema: 'gatehouse.drift/1',
    project: project.name,
    at: observed.at,
    services: [...findFieldDrift(project, observed, options), ...files.drifted],
    unknown: files.unknown,
  };
}

/** What a plan would do says what differs. Pure. */
export function findFieldDrift(project: Project, observed: ObservedStack, options: PlanOptions = {}): Entry[] {
  const { plan } = planUp(project, observed, {
    ...options,
    removeOrphans: true,
    recreate: 'different',
    pull: 'missing',
  });
  return plan.steps.flatMap((step) => toEntry(project, step) ?? []);
}

function toEntry(project: Project, step: PlanStep): Entry | undefined {
  const { resource, action, key, name, reason, changes } = step;
  const isSetting = resource === 'network' && action === 'recreate';
  if (resource !== 'container' && !isSetting) return undefined;
  const entry = { service: key ?? name, container: name, changes, path: null, detail: reason };
  if (isSetting) return { ...entry, kind: 'fields' };
  switch (action) {
    case 'create':
      return { ...entry, kind: 'missing' };
    case 'recreate':
      return { ...entry, kind: 'fields' };
    case 'remove':
      return { ...entry, kind: key !== null && Object.hasOwn(project.services, key) ? 'fields' : 'orphan' };
    case 'start':
    case 'unpause':
      return { ...entry, kind: 'stopped' };
    default:
      return undefined;
  }
}
