// Takes the place of a product that does not run here: its ports are open and its health path answers, and every
// answer says that nothing real is behind it.
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp, type Server } from 'node:net';
import { listen, type Program, type Running } from '../kit/program.ts';
import { runNginx } from './nginx.ts';

interface Ports {
  /** Port → the path that answers 200; every other path answers 501. */
  http: Readonly<Record<number, string>>;
  tcp: readonly number[];
}

const PRODUCTS: Readonly<Record<string, Ports>> = {
  elasticsearch: { http: { 9200: '/_cluster/health' }, tcp: [9300] },
  qdrant: { http: { 6333: '/healthz' }, tcp: [6334] },
  prometheus: { http: { 9090: '/-/healthy' }, tcp: [] },
  grafana: { http: { 3000: '/api/health' }, tcp: [] },
  // Spans are taken in and thrown away: a collector that refuses them would only fill the gateway's log.
  jaeger: { http: { 16686: '/', 4318: '/v1/traces' }, tcp: [4317] },
  rabbitmq: { http: { 15672: '/' }, tcp: [5672] },
  postgres: { http: {}, tcp: [5432] },
  pgbouncer: { http: {}, tcp: [6432] },
  redis: { http: {}, tcp: [6379] },
  'postgres-exporter': { http: { 9187: '/' }, tcp: [] },
  redis_exporter: { http: { 9121: '/health' }, tcp: [] },
  'nginx-exporter': { http: { 9113: '/metrics' }, tcp: [] },
};

/** How long a TCP connection is held: long enough that a probe sees it open. */
const TCP_HOLD_MS = 200;

export function describeStandIn(product: string) {
  return { standIn: product, note: `This is a stand-in of the Gatehouse sandbox; no real ${product} runs here` };
}

export async function runStandIn(product: string, program: Program): Promise<Running> {
  if (product === 'nginx') return runNginx(program);
  const known = PRODUCTS[product] ?? { http: {}, tcp: [...(program.ports?.keys() ?? [])] };
  // With a map, only what is in it is opened: the container may expose fewer ports than the product has.
  const opened = (port: number) => program.ports === undefined || program.ports.has(port);
  const servers: Server[] = [];
  for (const [port, healthPath] of Object.entries(known.http)) {
    if (!opened(Number(port))) continue;
    const server = createHttpStandIn(product, healthPath);
    await listen(server, program, Number(port));
    servers.push(server);
  }
  for (const port of known.tcp.filter(opened)) {
    const server = createTcpStandIn();
    await listen(server, program, port);
    servers.push(server);
  }
  program.log('info', `stand-in for ${product}: ${describeStandIn(product).note}`, { stand_in: product });
  // Nothing to listen on (a product without known ports): the process stays, as its container would.
  const stay = setInterval(() => {}, 60_000);
  return {
    close() {
      clearInterval(stay);
      for (const server of servers) server.close();
    },
  };
}

function createHttpStandIn(product: string, healthPath: string): Server {
  return createHttp((request, response) => {
    request.resume();
    const healthy = new URL(request.url ?? '/', 'http://stand-in').pathname === healthPath;
    response.writeHead(healthy ? 200 : 501, { 'content-type': 'application/json', connection: 'close' });
    response.end(`${JSON.stringify(describeStandIn(product))}\n`);
  });
}

function createTcpStandIn(): Server {
  return createTcp((socket) => {
    socket.on('error', () => {});
    socket.resume();
    setTimeout(() => socket.destroy(), TCP_HOLD_MS);
  });
}
