import { createHash } from 'node:crypto';
import type { Framing } from './framing.ts';
import { findSingle, type HeaderList, hasHeader, valuesOf } from './headerList.ts';

type Body = Extract<Framing, { ok: true }>['body'];

/** Whether a request asks for a WebSocket. Other upgrades (h2c) are ignored, as RFC 9110, 7.8 allows. */
export function isWebSocketUpgrade(headers: HeaderList): boolean {
  return (
    valuesOf(headers, 'upgrade').some((value) => value.trim().toLowerCase() === 'websocket') &&
    valuesOf(headers, 'connection').some((value) => /(^|,)\s*upgrade\s*(,|$)/i.test(value))
  );
}

/**
 * Why an upgrade must not be forwarded, else undefined (RFC 6455, 4.2.1). An incomplete handshake is how a request is
 * smuggled past a proxy: the upstream answers it as plain HTTP while the proxy thinks that it speaks WebSocket.
 */
export function checkUpgrade(
  request: { method: string; httpVersion: string; headers: HeaderList },
  body: Body,
): string | undefined {
  // RFC 9110, 7.8: an Upgrade field with HTTP/1.0 has no meaning.
  if (request.httpVersion !== '1.1') return `its version is ${request.httpVersion}, not 1.1`;
  if (request.method !== 'GET') return `its method is ${request.method}, not GET`;
  if (body !== 'none' || hasHeader(request.headers, 'content-length')) return 'it has a body';
  const key = findSingle(request.headers, 'sec-websocket-key');
  if (key === undefined || !/^[A-Za-z0-9+/]{22}==$/.test(key)) return 'its Sec-WebSocket-Key is not 16 bytes in base64';
  if (findSingle(request.headers, 'sec-websocket-version') !== '13') return 'its Sec-WebSocket-Version is not 13';
  return undefined;
}

/** RFC 6455, 1.3. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Why a 101 is no WebSocket's, else undefined; the words end before `from`. Whoever speaks something else from here on
 * would have a connection to the client that nobody looks into.
 */
export function findUpgradeFault(headers: HeaderList, key: string): string | undefined {
  if (findSingle(headers, 'upgrade')?.trim().toLowerCase() !== 'websocket') return 'an upgrade that nobody asked for';
  const expected = createHash('sha1').update(`${key}${HANDSHAKE_GUID}`).digest('base64');
  return findSingle(headers, 'sec-websocket-accept')?.trim() === expected ? undefined : 'no answer to the handshake';
}
