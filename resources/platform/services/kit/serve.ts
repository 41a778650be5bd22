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
  if (program.metricsHost !== undefined) return serveApart(service, program, message);
  const { application } = createAnswers(service, program, { metricsApart: false });
  const server = createHttpServer(application);
  const address = await listen(server, program, service.port);
  program.log('info', message, { address: `${address.host}:${address.port}`, faults: program.faultsAllowed });
  return { close: () => closeServer(server) };
}

async function serveApart(service: Service, program: Program, message: string): Promise<Running> {
  const answers = createAnswers(service, program, { metricsApart: true });
  const open = new Map<string, Server>();
  let seen = '';
  let monitoring: string[] = [];

  async function look(): Promise<Bindings | undefined> {
    const own = findOwnAddresses();
    if (own.join() === seen) return undefined;
    // Asked anew only when the addresses changed. A name server that fails must not put the application on the
    // monitoring network, so what was known stays known.
    monitoring = [...new Set([...(await findMonitoringAddresses(program.metricsHost ?? '')), ...monitoring])];
    const bindings = planBindings(own, monitoring);
    const wanted = new Map<string, { host: string; port: number; answer: RequestListener }>();
    for (const host of bindings.application) {
      wanted.set(`${host} ${service.port}`, { host, port: service.port, answer: answers.application });
    }
    for (const host of bindings.metrics) {
      wanted.set(`${host} ${METRICS_PORT}`, { host, port: METRICS_PORT, answer: answers.metrics });
    }
    for (const [key, server] of open) {
      if (wanted.has(key)) continue;
      open.delete(key);
      closeServer(server);
    }
    for (const [key, { host, port, answer }] of wanted) {
      if (open.has(key)) continue;
      const server = createHttpServer(answer);
      await openAddress(server, { host, port });
      open.set(key, server);
    }
    seen = own.join();
    return bindings;
  }

  const report = ({ application, metrics }: Bindings, text: string) => {
    const address = application.map((host) => `${host}:${service.port}`).join(' ');
    const metricsAddress = metrics.map((host) => `${host}:${METRICS_PORT}`).join(' ');
    program.log('info', text, { address, metrics: metricsAddress, faults: program.faultsAllowed });
  };
  const first = await look();
  if (first !== undefined && first.metrics.length === 0) {
    program.log('warn', `${program.metricsHost} is no address of this container; metrics are not served`);
  }
  if (first !== undefined) report(first, message);
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .then((changed) => changed && report(changed, 'addresses changed'))
      .catch((error: unknown) => program.log('error', 'an address could not be bound', { error: String(error) }))
      .finally(() => {
        looking = false;
      });
  }, LOOK_AGAIN_MS);
  return {
    close() {
      clearInterval(timer);
      for (const server of open.values()) closeServer(server);
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
