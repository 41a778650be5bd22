// Which services a container depends on: from the files, or from the label that compose writes, where the files are gone.
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { toDependencies } from './dependencies.ts';
import type { ObservedStack } from './observedStack.ts';

/** Never a circle: labels are anybody's text, and a dependency that would close one is left out. */
export function toObservedDependencies(
  project: Project | null,
  observed: ObservedStack,
): (container: StackContainer) => readonly string[] {
  const graph = new Map<string, string[]>();
  for (const container of observed.containers) {
    const { service } = container;
    if (service === null || graph.has(service)) continue;
    const wanted =
      project && Object.hasOwn(project.services, service)
        ? toDependencies(project, service).map((one) => one.service)
        : parseLabel(container.labels['com.docker.compose.depends_on'] ?? '');
    graph.set(
      service,
      wanted.filter((other) => !reaches(graph, other, service)),
    );
  }
  return ({ service }) => (service === null ? [] : (graph.get(service) ?? []));
}

/** `db:service_healthy:false,cache:service_started:true` */
function parseLabel(text: string): string[] {
  return text.split(',').flatMap((one) => one.split(':')[0] || []);
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const visit = (name: string): boolean => {
    if (name === to) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return (graph.get(name) ?? []).some(visit);
  };
  return visit(from);
}
