// Facts of a service in words. Pure.
import type { Container, PublishedPort, Service } from '../../../app/contract/index.ts';

/** `8001 → 127.0.0.1:21010`, or `8001` where it is not published. */
export function toPortText({ containerPort, protocol, hostIp, hostPort }: PublishedPort): string {
  const inside = protocol === 'tcp' ? `${containerPort}` : `${containerPort}/${protocol}`;
  if (hostPort === null) return inside;
  const host = hostIp?.includes(':') ? `[${hostIp}]` : (hostIp ?? '');
  return `${inside} → ${host}${host ? ':' : ''}${hostPort}`;
}

/** For a narrow cell: published ports as `8001→21010`, the others alone. */
export function toShortPorts(ports: readonly PublishedPort[]): string {
  // Engines list a port once for IPv4 and once for IPv6.
  const texts = ports.map(({ containerPort, hostPort }) =>
    hostPort === null || hostPort === containerPort ? `${containerPort}` : `${containerPort}→${hostPort}`,
  );
  const unique = [...new Set(texts)];
  return unique.length > 2 ? `${unique.slice(0, 2).join(', ')} +${unique.length - 2}` : unique.join(', ');
}

/** Without the part that all names share: `ai_network` → `ai`. */
export function toShortNetwork(name: string): string {
  return name.replace(/[_-]network$/, '');
}

export function countRestarts({ containers }: Service): number {
  return containers.reduce((sum, { restarts }) => sum + restarts, 0);
}

/** Since when the service runs: its youngest running container; null when none runs. */
export function findRunningSince({ containers }: Service): number | null {
  const starts = containers.filter(({ state }) => state === 'running').map(({ startedAt }) => startedAt ?? 0);
  return starts.length === 0 ? null : Math.max(...starts);
}

export function toShortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** How the container ended, or null while it runs or never ran. */
export function toExitText({ state, exitCode, outOfMemory }: Container): string | null {
  if (state === 'running' || state === 'paused' || exitCode === null) return null;
  return outOfMemory ? `${exitCode}, out of memory` : `${exitCode}${exitCode > 128 ? `, ${toSignal(exitCode)}` : ''}`;
}

const signals: Record<number, string> = { 2: 'SIGINT', 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' };

/** 128 + n is how a shell and the engine say "ended by signal n". */
function toSignal(exitCode: number): string {
  return signals[exitCode - 128] ?? `signal ${exitCode - 128}`;
}
