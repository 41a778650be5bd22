// Requests with `Upgrade: tcp`: Docker takes the connection over after the request's body, and speaks a stream on it.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { EngineError } from './engineError.ts';

const BODY_TIMEOUT_MS = 10_000;

/**
 * The body of a request whose connection Node has let go of: `head` and what follows on the socket. Bytes after the body
 * are put back, since they are the client's input. Throws EngineError 400, 408, 411 or 413.
 */
export async function readUpgradeBody(
  request: IncomingMessage,
  socket: Duplex,
  { head, limitBytes }: { head: Buffer; limitBytes: number },
): Promise<Buffer> {
  if (request.headers['transfer-encoding'] !== undefined) {
    throw new EngineError(411, 'sandbox: the body of an upgrade needs a Content-Length');
  }
  const length = Number(request.headers['content-length'] ?? 0);
  if (!Number.isSafeInteger(length) || length < 0) throw new EngineError(400, 'Content-Length is not a number');
  if (length > limitBytes) throw new EngineError(413, `the body is larger than ${limitBytes} bytes`);
  const bytes = await readAtLeast(socket, head, length);
  if (bytes.length > length) socket.unshift(bytes.subarray(length));
  return bytes.subarray(0, length);
}

function readAtLeast(socket: Duplex, head: Buffer, length: number): Promise<Buffer> {
  if (head.length >= length) return Promise.resolve(head);
  return new Promise((resolve, reject) => {
    const chunks = [head];
    let size = head.length;
    const finish = (error?: Error) => {
      clearTimeout(timer);
      socket.off('data', take).off('close', gone).off('end', gone).pause();
      if (error === undefined) resolve(Buffer.concat(chunks));
      else reject(error);
    };
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= length) finish();
    };
    const gone = () => finish(new EngineError(400, 'the body ends before its Content-Length'));
    const timer = setTimeout(() => finish(new EngineError(408, 'the body did not come in time')), BODY_TIMEOUT_MS);
    socket.on('data', take).once('close', gone).once('end', gone);
  });
}

/** An ordinary answer to a request that wanted an upgrade; the connection ends with it. */
export function createPlainResponse(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.on('error', () => {});
  // Its type asks for a net.Socket, of which it uses what every Duplex has.
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  response.once('finish', () => socket.end());
  return response;
}

export function writeUpgradeHead(socket: Duplex, headers: Record<string, string>): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 101 UPGRADED\r\n${lines.join('')}Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
}
