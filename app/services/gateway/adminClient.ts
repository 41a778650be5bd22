// The admin API of one gateway process: HTTP to its unix socket, every answer checked against the contract.
import { Agent, type IncomingMessage, request } from 'node:http';
import { z } from 'zod';
import {
  type Breaker,
  breakerSchema,
  type Exchange,
  type ExchangeDetail,
  type ExplainInput,
  type Explanation,
  exchangeDetailSchema,
  exchangeSchema,
  explanationSchema,
  type GatewayStats,
  gatewayStatsSchema,
  type RouteTable,
  routeTableSchema,
} from '../../contract/index.ts';
import { createLineSplitter } from '../stream/lines.ts';

export interface TapStats {
  kept: number;
  bytes: number;
  capacityBytes: number;
}

export type TapEvent =
  | { type: 'exchange'; exchange: Exchange }
  | { type: 'lost'; count: number }
  | { type: 'heartbeat'; stats: TapStats };

/** One call of the admin API, for what has no verb of its own here. */
export interface AdminCall {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: { type: string; text: string };
  /** ETags, separated by commas. */
  ifMatch?: string;
  timeoutMs?: number;
}

export interface AdminClient {
  /** Whatever the answer is; rejects where there is none. */
  send(call: AdminCall): Promise<{ status: number; text: string }>;
  routes(): Promise<RouteTable>;
  breakers(): Promise<Breaker[]>;
  stats(): Promise<GatewayStats>;
  /** In Prometheus's text format. */
  metrics(): Promise<string>;
  explain(input: ExplainInput): Promise<Explanation>;
  /** The configuration in force with its defaults filled in, secrets masked; of whatever shape its version writes. */
  config(): Promise<unknown>;
  /** undefined when the gateway no longer keeps it. */
  exchange(id: string): Promise<ExchangeDetail | undefined>;
  /** Resolves when the stream has ended, in whatever way; rejects when it did not open. */
  tap(backfill: number, onEvent: (event: TapEvent) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

const answerTimeoutMs = 1500;
/** A tap sends a heartbeat every 2 s; three missed ones are a dead stream. */
const tapSilenceMs = 6500;
const answerLimitBytes = 8 * 1024 * 1024;
const tapLineLimitBytes = 256 * 1024;

const count = z.number();
const tapEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exchange'), exchange: exchangeSchema }),
  z.object({ type: z.literal('lost'), count }),
  z.object({ type: z.literal('heartbeat'), stats: z.object({ kept: count, bytes: count, capacityBytes: count }) }),
]);

/** Says `status` when the gateway answered, so that 404 can be told from no answer. */
class AdminRefusal extends Error {
  readonly status: number;
  constructor(path: string, status: number) {
    super(`the gateway answered ${status} to ${path}`);
    this.status = status;
  }
}

/** Where the calls go: a socket of this machine, or an agent whose connections lead to one elsewhere. */
export type AdminRoute = { socketPath: string } | { agent: Agent };

export function createAdminClient(route: AdminRoute): AdminClient {
  // A connection a call: an idle one that the gateway closes just as it is taken would look like a lost gateway.
  const { agent, socketPath } =
    'agent' in route
      ? { ...route, socketPath: undefined }
      : { ...route, agent: new Agent({ keepAlive: false, maxSockets: 8 }) };

  const open = ({ method = 'GET', path, body, ifMatch }: AdminCall, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        // The admin API answers to its own name only; a socket has no host and port.
        host: 'gateway',
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body ? { 'content-type': body.type, 'content-length': Buffer.byteLength(body.text) } : {}),
      };
      const outgoing = request({ agent, socketPath, method, path, headers, signal }, resolve);
      outgoing.on('error', reject);
      outgoing.end(body?.text);
    });

  const send = async (call: AdminCall) => {
    const answer = await open(call, AbortSignal.timeout(call.timeoutMs ?? answerTimeoutMs));
    return { status: answer.statusCode ?? 0, text: await readAll(answer) };
  };
  const read = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> => {
    const json = body === undefined ? {} : { body: { type: 'application/json', text: JSON.stringify(body) } };
    const { status, text } = await send({ method, path, ...json });
    if (status !== 200) throw new AdminRefusal(path, status);
    return text;
  };
  const ask = async <T>(schema: z.ZodType<T>, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> =>
    schema.parse(JSON.parse(await read(method, path, body)));

  return {
    send,
    routes: () => ask(routeTableSchema, 'GET', '/routes'),
    breakers: () => ask(z.array(breakerSchema), 'GET', '/breakers'),
    stats: () => ask(gatewayStatsSchema, 'GET', '/stats'),
    metrics: () => read('GET', '/v1/metrics'),
    config: async () => (await ask(z.object({ effective: z.unknown() }), 'GET', '/v1/config')).effective,
    explain: (input) => ask(explanationSchema, 'POST', '/explain', input),
    async exchange(id) {
      try {
        return await ask(exchangeDetailSchema, 'GET', `/exchanges/${encodeURIComponent(id)}`);
      } catch (error) {
        if (error instanceof AdminRefusal && error.status === 404) return undefined;
        throw error;
      }
    },
    async tap(backfill, onEvent, signal) {
      const answer = await open({ path: `/tap?backfill=${backfill}` }, signal);
      if (answer.statusCode !== 200) {
        answer.resume();
        throw new AdminRefusal('/tap', answer.statusCode ?? 0);
      }
      await readTap(answer, onEvent);
    },
    close: () => agent.destroy(),
  };
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > answerLimitBytes) throw new Error(`the gateway's answer has more than ${answerLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readTap(answer: IncomingMessage, onEvent: (event: TapEvent) => void): Promise<void> {
  const splitter = createLineSplitter(tapLineLimitBytes);
  return new Promise((resolve) => {
    const silence = setTimeout(() => answer.destroy(), tapSilenceMs);
    answer.on('data', (chunk: Buffer) => {
      silence.refresh();
      for (const line of splitter.push(chunk)) {
        const event = parseTapEvent(line.toString('utf8'));
        if (event) onEvent(event);
      }
    });
    answer.on('error', () => answer.destroy());
    answer.once('close', () => {
      clearTimeout(silence);
      resolve();
    });
  });
}

/** A line that is not understood counts as one lost event: it was one, and we cannot show it. */
export function parseTapEvent(line: string): TapEvent | undefined {
  if (line.trim() === '') return undefined;
  try {
    return tapEventSchema.safeParse(JSON.parse(line)).data ?? { type: 'lost', count: 1 };
  } catch {
    return { type: 'lost', count: 1 };
  }
}
