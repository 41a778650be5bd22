// hosts.json: the sandbox's name service. It maps `name:port` to the loopback address of the container that has it.
import { renameSync, writeFileSync } from 'node:fs';
import { type Container, listNames } from './containers/container.ts';
import { LOOPBACK } from './containers/ports.ts';

/**
 * Every container that was not removed is in it, the stopped ones too: their ports refuse at once, where a name that
 * is missing would be asked of this machine's DNS. Of two with the same name, a running one wins, then the older.
 */
export function toHosts(containers: readonly Container[]): Record<string, string> {
  const hosts: Record<string, string> = {};
  const rank = (container: Container) => (container.state.pid !== 0 ? 0 : 1);
  const ordered = containers.toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
  for (const container of ordered) {
    for (const name of listNames(container)) {
      for (const port of container.ports) hosts[`${name}:${port.containerPort}`] ??= `${LOOPBACK}:${port.hostPort}`;
    }
  }
  return hosts;
}

/** Written beside and renamed, so that a reader never sees half of it. */
export function writeHostsFile(path: string, containers: readonly Container[]): void {
  const next = `${path}.next`;
  writeFileSync(next, `${JSON.stringify(toHosts(containers), null, 1)}\n`, { mode: 0o600 });
  renameSync(next, path);
}
