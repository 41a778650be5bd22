// What a client sends into a forwarded port, looked at where it is HTTP: a web page must not get through to a service by a
// name of its own that it has pointed at loopback (DNS rebinding), nor by requests across sites. Pure; bytes are passed as
// they came, or not at all.
import { createChunkCounter } from './chunkCounter.ts';
import { findFault, findHeadEnd, looksLikeRequest, parseHead, toFraming } from './httpHead.ts';

export interface GateResult {
  readonly pass: readonly Buffer[];
  /** Then nothing is passed any more: `answer` is for the client, whose connection ends with it. */
  readonly refusal: { readonly answer: Buffer; readonly reason: string } | null;
}

export interface HttpGate {
  push(chunk: Buffer): GateResult;
  /** The client has stopped in the middle of its first line, as no browser does: what is held is passed as it is. */
  release(): readonly Buffer[];
  /** Whether bytes are held until their first line is whole. */
  readonly isHolding: boolean;
  /** null until it is known. */
  readonly isHttp: boolean | null;
}

/** Servers take less: Node 16 KiB, nginx 32 KiB. */
const headLimitBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

/** Every request of a connection is looked at. `allowedHosts` are names besides those of loopback. */
export function createHttpGate(allowedHosts: readonly string[] = []): HttpGate {
  let state: 'first' | 'head' | 'body' | 'chunks' | 'raw' | 'refused' = 'first';
  let isHttp: boolean | null = null;
  let held: Buffer = nothing;
  let bodyLeft = 0;
  const chunks = createChunkCounter();

  const pass = (length: number): Buffer => {
    const part = held.subarray(0, length);
    held = held.subarray(length);
    return part;
  };
  const enterBody = (framing: number | 'chunks' | 'raw') => {
    bodyLeft = typeof framing === 'number' ? framing : 0;
    if (typeof framing !== 'number') state = framing;
    else state = framing > 0 ? 'body' : 'head';
  };

  /** What passes now; null: more has to come; a text: why nothing does. */
  const step = (): Buffer | null | string => {
    if (state === 'first') {
      const looks = looksLikeRequest(held);
      if (looks === 'maybe') return null;
      isHttp = looks === 'yes';
      state = isHttp ? 'head' : 'raw';
      return nothing;
    }
    if (state === 'head') {
      const end = findHeadEnd(held);
      if (end === -1) return held.length > headLimitBytes ? 'its head is too large' : null;
      const head = parseHead(held.toString('latin1', 0, end));
      const framing = head && toFraming(head);
      if (!head || framing === undefined) return 'its head can be read in several ways';
      const fault = findFault(head, allowedHosts);
      if (fault !== null) return fault;
      enterBody(framing);
      return pass(end);
    }
    if (state === 'body') {
      const part = pass(bodyLeft);
      bodyLeft -= part.length;
      if (bodyLeft === 0) state = 'head';
      return part;
    }
    if (state === 'chunks') {
      const used = chunks.take(held);
      if (!used) return 'its chunks are none';
      if (used.isEnd) state = 'head';
      return pass(used.length);
    }
    return pass(held.length);
  };

  return {
    push(chunk) {
      if (state === 'raw') return { pass: [chunk], refusal: null };
      if (state === 'refused') return { pass: [], refusal: null };
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const passed: Buffer[] = [];
      while (held.length > 0) {
        const part = step();
        if (part === null) break;
        if (typeof part === 'string') {
          state = 'refused';
          held = nothing;
          return { pass: passed, refusal: { answer: toAnswer(part), reason: part } };
        }
        if (part.length > 0) passed.push(part);
      }
      return { pass: passed, refusal: null };
    },
    release() {
      if (state !== 'first' || held.length === 0) return [];
      state = 'raw';
      isHttp = false;
      return [pass(held.length)];
    },
    get isHolding() {
      return state === 'first' && held.length > 0;
    },
    get isHttp() {
      return isHttp;
    },
  };
}

function toAnswer(reason: string): Buffer {
  const body = `Gatehouse did not pass this request on: ${reason}.\n`;
  // Text alone, whatever a browser would like to make of it: the reason quotes the request.
  const lines = [
    'HTTP/1.1 403 Forbidden',
    'Content-Type: text/plain; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
