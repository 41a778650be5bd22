// Opens a service's sockets: one where the platform is plain processes, and in a container that is told its monitoring
// alias, the application's port on every address but that one, and /metrics on that one alone.
import { createServer, type RequestListener, type Server } from 'node:http';
import { type Bindings, findMonitoringAddresses, findOwnAddresses, planBindings } from './bindings.ts';
import { createAnswers } from './httpServer.ts';
import { listen, METRICS_PORT, openAddress, type Program, type Running } from './program.ts';
import type { Service } from './routes.ts';

/** A container can be taken off a network and be put back with another address. */
const LOOK_AGAIN_MS = 2_000;

export async function serve(service: Service, program: Program, message = 'ready'): Promise<Running> {
  try {
    return await (program.metricsHost === undefined ? serveTogether : serveApart)(service, program, message);
  } catch (error) {
    // Its connections would keep a process alive that serves nobody.
    await service.close?.();
    throw error;
  }
}

async function serveTogether(service: Service, program: Program, message: string): Promise<Running> {
  const { application } = createAnswers(service, program, { metricsApart: false });
  const server = createHttpServer(application);
  const address = await listen(server, program, service.port);
  program.log('info', message, { address: `${address.host}:${address.port}`, faults: program.faultsAllowed });
  return {
    close() {
      closeServer(server);
      return service.close?.();
    },
  };
}

async function serveApart(service: Service, program: Program, message: string): Promise<Running> {
  const answers = createAnswers(service, program, { metricsApart: true });
  const sockets = createSockets();
  const findBindings = createBindingsFinder(program.metricsHost ?? '');

  async function follow(text: string): Promise<void> {
    const bindings = await findBindings();
    if (bindings === undefined) return;
    const { application, metrics } = bindings;
    if (metrics.length === 0) {
      program.log('warn', `${program.metricsHost} is no address of this container; metrics are not served`);
    }
    await sockets.open([
      ...application.map((host) => ({ host, port: service.port, answer: answers.application })),
      ...metrics.map((host) => ({ host, port: METRICS_PORT, answer: answers.metrics })),
    ]);
    program.log('info', text, {
      address: application.map((host) => `${host}:${service.port}`).join(' '),
      metrics: metrics.map((host) => `${host}:${METRICS_PORT}`).join(' '),
      faults: program.faultsAllowed,
    });
  }

  try {
    await follow(message);
  } catch (error) {
    // What is open already would keep a process alive that has failed.
    sockets.close();
    throw error;
  }
  const timer = setInterval(() => {
    follow('addresses changed').catch((error: unknown) => {
      program.log('error', 'an address could not be bound', { error: String(error) });
    });
  }, LOOK_AGAIN_MS);
  return {
    close() {
      clearInterval(timer);
      sockets.close();
      return service.close?.();
    },
  };
}

/** Answers the bindings when this container's addresses are others than at the last time, else undefined. */
function createBindingsFinder(metricsHost: string): () => Promise<Bindings | undefined> {
  let seen = '';
  let monitoring: string[] = [];
  return async () => {
    const own = findOwnAddresses();
    if (own.join() === seen) return undefined;
    seen = own.join();
    // A name server that fails must not put the application on the monitoring network: what was known stays known.
    monitoring = [...new Set([...(await findMonitoringAddresses(metricsHost)), ...monitoring])];
    return planBindings(own, monitoring);
  };
}

interface Socket {
  host: string;
  port: number;
  answer: RequestListener;
}

function createSockets() {
  const servers = new Map<string, Server>();
  return {
    /** Opens those that are not open, and closes those that are not named. */
    async open(wanted: readonly Socket[]): Promise<void> {
      const named = new Map(wanted.map((socket) => [`${socket.host} ${socket.port}`, socket]));
      for (const [key, server] of servers) {
        if (named.has(key)) continue;
        servers.delete(key);
        closeServer(server);
      }
      for (const [key, { host, port, answer }] of named) {
        if (servers.has(key)) continue;
        const server = createHttpServer(answer);
        await openAddress(server, { host, port });
        servers.set(key, server);
      }
    },
    close(): void {
      for (const server of servers.values()) closeServer(server);
    },
  };
}

function createHttpServer(answer: RequestListener): Server {
  const server = createServer(answer);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // Longer than the gateway's own keep-alive, so that the side that reuses connections is the side that closes them.
  server.keepAliveTimeout = 65_000;
  return server;
}

function closeServer(server: Server): void {
  server.close();
  server.closeIdleConnections();
}
