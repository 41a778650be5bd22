// One call of Prometheus's HTTP API: bounded in time and bytes, and every failure with what to do about it.
import { type Agent, type IncomingMessage, request } from 'node:http';
import { GatehouseError, type Problem } from '../../../contract/index.ts';
import { cleanText } from '../../docker/styledText.ts';

export interface PrometheusAddress {
  /** How it is called in messages. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
}

export interface PrometheusReply {
  readonly data: unknown;
  readonly warnings: string[];
}

export interface PrometheusCall {
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>;
  /** Queries may be longer than an address can be. */
  readonly isPost?: boolean;
}

export interface PrometheusLimits {
  readonly timeoutMs: number;
  readonly answerBytes: number;
}

export const prometheusLimits: PrometheusLimits = { timeoutMs: 15_000, answerBytes: 16 * 1024 * 1024 };

/** Throws `metrics-unreachable`, or `query-refused` where another question would be answered. */
export async function askPrometheus(
  address: PrometheusAddress,
  call: PrometheusCall,
  { signal, limits = prometheusLimits }: { signal: AbortSignal; limits?: PrometheusLimits },
): Promise<PrometheusReply> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  let answer: { status: number; text: string };
  try {
    answer = await exchange(address, call, { signal: AbortSignal.any([signal, deadline]), limits });
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'query-refused') throw error;
    if (signal.aborted) throw new GatehouseError(cancelled, { cause: error });
    throw toUnreachable(address, deadline.aborted ? `no answer within ${limits.timeoutMs / 1000} s` : sayCause(error));
  }
  return readReply(address, answer);
}

const cancelled: Problem = { code: 'cancelled', message: 'The question was taken back.', remedy: 'Ask again.' };

function exchange(
  { name, host, port, agent }: PrometheusAddress,
  { path, parameters = {}, isPost = false }: PrometheusCall,
  { signal, limits }: { signal: AbortSignal; limits: PrometheusLimits },
): Promise<{ status: number; text: string }> {
  const form = new URLSearchParams();
  for (const [key, values] of Object.entries(parameters)) for (const value of [values].flat()) form.append(key, value);
  const body = isPost ? form.toString() : '';
  const target = isPost || form.size === 0 ? path : `${path}?${form.toString()}`;
  const headers = {
    host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    accept: 'application/json',
    ...(isPost
      ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
      : {}),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, host, port, path: target, method: isPost ? 'POST' : 'GET', headers, signal });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      readText(incoming, limits.answerBytes, name).then(
        (text) => resolve({ status: incoming.statusCode ?? 0, text }),
        (error: unknown) => {
          outgoing.destroy();
          reject(error);
        },
      );
    });
    outgoing.end(body);
  });
}

async function readText(incoming: IncomingMessage, limitBytes: number, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) {
      throw new GatehouseError({
        code: 'query-refused',
        message: `The answer of ${name} has more than ${Math.floor(limitBytes / 1024)} kB.`,
        remedy: 'Ask for fewer series (sum by, topk), a shorter time or a longer step.',
      });
    }
    chunks.push(chunk);
  }
  // An answer that was cut off ends like a whole one where its length was not announced.
  if (!incoming.complete) throw new Error('the connection ended within the answer');
  return Buffer.concat(chunks).toString('utf8');
}

function readReply({ name }: PrometheusAddress, { status, text }: { status: number; text: string }): PrometheusReply {
  const body = parseObject(text);
  if (body?.status === 'success') return { data: body.data, warnings: readWarnings(body) };
  if (body?.status !== 'error') throw toForeign(name, status);
  const said = typeof body.error === 'string' ? cleanText(body.error.replaceAll('\n', ' ')).slice(0, 500) : '';
  throw new GatehouseError(toRefusal(name, String(body.errorType), said));
}

function toRefusal(name: string, type: string, said: string): Problem {
  const message = `${name} says: ${said || type.slice(0, 40)}.`.replace(/\.\.$/, '.');
  switch (type) {
    case 'bad_data':
      return { code: 'query-refused', message, remedy: 'Correct the query; the position is that of the mark.' };
    case 'execution':
      return { code: 'query-refused', message, remedy: 'Ask for fewer series, a shorter time or a longer step.' };
    case 'timeout':
    case 'canceled':
      return {
        code: 'query-refused',
        message,
        remedy: 'It took too long: ask for fewer series, a shorter time or a longer step.',
      };
    case 'unavailable':
      return { code: 'metrics-unreachable', message, remedy: 'It is starting or ending; it is asked again by itself.' };
    default:
      return { code: 'metrics-unreachable', message, remedy: `Look at the log of ${name}.` };
  }
}

/** What answers there speaks HTTP and is no Prometheus, or not for us. */
function toForeign(name: string, status: number): GatehouseError {
  const [why, remedy] =
    status === 401 || status === 403
      ? ['asks for credentials', 'The console has none: let it in without from its networks, or ask Grafana.']
      : status >= 300 && status < 400
        ? ['sends elsewhere', 'Serve its API at /api/v1, without a prefix of the path.']
        : ['is not the API of Prometheus', 'Look at what its container runs, and whether it has a prefix of the path.'];
  return new GatehouseError({
    code: 'metrics-unreachable',
    message: `What ${name} answers ${why} (status ${status}).`,
    remedy,
  });
}

function toUnreachable({ name, host, port }: PrometheusAddress, why: string): GatehouseError {
  return new GatehouseError({
    code: 'metrics-unreachable',
    message: `${name} cannot be asked at ${host}:${port}: ${why}.`,
    remedy: `Look at the log of ${name}; it is asked again by itself.`,
  });
}

function sayCause(error: unknown): string {
  const { code, message } = (error instanceof GatehouseError ? error.cause : error) as {
    code?: string;
    message?: string;
  };
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ECONNRESET') return 'the connection was cut';
  return cleanText(message ?? 'unknown reason').slice(0, 200);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readWarnings({ warnings, infos }: Record<string, unknown>): string[] {
  return [warnings, infos]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((text) => typeof text === 'string')
    .slice(0, 10)
    .map((text) => cleanText(text).slice(0, 300));
}
