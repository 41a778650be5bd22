// How things of a project are called on the engine, as compose calls them.
import type { Project, Service } from '../compose/project.ts';

export function getService(project: Project, name: string): Service {
  const service = project.services[name];
  if (!service) throw new Error(`the project has no service ${name}`);
  return service;
}

/** As compose names the image of a service that is only built. */
export function toImageReference(project: Project, service: string): string {
  return getService(project, service).image || `${project.name}-${service}`;
}

export function toContainerName(project: Project, service: string, replica: number): string {
  return getService(project, service).container_name || `${project.name}-${service}-${replica}`;
}

/** `deploy.replicas`, then `scale`, then one: the loader has made sure that the two agree. */
export function toReplicaCount(service: Service): number {
  return service.scale ?? service.deploy?.replicas ?? 1;
}

export function toNetworkName(project: Project, key: string): string {
  return project.networks?.[key]?.name ?? `${project.name}_${key}`;
}

export function toVolumeName(project: Project, key: string): string {
  return project.volumes?.[key]?.name ?? `${project.name}_${key}`;
}
