// The peers that are libraries, each as a program: `peers.ts NAME ORIGIN_PORT` prints the port that it listens on. Each is
// as bare as it gets, with connections to the origin kept open, which http-proxy does not do by itself; http-proxy-3-bare is
// what its README shows.
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import fastifyProxy from '@fastify/http-proxy';
import { fastify } from 'fastify';
import { type Dispatcher, Pool } from 'undici';

const [, , name = '', originPort = ''] = process.argv;
const target = `http://127.0.0.1:${originPort}`;

interface ProxyPackage {
  createProxyServer(options: { target: string; agent?: Agent }): {
    web(req: IncomingMessage, res: ServerResponse): void;
    on(event: 'error', listener: (error: Error) => void): void;
  };
}

/** http-proxy and http-proxy-3 have the same face; the old one has no types. */
async function startHttpProxy(packageName: string, agent?: Agent): Promise<Server> {
  const { createProxyServer } = createRequire(import.meta.url)(packageName) as ProxyPackage;
  const proxy = createProxyServer({ target, ...(agent ? { agent } : {}) });
  proxy.on('error', fail);
  return createServer((req, res) => proxy.web(req, res));
}

async function startFastify(): Promise<Server> {
  const app = fastify();
  await app.register(fastifyProxy, { upstream: target });
  await app.ready();
  return app.server;
}

/** Written with dispatch, undici's fastest interface; everything else of it is built on that. */
class Forward implements Dispatcher.DispatchHandler {
  private readonly res: ServerResponse;

  constructor(res: ServerResponse) {
    this.res = res;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    delete headers.connection;
    delete headers['keep-alive'];
    this.res.writeHead(status, headers as Record<string, string>);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.res.write(chunk)) return;
    controller.pause();
    this.res.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.res.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    fail(error);
  }
}

async function startUndici(): Promise<Server> {
  const pool = new Pool(target, { pipelining: 1 });
  return createServer((req, res) => {
    const { host, connection, ...headers } = req.headers;
    const body = req.headers['content-length'] || req.headers['transfer-encoding'] ? req : null;
    const method = req.method as Dispatcher.HttpMethod;
    pool.dispatch({ method, path: req.url ?? '/', headers, body }, new Forward(res));
  });
}

/** An origin that fails makes the whole measurement void. */
function fail(error: Error): never {
  throw error;
}

const starters: Record<string, () => Promise<Server>> = {
  'http-proxy': () => startHttpProxy('http-proxy-original', new Agent({ keepAlive: true })),
  'http-proxy-3': () => startHttpProxy('http-proxy', new Agent({ keepAlive: true })),
  'http-proxy-3-bare': () => startHttpProxy('http-proxy'),
  'fastify-http-proxy': startFastify,
  undici: startUndici,
};
const server = await starters[name]?.();
if (!server) throw new Error(`there is no peer "${name}"; there are ${Object.keys(starters).join(', ')}`);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
