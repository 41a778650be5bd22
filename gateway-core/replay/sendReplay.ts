// Sends a request to our own data port once more, as a client would, so that it passes every stage.
import { type IncomingMessage, request } from 'node:http';
import type { Core } from '../exchange/core.ts';
import { type HeaderList, isValidField } from '../headers/headerList.ts';
import { findConnectionListed, isHopByHop } from '../headers/hopByHop.ts';
import type { BindAddress } from '../resolve/ports.ts';
import { REPLAY_HEADER } from './replays.ts';

/** Longer than most routes wait; what takes longer goes on, and nobody here waits for it. */
const TIMEOUT_MS = 30_000;

export interface ReplayRequest {
  /** The exchange that it repeats. */
  readonly of: string;
  readonly method: string;
  /** As a client writes it, with its query. */
  readonly path: string;
  readonly headers: HeaderList;
  /** null: none. */
  readonly body: string | null;
}

export interface ReplayResult {
  /** Of the new exchange; null when it was not seen. */
  readonly id: string | null;
  readonly status: number;
  readonly responseBytes: number;
  readonly durationMs: number;
}

export type ReplayFailure = 'not-listening' | 'too-many' | 'unanswered';

/** Framing and the addresses of proxies are of this request, and not of the one that it repeats. */
const OURS = new Set([
  'content-length',
  'expect',
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'traceparent',
  'tracestate',
]);

/** Never rejects: why there is no answer is a word. */
export async function sendReplay(core: Core, replay: ReplayRequest): Promise<ReplayResult | ReplayFailure> {
  const { address } = core.live;
  if (!address) return 'not-listening';
  const mark = core.replays.issue(replay.of);
  if (!mark) return 'too-many';
  const startedMs = core.clock.monotonic();
  try {
    const answer = await send(address, replay, mark.value);
    let responseBytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) responseBytes += chunk.length;
    const durationMs = core.clock.monotonic() - startedMs;
    return { id: mark.exchangeId, status: answer.statusCode ?? 0, responseBytes, durationMs };
  } catch {
    return 'unanswered';
  } finally {
    mark.end();
  }
}

function send(address: BindAddress, replay: ReplayRequest, mark: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: toLoopback(address.host),
      port: address.port,
      method: replay.method,
      path: replay.path,
      headers: toReplayHeaders(replay, mark).flat(),
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    outgoing.on('error', reject).on('response', resolve);
    // A switch of protocols would hold the socket; the headers that ask for one are left out.
    outgoing.end(replay.body ?? undefined);
  });
}

/** What the gateway is bound to everywhere is reached on this machine. */
function toLoopback(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** The fields of the repeated request without what belonged to its connection, then our own. */
export function toReplayHeaders({ headers, body, method }: ReplayRequest, mark: string): [string, string][] {
  const listed = findConnectionListed(headers);
  const kept = headers.flatMap(([name, value]): [string, string][] => {
    const lower = name.toLowerCase();
    const isOurs = OURS.has(lower) || lower.startsWith('x-forwarded-') || lower.startsWith('x-gatehouse-');
    return isOurs || isHopByHop(lower) || listed?.has(lower) || !isValidField(name, value) ? [] : [[name, value]];
  });
  const length = body === null ? [] : [['content-length', String(Buffer.byteLength(body))] as [string, string]];
  // Without a Host no HTTP/1.1 request is one (RFC 9112, 3.2).
  const host = kept.some(([name]) => name.toLowerCase() === 'host') ? [] : [['host', 'localhost'] as [string, string]];
  const noBody = body === null && !['GET', 'HEAD', 'OPTIONS', 'TRACE', 'DELETE'].includes(method);
  const empty = noBody ? [['content-length', '0'] as [string, string]] : [];
  return [...kept, ...host, ...length, ...empty, ['connection', 'close'], [REPLAY_HEADER, mark]];
}
