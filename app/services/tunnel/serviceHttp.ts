// One HTTP call of a service of the stack, bounded in time and bytes; what is read of its answer is the caller's.
import { type Agent, type IncomingMessage, request } from 'node:http';
import { GatehouseError, type Problem, type ProblemCode } from '../../contract/index.ts';
import { cleanText } from '../docker/logStream.ts';

export interface ServiceAddress {
  /** How it is called in messages. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
}

export interface ServiceCall {
  /** With its query. */
  readonly target: string;
  /** Sent by POST where there is one. */
  readonly form?: string;
}

export interface ServiceLimits {
  readonly timeoutMs: number;
  readonly answerBytes: number;
}

export interface ServiceCallOptions {
  readonly signal: AbortSignal;
  readonly limits: ServiceLimits;
  /** Of what does not answer. */
  readonly code: ProblemCode;
  /** What to ask in place of what has too long an answer. */
  readonly smaller: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly text: string;
}

/** Throws a problem of `code`, or `query-refused` where the answer is longer than the limit. */
export async function callService(
  address: ServiceAddress,
  call: ServiceCall,
  options: ServiceCallOptions,
): Promise<ServiceAnswer> {
  const { signal, limits } = options;
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  try {
    return await exchange(address, call, { ...options, signal: AbortSignal.any([signal, deadline]) });
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'query-refused') throw error;
    if (signal.aborted) throw new GatehouseError(cancelled, { cause: error });
    const why = deadline.aborted ? `no answer within ${limits.timeoutMs / 1000} s` : sayCause(error);
    throw new GatehouseError({
      code: options.code,
      message: `${address.name} cannot be asked at ${address.host}:${address.port}: ${why}.`,
      remedy: `Look at the log of ${address.name}; it is asked again by itself.`,
    });
  }
}

const cancelled: Problem = { code: 'cancelled', message: 'The question was taken back.', remedy: 'Ask again.' };

function exchange(
  { name, host, port, agent }: ServiceAddress,
  { target, form }: ServiceCall,
  { signal, limits, smaller }: ServiceCallOptions,
): Promise<ServiceAnswer> {
  const headers = {
    host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    accept: 'application/json',
    ...(form === undefined
      ? {}
      : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form) }),
  };
  const method = form === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, host, port, path: target, method, headers, signal });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      readText(incoming, limits.answerBytes, { name, smaller }).then(
        (text) => resolve({ status: incoming.statusCode ?? 0, text }),
        (error: unknown) => {
          outgoing.destroy();
          reject(error);
        },
      );
    });
    outgoing.end(form);
  });
}

async function readText(
  incoming: IncomingMessage,
  limitBytes: number,
  { name, smaller }: { name: string; smaller: string },
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) {
      throw new GatehouseError({
        code: 'query-refused',
        message: `The answer of ${name} has more than ${Math.floor(limitBytes / 1024)} kB.`,
        remedy: smaller,
      });
    }
    chunks.push(chunk);
  }
  // An answer that was cut off ends like a whole one where its length was not announced.
  if (!incoming.complete) throw new Error('the connection ended within the answer');
  return Buffer.concat(chunks).toString('utf8');
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

/** The object that a text of JSON holds; undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
