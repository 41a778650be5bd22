// A gateway in front of an upstream `many` with several replicas, reached at /many/*.
import { type RequestListener, request } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ExchangeDetail } from '../tap/exchangeRecord.ts';
import { startGateway, startUpstream, type TestGateway, type UpstreamServer } from './fixture.ts';

export interface CountingReplica extends UpstreamServer {
  /** `127.0.0.1:PORT`, the replica's id. */
  readonly id: string;
  /** Requests that it has seen. */
  requests: number;
}

export async function startReplica(listener: RequestListener, port = 0): Promise<CountingReplica> {
  const upstream = await startUpstream((req, res) => {
    replica.requests += 1;
    listener(req, res);
  }, port);
  const replica: CountingReplica = { ...upstream, id: `127.0.0.1:${upstream.port}`, requests: 0 };
  return replica;
}

interface ManyOptions {
  /** Ids, or with a weight as `127.0.0.1:80 3`. */
  readonly replicas: readonly string[];
  /** More keys of the upstream, in YAML's flow style: `retryBudget: { share: 1 }`. */
  readonly upstream?: string;
  /** More keys of the route, in YAML's flow style. */
  readonly route?: string;
}

/** The document's parts for startGateway. */
export function toMany({ replicas, upstream = '', route = '' }: ManyOptions) {
  const list = replicas.map((replica) => {
    const [id, weight = '1'] = replica.split(' ');
    return `{ url: "http://${id}", weight: ${weight} }`;
  });
  const more = (keys: string) => (keys === '' ? '' : `, ${keys}`);
  return {
    upstreamPort: 1,
    upstreams: `  many: { replicas: [${list.join(', ')}]${more(upstream)} }`,
    yaml: `  - { id: many, paths: [/many], upstream: many, rewrite: { prefix: / }${more(route)} }`,
  };
}

export function startMany(options: ManyOptions): Promise<TestGateway> {
  return startGateway(toMany(options));
}

export interface Got {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** One request on a connection of its own. */
export function ask(port: number, path: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    outgoing.on('error', reject).end(body);
  });
}

export interface ReplicaView {
  readonly id: string;
  readonly health: string;
  readonly breaker: string;
  readonly ejectedUntil: number | null;
  readonly drainedUntil: number | null;
  readonly inFlight: number;
  readonly requests: number;
}

export interface UpstreamView {
  readonly name: string;
  readonly inFlight: number;
  readonly queued: number;
  readonly inPanic: boolean;
  readonly totals: Record<string, number>;
  readonly replicas: ReplicaView[];
}

/** What the admin API says of `many`. */
export async function viewMany(gateway: TestGateway): Promise<UpstreamView> {
  const all = await gateway.admin<UpstreamView[]>('/upstreams');
  const many = all.find(({ name }) => name === 'many');
  if (!many) throw new Error('the admin API knows no upstream "many"');
  return many;
}

/** What the tap keeps of an answered exchange. */
export function detailOf(gateway: TestGateway, { headers }: Got): Promise<ExchangeDetail> {
  return gateway.admin<ExchangeDetail>(`/exchanges/${headers['x-request-id']}`);
}

/** Asks until an exchange took as many tries: which replica is asked first is left to chance. */
export async function askUntilTried(gateway: TestGateway, count: number, options: AskOptions = {}) {
  for (;;) {
    const got = await ask(gateway.port, '/many', options);
    const detail = await detailOf(gateway, got);
    if (detail.tries.length === count) return { got, detail };
  }
}

/** A port that refuses connections. */
export async function findClosedPort(): Promise<string> {
  const { port, stop } = await startUpstream((_req, res) => res.end());
  await stop();
  return `127.0.0.1:${port}`;
}

/** A server of bytes; told each time that something came. */
export async function startBytes(onData: (socket: Socket, text: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => onData(socket, chunk.toString('latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}
