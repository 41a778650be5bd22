// What every role is given, and how a role's sockets are opened and closed.
import type { AddressInfo, Server } from 'node:net';
import { type Address, createDialler, type Dial, findListenAddress, type PortMap, parsePortMap } from './addresses.ts';
import { type Callers, createCallers } from './callers.ts';
import type { Environment } from './environment.ts';
import { createLog, type Log, parseLogLevel } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';

export interface Program {
  log: Log;
  /** What a role is told beyond what is here; secrets by `findSecret`. */
  environment: Environment;
  /** `metrics.registry` is for a role's own. */
  metrics: Metrics;
  callers: Callers;
  dial: Dial;
  ports: PortMap | undefined;
  faultsAllowed: boolean;
  /** This container's alias on the monitoring network; undefined: /metrics is on the application's own port. */
  metricsHost: string | undefined;
}

/** Where /metrics is when it is apart: one port for all services, so that one line of prometheus.yml fits each. */
export const METRICS_PORT = 9464;

/** A running role. `close` lets go of what it holds; the process then ends by itself. */
export interface Running {
  close(): void | Promise<void>;
}

export function createProgram(name: string, environment: Environment): Program {
  const ports = parsePortMap(environment.GATEHOUSE_PORTS);
  const metrics = createMetrics(name);
  return {
    log: createLog(name, parseLogLevel(environment.LOG_LEVEL)),
    environment,
    metrics,
    callers: createCallers(environment, metrics),
    dial: createDialler(environment.GATEHOUSE_HOSTS_FILE),
    ports,
    faultsAllowed: environment.GATEHOUSE_FAULTS === '1',
    // A plain process has no networks to keep apart.
    metricsHost: ports === undefined ? environment.GATEHOUSE_METRICS_HOST || undefined : undefined,
  };
}

/** Binds the container port `port`, and says what was bound. Rejects with the address when it cannot be bound. */
export function listen(server: Server, program: Program, port: number): Promise<Address> {
  return openAddress(server, findListenAddress(program.ports, port));
}

export function openAddress(server: Server, address: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`cannot listen on ${address.host}:${address.port}: ${error.message}`));
    });
    server.listen(address.port, address.host, () => {
      // A pipe has a path instead; a TCP listener always has an AddressInfo.
      const bound = server.address() as AddressInfo;
      resolve({ host: bound.address, port: bound.port });
    });
  });
}
