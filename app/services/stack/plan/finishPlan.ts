// The last step of every plan: waves, ports, orphans, downtime, and the frame around them.
import type { PlanImage, PlanPort, PlanVerb, PlanVolume } from '../../../contract/index.ts';
import type { Project } from '../compose/project.ts';
import { toDowntime } from './downtime.ts';
import type { Draft } from './draft.ts';
import { toFingerprint } from './fingerprint.ts';
import { findStackMode } from './modes.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';
import { toWaves } from './waves.ts';

export interface PlanParts {
  readonly verb: PlanVerb;
  readonly project: Project | null;
  readonly observed: ObservedStack;
  readonly options: PlanOptions;
  readonly draft: Draft;
  readonly services: readonly string[];
  readonly images?: readonly PlanImage[];
  readonly volumes?: readonly PlanVolume[];
  readonly ports?: { readonly opened: readonly PlanPort[]; readonly closed: readonly PlanPort[] };
}

export function finishPlan(parts: PlanParts): PreparedPlan {
  const { verb, project, observed, options, draft } = parts;
  const steps = toWaves(draft.steps);
  const touched = new Set(steps.flatMap(({ resource, key }) => (resource === 'container' && key ? [key] : [])));
  const orphans = project ? findOrphans(project, observed, options) : [];
  return {
    plan: {
      schema: 'gatehouse.plan/1',
      verb,
      project: observed.project,
      mode: { from: findStackMode(observed), to: verb === 'down' ? null : (options.mode ?? null) },
      at: observed.at,
      fingerprint: toFingerprint(observed),
      steps,
      unchanged: parts.services.filter((name) => !touched.has(name)).sort(),
      images: [...(parts.images ?? [])],
      ports: { opened: [...(parts.ports?.opened ?? [])], closed: [...(parts.ports?.closed ?? [])] },
      volumes: [...(parts.volumes ?? [])],
      orphans: orphans.map(({ name, service }) => ({ container: name, service: service ?? '' })),
      downtime: toDowntime(project, draft.steps),
      warnings: draft.warnings,
      blockers: draft.blockers,
    },
    project,
    observed,
    options,
  };
}

/** Whoever observed: the same containers give the same plan. */
export function inOrder(observed: ObservedStack): ObservedStack {
  return { ...observed, containers: [...observed.containers].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Containers of services that the files do not have, and that are not merely behind a profile that is off. */
export function findOrphans(project: Project, observed: ObservedStack, { inactive }: PlanOptions) {
  return observed.containers.filter(
    ({ service, oneOff }) =>
      service !== null && !oneOff && !Object.hasOwn(project.services, service) && !inactive?.includes(service),
  );
}
