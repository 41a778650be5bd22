// What a client sends into a forwarded port, looked at where it is HTTP: a web page must not get through to a service by a
// name of its own that it has pointed at loopback (DNS rebinding), nor by requests across sites. Pure; bytes are passed as
// they came, or not at all.
import { createChunkCounter } from './chunkCounter.ts';
import { findFault, findHeadEnd, looksLikeRequest, parseHead, toFraming } from './httpHead.ts';

export interface GateResult {
  readonly pass: Buffer;
  /** Then nothing is passed any more: `answer` is for the client, whose connection ends with it. */
  readonly refusal: { readonly answer: Buffer; readonly reason: string } | null;
}

export interface HttpGate {
  push(chunk: Buffer): GateResult;
  /** The client has stopped in the middle of its first line, as no browser does: what is held is passed as it is. */
  release(): Buffer;
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

  const enterBody = (framing: number | 'chunks' | 'raw') => {
    bodyLeft = typeof framing === 'number' ? framing : 0;
    if (typeof framing !== 'number') state = framing;
    else state = framing > 0 ? 'body' : 'head';
  };
  /** How many of these bytes may pass; null: more have to come; a text: why none do. */
  const step = (bytes: Buffer): number | null | string => {
    if (state === 'first') {
      const looks = looksLikeRequest(bytes);
      if (looks === 'maybe') return null;
      isHttp = looks === 'yes';
      state = isHttp ? 'head' : 'raw';
      return 0;
    }
    if (state === 'head') {
      const end = findHeadEnd(bytes);
      if (end === -1) return bytes.length > headLimitBytes ? 'its head is too large' : null;
      const head = parseHead(bytes.toString('latin1', 0, end));
      const framing = head && toFraming(head);
      if (!head || framing === undefined) return 'its head can be read in several ways';
      const fault = findFault(head, allowedHosts);
      if (fault !== null) return fault;
      enterBody(framing);
      return end;
    }
    if (state === 'body') {
      const length = Math.min(bodyLeft, bytes.length);
      bodyLeft -= length;
      if (bodyLeft === 0) state = 'head';
      return length;
    }
    if (state === 'chunks') {
      const used = chunks.take(bytes);
      if (!used) return 'its chunks are none';
      if (used.isEnd) state = 'head';
      return used.length;
    }
    return bytes.length;
  };

  return {
    push(chunk) {
      if (state === 'refused') return { pass: nothing, refusal: null };
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let at = 0;
      while (at < bytes.length) {
        const used = step(bytes.subarray(at));
        if (used === null) break;
        if (typeof used === 'string') {
          state = 'refused';
          held = nothing;
          return { pass: bytes.subarray(0, at), refusal: { answer: toAnswer(used), reason: used } };
        }
        at += used;
      }
      held = bytes.subarray(at);
      return { pass: bytes.subarray(0, at), refusal: null };
    },
    release() {
      const bytes = state === 'first' ? held : nothing;
      if (bytes.length === 0) return nothing;
      state = 'raw';
      isHttp = false;
      held = nothing;
      return bytes;
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
