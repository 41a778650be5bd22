// The Docker Engine API over a unix socket as it is on the wire, without a client library in between.
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read single fields of large answers.
  body: any;
}

export interface RequestOptions {
  body?: unknown;
  signal?: AbortSignal;
}

/** A Buffer as body is sent as it is, anything else as JSON. */
export function openRequest(
  socketPath: string,
  method: string,
  path: string,
  { body, signal }: RequestOptions = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const headers: Record<string, string> =
      body === undefined ? {} : { 'Content-Type': Buffer.isBuffer(body) ? 'application/x-tar' : 'application/json' };
    const options = { socketPath, method, path, agent: false as const, headers };
    const request = httpRequest(signal === undefined ? options : { ...options, signal }, resolve);
    request.once('error', reject);
    request.end(bytes);
  });
}

export async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, bytes, text, body: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Frame {
  /** 1 is stdout, 2 is stderr. */
  channel: number;
  text: string;
}

/** The payloads of a multiplexed stream. Throws when it breaks off in a frame, or is not framed at all. */
export function parseFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    const channel = bytes[at] ?? 0;
    if (![1, 2].includes(channel) || at + 8 + length > bytes.length) throw new Error(`no frame at byte ${at}`);
    frames.push({ channel, text: bytes.subarray(at + 8, at + 8 + length).toString('utf8') });
    at += 8 + length;
  }
  return frames;
}

/** What came on one channel, however it was cut into frames. */
export const textOf = (frames: readonly Frame[], channel: number) =>
  frames
    .filter((frame) => frame.channel === channel)
    .map(({ text }) => text)
    .join('');

/** The answer to a request with `Upgrade: tcp`: the first line, and what came on the connection after the headers. */
export interface Hijacked {
  statusLine: string;
  bytes: Buffer;
}

/** Sends `input` and its end after the engine's 101, then reads until the engine closes. */
export async function hijack(
  socketPath: string,
  path: string,
  { body, input = Buffer.alloc(0) }: { body?: unknown; input?: Buffer } = {},
): Promise<Hijacked> {
  const socket: Socket = connect({ path: socketPath, allowHalfOpen: true });
  const text = body === undefined ? '' : JSON.stringify(body);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  // Not even an empty write where there is nothing to send: an engine that has answered and gone would make it fail.
  if (input.length > 0) {
    // Docker's engine forgets what it has read with the request: up to 4 KiB of an input that comes too early.
    while (!Buffer.concat(chunks).includes('\r\n\r\n')) await once(socket, 'data');
    socket.write(input);
  }
  socket.end();
  await once(socket, 'end');
  socket.destroy();
  const all = Buffer.concat(chunks);
  const end = all.indexOf('\r\n\r\n');
  return { statusLine: all.subarray(0, all.indexOf('\r\n')).toString('latin1'), bytes: all.subarray(end + 4) };
}

/** A connection that is typed into while it is read. */
export async function openHijacked(socketPath: string, path: string, body: unknown) {
  const socket: Socket = connect({ path: socketPath, allowHalfOpen: true });
  const text = JSON.stringify(body);
  let said = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const ended = once(socket, 'end').then(() => socket.destroy());
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  return { text: () => said, type: (keys: string) => void socket.write(keys), ended };
}
