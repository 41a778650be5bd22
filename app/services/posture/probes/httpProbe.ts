// One request, of which the status and the header fields are read and nothing else.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HttpProbe } from '../facts/facts.ts';
import type { Place } from './edgeTarget.ts';

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
}

/** Never rejects. */
export function probeHttp(question: HttpQuestion, signal: AbortSignal): Promise<HttpProbe> {
  const { place, isSecure, path, limitMs = ANSWER_MS } = question;
  return new Promise((resolve) => {
    const send = isSecure ? httpsRequest : httpRequest;
    const asked = send({
      ...place,
      path,
      method: 'GET',
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      headers: { host: 'localhost', 'user-agent': PROBE_AGENT, accept: '*/*', connection: 'close' },
      // Whom the certificate is for is judged by a rule of its own.
      ...(isSecure ? { rejectUnauthorized: false } : {}),
    });
    asked.once('response', (response) => {
      resolve({ state: 'answered', status: response.statusCode ?? 0, headers: toFields(response) });
      asked.destroy();
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve({ state: 'failed', why: toReason(error) }));
    asked.end();
  });
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
