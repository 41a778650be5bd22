// Where demo traffic may go, and whether it may be sent at all. Pure.
import type { EngineKind, Guard, Topology } from '../../contract/index.ts';

export interface DemoFacts {
  engineKind: EngineKind;
  mode: 'dev' | 'prod' | 'unknown';
  guard: Guard;
}

/** Why demo traffic cannot be sent here, as a sentence; null when it can. */
export function findDemoObstacle({ engineKind, mode, guard }: DemoFacts): string | null {
  if (guard === 'readOnly') return 'This host is read-only.';
  if (engineKind === 'sandbox') return null;
  if (mode !== 'dev') return `Demo traffic is for the sandbox and for dev; the mode here is ${mode}.`;
  if (guard === 'confirm') return 'The environment asks before each change; demo traffic is not for such a place.';
  if (guard !== 'open') return 'The environment is locked; unlock it first.';
  return null;
}

export interface DemoTarget {
  host: string;
  port: number;
}

/** The gateway's published data port; undefined when it publishes none. */
export function findDemoTarget(topology: Topology | undefined): DemoTarget | undefined {
  const gateway = topology?.services.find(({ kind }) => kind === 'gateway');
  const port = gateway?.ports.find(({ hostPort, protocol }) => protocol === 'tcp' && hostPort !== null);
  if (!port?.hostPort) return undefined;
  // Published on every address: loopback is one of them.
  const anywhere = port.hostIp === null || ['', '0.0.0.0', '::'].includes(port.hostIp);
  return { host: anywhere ? '127.0.0.1' : (port.hostIp ?? '127.0.0.1'), port: port.hostPort };
}
