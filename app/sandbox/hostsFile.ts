// hosts.json: the sandbox's name service. It maps `name:port` to the loopback address of the container that has it.
import { renameSync, writeFileSync } from 'node:fs';
import { type Container, listNames } from './containers/container.ts';
import { LOOPBACK } from './containers/ports.ts';

/** OTLP over HTTP. */
const OTLP_PORT = 4318;

/**
 * Every container that was not removed is in it, the stopped ones too: their ports refuse at once, where a name that
 * is missing would be asked of this machine's DNS. Of two with the same name, a running one wins, then the older.
 */
export function toHosts(containers: readonly Container[], spansTo?: string): Record<string, string> {
  const hosts: Record<string, string> = {};
  const rank = (container: Container) => (container.state.pid !== 0 ? 0 : 1);
  const ordered = containers.toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
  for (const container of ordered) {
    for (const name of listNames(container)) {
      // A real Jaeger listens there whether or not the file names the port; one that is stopped takes nothing.
      if (spansTo !== undefined && isJaeger(container) && container.state.pid !== 0)
        hosts[`${name}:${OTLP_PORT}`] ??= spansTo;
      for (const port of container.ports) hosts[`${name}:${port.containerPort}`] ??= `${LOOPBACK}:${port.hostPort}`;
    }
  }
  return hosts;
}

function isJaeger({ workload }: Container): boolean {
  return workload.kind === 'standIn' && workload.product === 'jaeger';
}

/** Written beside and renamed, so that a reader never sees half of it. */
export function writeHostsFile(path: string, containers: readonly Container[], spansTo?: string): void {
  const next = `${path}.next`;
  writeFileSync(next, `${JSON.stringify(toHosts(containers, spansTo), null, 1)}\n`, { mode: 0o600 });
  renameSync(next, path);
}
