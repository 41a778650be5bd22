import type { Service } from '../../contract/index.ts';

const isInTrouble = (service: Service) => service.level === 'down' || service.level === 'degraded';

/** Services that are down come before those that are degraded; else in the given order. */
function worstFirst(services: readonly Service[]): Service[] {
  return services.toSorted((a, b) => Number(b.level === 'down') - Number(a.level === 'down'));
}

/**
 * Follows depends_on from a service to the deepest one in trouble: what is broken below explains what is broken above.
 * undefined when neither the service nor anything below it is in trouble. A cycle ends the walk.
 */
export function findFirstCause(name: string, services: readonly Service[]): Service | undefined {
  const byName = new Map(services.map((service) => [service.name, service]));
  const visited = new Set<string>();

  const walk = (service: Service): Service | undefined => {
    if (visited.has(service.name)) return undefined;
    visited.add(service.name);
    const below = service.dependsOn.flatMap((dependency) => byName.get(dependency.service) ?? []);
    for (const dependency of worstFirst(below)) {
      const cause = walk(dependency);
      if (cause) return cause;
    }
    return isInTrouble(service) ? service : undefined;
  };

  const start = byName.get(name);
  return start && walk(start);
}

/** Names of the services that need this one, directly or through others. */
export function findDependents(name: string, services: readonly Service[]): string[] {
  const found = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const service of services) {
      if (found.has(service.name) || service.name === name) continue;
      if (service.dependsOn.some((dependency) => dependency.service === next)) {
        found.add(service.name);
        queue.push(service.name);
      }
    }
  }
  return [...found].sort();
}
