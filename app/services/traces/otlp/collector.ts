// A small collector: OTLP over HTTP as JSON, on loopback, into a ring of memory. What it does not take it refuses with the
// remedy, since the sender's log is where an operator will look.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GatehouseError, type TraceCollector } from '../../../contract/index.ts';
import { bodyLimitBytes, type Refusal, refuseExport, tooLarge } from './exportRequest.ts';
import { type OtlpSpans, readOtlpJson } from './otlpJson.ts';
import { createSpanRing, type RingLimits, ringLimits, type SpanRing } from './spanRing.ts';

export interface Collector {
  readonly ring: SpanRing;
  /** Called when spans have come. */
  onSpans(listener: () => void): () => void;
  describe(): TraceCollector;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
const bodiesAtOnce = 8;
const connectionLimit = 64;
const requestTimeoutMs = 10_000;
const inflate = promisify(gunzip);

/** Listens on loopback alone; port 0 takes any free one. Throws `bad-input` where the port is taken. */
export async function openCollector(port: number, limits: RingLimits = ringLimits): Promise<Collector> {
  const ring = createSpanRing(limits);
  const listeners = new Set<() => void>();
  let reading = 0;
  let refusedSpans = 0;

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refuseExport(toHead(request));
    if (refusal) return refuse(response, refusal);
    if (reading >= bodiesAtOnce) return refuse(response, busy);
    reading += 1;
    try {
      const read = await readSpans(request);
      if ('message' in read) return refuse(response, read);
      const refused = ring.add(read.spans) + read.unreadable;
      refusedSpans += refused;
      for (const tell of listeners) tell();
      accept(response, refused);
    } finally {
      reading -= 1;
    }
  };
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  server.maxConnections = connectionLimit;
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  await listen(server, port);
  const endpoint = `http://${loopback}:${(server.address() as AddressInfo).port}`;

  return {
    ring,
    onSpans(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    describe: () => ({ endpoint, ...ring.counts, capacityBytes: limits.bytes, refusedSpans }),
    async close() {
      listeners.clear();
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const busy: Refusal = { status: 503, message: 'Too many requests are being read at once; send it again.' };

function toHead({ method = '', url = '', headers }: IncomingMessage) {
  const length = headers['content-length'];
  return {
    method,
    path: url.split('?', 1)[0] ?? url,
    contentType: headers['content-type'] ?? '',
    contentEncoding: headers['content-encoding']?.trim().toLowerCase() ?? '',
    contentLength: length === undefined ? null : Number(length),
    isOfPage: headers.origin !== undefined || headers['sec-fetch-site'] !== undefined,
  };
}

async function readSpans(request: IncomingMessage): Promise<OtlpSpans | Refusal> {
  const body = await readBody(request);
  if (body === undefined) return tooLarge;
  let text = body;
  if (request.headers['content-encoding']?.trim().toLowerCase() === 'gzip') {
    try {
      text = await inflate(body, { maxOutputLength: bodyLimitBytes });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge;
      return { status: 400, message: 'The body is said to be gzip and is not.' };
    }
  }
  const spans = parse(text.toString('utf8'));
  return spans ?? { status: 400, message: 'The body is no ExportTraceServiceRequest in JSON: {"resourceSpans": […]}.' };
}

function parse(text: string): OtlpSpans | undefined {
  try {
    return readOtlpJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** OTLP, "Partial success": what was refused is counted, and is not to be sent again. */
function accept(response: ServerResponse, refused: number): void {
  const partialSuccess =
    refused === 0
      ? {}
      : { partialSuccess: { rejectedSpans: String(refused), errorMessage: 'no room, or not readable' } };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(partialSuccess));
}

/** A `google.rpc.Status`, as OTLP asks for; INVALID_ARGUMENT is 3, UNAVAILABLE 14. */
function refuse(response: ServerResponse, { status, message }: Refusal): void {
  const headers = {
    'content-type': 'application/json',
    // What is not read of the body would be taken for the next request.
    connection: 'close',
    ...(status === 405 ? { allow: 'POST' } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  };
  response.writeHead(status, headers).end(JSON.stringify({ code: status === 503 ? 14 : 3, message }));
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, loopback);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another program listens there' : (code ?? 'the system refuses it');
    throw new GatehouseError(
      {
        code: 'bad-input',
        message: `Port ${port} of ${loopback} cannot be listened on: ${why}.`,
        remedy: 'Choose another port, or 0 for any free one.',
      },
      { cause: error },
    );
  }
}
