// One request, of which the status, the header fields, the times and the certificate are read, and nothing else.
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { DetailedPeerCertificate, SecureContext, TLSSocket } from 'node:tls';
import type { ProbeTiming } from '../../../contract/index.ts';
import type { CertificateFact, HttpProbe } from '../facts/facts.ts';
import type { Place } from './edgeTarget.ts';
import { toCertificate } from './tlsProbe.ts';

const ANSWER_MS = 3000;
const FIELDS = 100;
const VALUE_LENGTH = 1000;
/** Names who asks in the edge's log. */
export const PROBE_AGENT = 'gatehouse-posture';

export interface HttpQuestion {
  readonly place: Place;
  readonly isSecure: boolean;
  readonly path: string;
  readonly limitMs?: number;
  /** Whom the request is for; `localhost` when not given. */
  readonly host?: string;
  readonly agentName?: string;
  /** The authorities against which the certificate is checked; without one it is not. */
  readonly authorities?: SecureContext | undefined;
}

export interface ShownCertificate extends CertificateFact {
  readonly subject: string;
  readonly fingerprint: string;
  /** Why the authorities do not vouch for it, as a code of OpenSSL; null when they do. */
  readonly chainProblem: string | null;
}

export interface Asked {
  readonly answer: HttpProbe;
  readonly timing: ProbeTiming;
  readonly protocol: string | null;
  readonly certificate: ShownCertificate | null;
}

/** Never rejects. */
export async function probeHttp(question: HttpQuestion, signal: AbortSignal): Promise<HttpProbe> {
  return (await askOnce(question, signal)).answer;
}

/** The same with its times and what TLS showed. Never rejects. */
export function askOnce(question: HttpQuestion, signal: AbortSignal): Promise<Asked> {
  const { isSecure, limitMs = ANSWER_MS } = question;
  const startedAt = performance.now();
  const moments: Moments = {};
  let shown: Pick<Asked, 'protocol' | 'certificate'> = { protocol: null, certificate: null };
  return new Promise((resolve) => {
    const finish = (answer: HttpProbe) =>
      resolve({ answer, timing: toTiming(moments, startedAt, performance.now()), ...shown });
    const send = isSecure ? httpsRequest : httpRequest;
    const asked = send(toOptions(question, AbortSignal.any([signal, AbortSignal.timeout(limitMs)])));
    takeMoments(asked, moments, (socket) => {
      shown = toShown(socket);
    });
    asked.once('response', (response) => {
      moments.answer = performance.now();
      finish({ state: 'answered', status: response.statusCode ?? 0, headers: toFields(response) });
      asked.destroy();
    });
    asked.on('error', (error: NodeJS.ErrnoException) => finish({ state: 'failed', why: toReason(error) }));
    asked.end();
  });
}

function toOptions({ place, isSecure, path, host, agentName, authorities }: HttpQuestion, signal: AbortSignal) {
  return {
    ...place,
    path,
    method: 'GET',
    agent: false as const,
    signal,
    headers: {
      host: host ?? 'localhost',
      'user-agent': agentName ?? PROBE_AGENT,
      accept: '*/*',
      connection: 'close',
    },
    // Whom the certificate is for is judged by a rule of its own.
    ...(isSecure ? { rejectUnauthorized: false, checkServerIdentity: () => undefined } : {}),
    ...(isSecure && host !== undefined && isIP(host) === 0 ? { servername: host } : {}),
    ...(authorities ? { secureContext: authorities } : {}),
  };
}

interface Moments {
  lookup?: number;
  connect?: number;
  secure?: number;
  answer?: number;
}

function takeMoments(asked: ClientRequest, moments: Moments, onSecure: (socket: TLSSocket) => void): void {
  asked.once('socket', (socket: Socket) => {
    socket.once('lookup', () => {
      moments.lookup = performance.now();
    });
    socket.once('connect', () => {
      moments.connect = performance.now();
    });
    socket.once('secureConnect', () => {
      moments.secure = performance.now();
      onSecure(socket as TLSSocket);
    });
  });
}

/** What never came to be took no time that could be told. */
function toTiming({ lookup, connect, secure, answer }: Moments, startedAt: number, endedAt: number): ProbeTiming {
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : to - from;
  return {
    dnsMs: between(startedAt, lookup),
    connectMs: between(lookup ?? startedAt, connect),
    tlsMs: between(connect, secure),
    firstByteMs: between(secure ?? connect, answer),
    totalMs: endedAt - startedAt,
  };
}

function toShown(socket: TLSSocket): Pick<Asked, 'protocol' | 'certificate'> {
  const shown = socket.getPeerCertificate(true) as DetailedPeerCertificate | Record<string, never>;
  const protocol = socket.getProtocol();
  if (!('valid_to' in shown)) return { protocol, certificate: null };
  const certificate = shown as DetailedPeerCertificate;
  const { CN, O } = certificate.subject ?? {};
  return {
    protocol,
    certificate: {
      ...toCertificate(certificate),
      subject: [CN ?? O ?? ''].flat().join(', ').slice(0, 200),
      fingerprint: certificate.fingerprint256,
      chainProblem: socket.authorized ? null : String(socket.authorizationError ?? 'not verified').slice(0, 100),
    },
  };
}

/** The first value of each field: that is the one which browsers heed (RFC 6797, section 8.1). */
function toFields({ rawHeaders }: IncomingMessage): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at < Math.min(rawHeaders.length, 2 * FIELDS); at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (!Object.hasOwn(fields, name)) fields[name] = (rawHeaders[at + 1] ?? '').slice(0, VALUE_LENGTH);
  }
  return fields;
}

function toReason({ code, name, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ECONNRESET') return 'it closed the connection';
  if (name === 'TimeoutError' || name === 'AbortError') return 'it did not answer in time';
  return (code ?? message).slice(0, 120);
}
