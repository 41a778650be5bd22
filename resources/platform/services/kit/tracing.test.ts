import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDialler } from './addresses.ts';
import { currentTrace, extract, inject, inSpan, startTracing, stopTracing } from './tracing.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${PARENT}-01`;

describe('headers', () => {
  test.each<[what: string, headers: Record<string, unknown>]>([
    ['as HTTP has them', { traceparent, tracestate: 'a=1', baggage: 'b=2' }],
    ['as a broker has them', { traceparent: Buffer.from(traceparent), tracestate: ['a=1'], baggage: 'b=2' }],
  ])('%s carry a trace', (_, headers) => {
    expect(extract(headers)).toEqual({ traceId: TRACE, spanId: PARENT, flags: 1, tracestate: 'a=1', baggage: 'b=2' });
  });

  test.each([
    ['nothing', undefined],
    ['another thing', 7],
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['more behind version 00', `${traceparent}-x`],
    ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', traceparent.toUpperCase()],
    ['a huge one', `01-${TRACE}-${PARENT}-01-${'x'.repeat(9_000)}`],
  ])('with %s begin none', (_, given) => {
    expect(extract({ traceparent: given })).toBeUndefined();
  });
});

describe('without a collector', () => {
  test('a trace is passed on as it came, through whatever is awaited', async () => {
    const headers = { traceparent, tracestate: 'a=1', baggage: 'b=2' };
    await inSpan('outer', { kind: 'server', parent: extract(headers) }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await inSpan('inner', {}, () => expect(inject()).toEqual(headers));
      expect(currentTrace()).toEqual({ traceId: TRACE, spanId: PARENT });
    });
    expect(currentTrace()).toBeUndefined();
    expect(inject()).toEqual({});
  });

  test('nothing begins by itself, and what work throws comes through', async () => {
    await expect(inSpan('alone', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await inSpan('alone', {}, () => inject())).toEqual({});
  });
});

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code: number };
  attributes: { key: string; value: { stringValue?: string } }[];
}

describe('with a collector', () => {
  const sent: SentSpan[] = [];
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      resourceSpans: { resource: unknown; scopeSpans: { spans: SentSpan[] }[] }[];
    };
    for (const { scopeSpans } of body.resourceSpans) for (const { spans } of scopeSpans) sent.push(...spans);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  beforeEach(async () => {
    sent.length = 0;
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const options = { service: 'search', dial: createDialler(undefined), log: () => {} };
    await startTracing({ ...options, endpoint: `http://127.0.0.1:${port}` });
  });
  afterEach(async () => {
    await stopTracing();
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
  });

  test('spans nest within the caller’s, and each process’s are children of the one that asked', async () => {
    const parent = extract({ traceparent, baggage: 'b=2' });
    let onwards: Record<string, string> = {};
    await inSpan('GET /query/', { kind: 'server', parent }, async () => {
      await inSpan('GET', { kind: 'client', attributes: { 'db.system.name': 'redis' } }, () => {
        onwards = inject();
      });
    });
    await stopTracing();
    const [client, server] = sent;
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, name: 'GET /query/', kind: 2 });
    expect(client).toMatchObject({ traceId: TRACE, parentSpanId: server?.spanId, kind: 3 });
    expect(client?.attributes).toContainEqual({ key: 'db.system.name', value: { stringValue: 'redis' } });
    expect(onwards).toEqual({ traceparent: `00-${TRACE}-${client?.spanId}-01`, baggage: 'b=2' });
  });

  test('what fails says so by its code', async () => {
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    await expect(inSpan('connect', {}, () => Promise.reject(refused))).rejects.toThrow('no');
    await stopTracing();
    expect(sent[0]).toMatchObject({ name: 'connect', status: { code: 2 } });
    expect(sent[0]?.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'ECONNREFUSED' } });
  });

  test('a caller that does not sample is not sampled, and its trace goes on all the same', async () => {
    const parent = extract({ traceparent: `00-${TRACE}-${PARENT}-00` });
    const headers = await inSpan('GET /', { kind: 'server', parent }, () => inject());
    await stopTracing();
    expect(sent).toEqual([]);
    expect(headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });
});
