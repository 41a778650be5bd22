// An upstream that takes bytes to the letter of RFC 9112 and forgives nothing: whatever the gateway lets through has to be
// one well-framed request, or it is a fault.
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface StrictRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The head as it came. */
  readonly head: string;
}

export interface StrictUpstream {
  readonly port: number;
  /** Whole requests, in the order of their ends. */
  readonly requests: StrictRequest[];
  /** What no request may be like. */
  readonly faults: string[];
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) (/[!-~]*) HTTP/1\\.1$`);
const FIELD_LINE = new RegExp(`^(${TOKEN}): ((?:[!-~\\x80-\\xff](?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)?)$`);
const FORBIDDEN = [
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'expect',
  'http2-settings',
];

interface Head {
  readonly request: Omit<StrictRequest, 'body'>;
  readonly framing: 'none' | 'chunked' | number;
}

function fail(reason: string): never {
  throw new Error(reason);
}

/** undefined: more bytes are needed. Throws what is wrong. */
function parseHead(bytes: Buffer, authority: string): { head: Head; size: number } | undefined {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = text.slice(0, end).split('\r\n');
  const [, method = '', target = ''] = REQUEST_LINE.exec(line) ?? fail(`request line ${JSON.stringify(line)}`);
  const headers = lines.map((field): [string, string] => {
    const [, name = '', value = ''] = FIELD_LINE.exec(field) ?? fail(`field ${JSON.stringify(field)}`);
    return [name.toLowerCase(), value];
  });
  const valuesOf = (name: string) => headers.filter(([other]) => other === name).map(([, value]) => value);
  if (valuesOf('host').join() !== authority) fail(`host ${JSON.stringify(valuesOf('host'))}`);
  for (const name of FORBIDDEN) if (valuesOf(name).length > 0) fail(`the field ${name}`);
  if (!['', 'keep-alive'].includes(valuesOf('connection').join())) fail(`connection ${valuesOf('connection')}`);
  return {
    head: { request: { method, target, headers, head: text.slice(0, end) }, framing: toFraming(valuesOf) },
    size: end + 4,
  };
}

function toFraming(valuesOf: (name: string) => string[]): Head['framing'] {
  const [lengths, encodings] = [valuesOf('content-length'), valuesOf('transfer-encoding')];
  if (lengths.length + encodings.length > 1) fail(`framing ${JSON.stringify([lengths, encodings])}`);
  if (encodings.length > 0) return encodings[0] === 'chunked' ? 'chunked' : fail(`transfer-encoding ${encodings[0]}`);
  if (lengths.length === 0) return 'none';
  return /^(0|[1-9]\d*)$/.test(lengths[0] ?? '') ? Number(lengths[0]) : fail(`content-length ${lengths[0]}`);
}

function parseBody(framing: Head['framing'], bytes: Buffer): { body: Buffer; size: number } | undefined {
  if (framing === 'none') return { body: Buffer.alloc(0), size: 0 };
  if (typeof framing === 'number')
    return bytes.length < framing ? undefined : { body: bytes.subarray(0, framing), size: framing };
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at, 'latin1');
    if (end < 0) return undefined;
    const line = bytes.toString('latin1', at, end);
    if (!/^(0|[1-9a-f][0-9a-f]*)$/i.test(line)) fail(`chunk size ${JSON.stringify(line)}`);
    const size = Number.parseInt(line, 16);
    if (bytes.length < end + 2 + size + 2) return undefined;
    if (bytes.toString('latin1', end + 2 + size, end + 4 + size) !== '\r\n') fail('a chunk that does not end');
    if (size === 0) return { body: Buffer.concat(chunks), size: end + 4 };
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 4 + size;
  }
}

/** Answers every whole request with 200 and `ok`. */
export async function startStrictUpstream(): Promise<StrictUpstream> {
  const requests: StrictRequest[] = [];
  const faults: string[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes: Buffer = Buffer.alloc(0);
    let head: Head | undefined;
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        if (!head) {
          const parsed = parseHead(bytes, `127.0.0.1:${port}`);
          if (!parsed) return;
          head = parsed.head;
          bytes = bytes.subarray(parsed.size);
        }
        const parsed = parseBody(head.framing, bytes);
        if (!parsed) return;
        if (bytes.length > parsed.size)
          fail(`bytes behind a request: ${JSON.stringify(bytes.subarray(parsed.size).toString('latin1'))}`);
        const { request } = head;
        requests.push({ ...request, body: Buffer.from(parsed.body) });
        bytes = Buffer.alloc(0);
        head = undefined;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${request.method === 'HEAD' ? '' : 'ok'}`);
      } catch (error) {
        faults.push(`${error instanceof Error ? error.message : error}`);
        socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, requests, faults };
}
