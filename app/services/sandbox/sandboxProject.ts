import type { Project, Service } from '../stack/compose/project.ts';

/**
 * A project as the sandbox runs it: what it publishes is on any free port of loopback, whatever port and address the files
 * name, for a sandbox must never collide with what runs on the machine, nor be reached from another one. Pure.
 */
export function toSandboxProject(project: Project): Project {
  const services = Object.entries(project.services).map(([name, service]) => [name, toSandboxService(service)]);
  return { ...project, services: Object.fromEntries(services) };
}

function toSandboxService(service: Service): Service {
  const { ports } = service;
  if (!ports) return service;
  const published = ports.map(({ published: _, ...port }) => ({ ...port, host_ip: '127.0.0.1' }));
  // Two ports of the files may have led to the same one of the container.
  const distinct = new Map(published.map((port) => [`${port.target}/${port.protocol ?? 'tcp'}`, port]));
  return { ...service, ports: [...distinct.values()] };
}
