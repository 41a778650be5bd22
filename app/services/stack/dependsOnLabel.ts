// Dependencies of a service as the console shows them: from the compose file, and from the label that compose writes.
import type { Service as ShownService } from '../../contract/index.ts';
import type { DependencyCondition, Service } from './compose/project.ts';

type Shown = ShownService['dependsOn'];

const conditions: Readonly<Record<string, Shown[number]['condition']>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} satisfies Record<DependencyCondition, Shown[number]['condition']>;

export function toShownDependencies({ depends_on = {} }: Service): Shown {
  return Object.entries(depends_on).map(([service, { condition }]) => ({
    service,
    condition: conditions[condition] ?? 'started',
  }));
}

/** `db:service_healthy:false,cache:service_started:false`. Untrusted text. */
export function parseDependsOnLabel(label: string): Shown {
  return label
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [service = '', written = ''] = part.split(':');
      return { service, condition: (Object.hasOwn(conditions, written) && conditions[written]) || 'started' };
    });
}

/** Services whose end another container of these waits for, by the labels of compose: jobs, which may be over. */
export function findAwaitedByLabels(
  containers: readonly { readonly labels: Readonly<Record<string, string>> }[],
): Set<string> {
  const needed = containers.flatMap(({ labels }) => parseDependsOnLabel(labels['com.docker.compose.depends_on'] ?? ''));
  return new Set(needed.flatMap(({ service, condition }) => (condition === 'completed' ? [service] : [])));
}
