import type { ComposeService } from '../stack/composeProject.ts';
import { failed } from './engineProcess.ts';

/** Names the services of a cycle, or nothing. Pure. */
export function findCycle(services: readonly ComposeService[]): string[] | undefined {
  const byName = new Map(services.map((service) => [service.name, service]));
  const done = new Set<string>();

  const walk = (name: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(name);
    if (at !== -1) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    for (const { service } of byName.get(name)?.dependsOn ?? []) {
      const cycle = walk(service, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };

  for (const { name } of services) {
    const cycle = walk(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Throws `sandbox-failed` that names the cycle: nothing of it could ever start. */
export function requireNoCycle(services: readonly ComposeService[]): void {
  const cycle = findCycle(services);
  if (cycle)
    throw failed(`its services wait for each other: ${cycle.join(' → ')}`, 'Remove one of these dependencies.');
}
